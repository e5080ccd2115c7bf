//! The known answers in `vectors/round`, made from PROTOCOL.md by other code. What only the inside of
//! this crate can compute is compared beside the source, in `known_answers.rs`.

mod encodings;
mod files;
mod findings;
mod logs;
mod members;
mod states;

use std::collections::BTreeSet;

use round::{Fe, solve};
use serde_json::Value;
use sha2::{Digest, Sha256};
use x_wing::{Decapsulate, DecapsulationKey, Decapsulator, KeyExport};

use files::{File, array, bytes, folder, hex};

/// Where each folder is read.
const HERE: [&str; 8] = [
    "blame", "check", "kem", "lane", "message", "run", "state", "terms",
];
const BESIDE_THE_SOURCE: [&str; 9] = [
    "context", "field", "kem", "newton", "pad", "pop", "seal", "tag", "text",
];
const ALSO: [&str; 1] = ["transcript"];

/// The folders that hold files.
fn folders() -> Vec<String> {
    let entries = std::fs::read_dir(files::root())
        .unwrap()
        .map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().unwrap());
    // Code that makes the files, not files.
    names
        .filter(|name| !["made", "second", "__pycache__"].contains(&name.as_str()))
        .collect()
}

#[test]
fn every_folder_is_read_by_some_test() {
    let read: BTreeSet<&str> = [&HERE[..], &BESIDE_THE_SOURCE, &ALSO]
        .concat()
        .into_iter()
        .collect();
    let there: BTreeSet<String> = folders().into_iter().collect();
    assert_eq!(there, read.into_iter().map(String::from).collect());
    for name in there {
        assert!(!folder(&name).is_empty(), "{name}");
    }
}

#[test]
fn power_sums_have_these_roots() {
    for File { path, content } in folder("lane") {
        let numbers = |key: &str| -> Option<Vec<Fe>> {
            let number = |v: &Value| Fe::new(v.as_str().unwrap().parse().unwrap()).unwrap();
            Some(content[key].as_array()?.iter().map(number).collect())
        };
        let found = solve(&numbers("sums").unwrap(), |n| {
            Fe::reduce(u64::from(n) * 7 + 1)
        });
        assert_eq!(found, numbers("roots"), "{path}");
    }
}

#[test]
fn x_wing_behaves_as_its_draft_says() {
    let drafts = folder("kem")
        .into_iter()
        .filter(|file| file.path.contains("x_wing"));
    let mut read = 0;
    for File { path, content } in drafts {
        read += 1;
        let key = DecapsulationKey::from(array::<32>(&content["seed"]));
        let digest = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        let ek = key.encapsulation_key().to_bytes();
        assert_eq!(digest(&ek), content["ek_sha256"], "{path}");
        let randomness = array::<64>(&content["randomness"]);
        let (ct, secret) = key
            .encapsulation_key()
            .encapsulate_deterministic(&randomness.into());
        assert_eq!(digest(&ct), content["ct_sha256"], "{path}");
        assert_eq!(secret.to_vec(), bytes(&content["secret"]), "{path}");
        assert_eq!(key.decapsulate(&ct), secret);
    }
    assert_eq!(read, 3);
}
