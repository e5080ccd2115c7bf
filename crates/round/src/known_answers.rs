//! The known answers in `vectors/round` that only the inside of this crate can compute: one fact or one
//! fault a file. Whole runs, messages and logs are compared from outside, in `tests/it`.

#[path = "../tests/it/known_answers/files.rs"]
mod files;
mod keys;
mod sealed;

use serde_json::Value;
use tls_codec::VLByteSlice;

use crate::field::{Fe, Residue};
use crate::hash::{Hash, hash};
use crate::polynomial::Monic;
use crate::roots::newton;
use crate::roster::{Member, Roster, roster_hash};
use crate::terms::{Start, Terms, ctx0};
use crate::text::{Payload, normalise};
use crate::transcript;
use files::{File, array, bytes, file, folder, number};

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn word(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

fn element(value: &Value) -> Fe {
    Fe::new(word(value)).unwrap()
}

fn elements(value: &Value) -> Vec<Fe> {
    list(value).iter().map(element).collect()
}

fn fact(path: &str) -> Value {
    file(path).content
}

#[test]
fn the_field_computes_as_known() {
    type Binary = fn(Fe, Fe) -> Fe;
    let operations: [(&str, Binary); 3] = [
        ("field/sum.json", |a, b| a + b),
        ("field/difference.json", |a, b| a - b),
        ("field/product.json", |a, b| a * b),
    ];
    for (path, operation) in operations {
        for case in list(&fact(path)["cases"]) {
            let found = operation(element(&case["a"]), element(&case["b"]));
            assert_eq!(found, element(&case["gives"]), "{path}");
        }
    }
    for case in list(&fact("field/inverse.json")["cases"]) {
        assert_eq!(element(&case["a"]).invert(), element(&case["gives"]));
    }
    for case in list(&fact("field/reduction.json")["cases"]) {
        let wide: u128 = case["wide"].as_str().unwrap().parse().unwrap();
        assert_eq!(Fe::reduce_wide(wide), element(&case["gives"]));
    }
    for value in list(&fact("field/not_canonical.json")["values"]) {
        assert_eq!(Fe::new(word(value)), None);
    }
    assert_eq!(folder("field").len(), 6);
}

#[test]
fn power_sums_give_these_polynomials() {
    for File { path, content } in folder("newton") {
        let expected = Monic::new(elements(&content["polynomial"]));
        assert_eq!(newton(&elements(&content["sums"])), expected, "{path}");
    }
    let none: [Residue<5>; 0] = [];
    assert_eq!(newton(&none), Monic::new(Vec::new()));
}

fn members(content: &Value) -> Vec<Member> {
    let member = |m: &Value| Member {
        leaf: number(&m["leaf"]),
        signature_key: bytes(&m["signature_key"]),
    };
    list(&content["members"]).iter().map(member).collect()
}

#[test]
fn contexts_rosters_and_ids_are_as_known() {
    let start = fact("context/ctx0.json");
    let found = ctx0(&Start {
        group: bytes(&start["group"]),
        epoch: number(&start["epoch"]),
        authenticator: bytes(&start["authenticator"]),
        round: bytes(&start["round_id"]),
        open: array(&start["open_hash"]),
        index: number(&start["index"]),
        head: array(&start["head"]),
        suite: number(&start["suite"]),
    });
    assert_eq!(found, array(&start["ctx0"]));
    let roster = fact("context/roster.json");
    assert_eq!(
        roster_hash(&members(&roster)),
        array(&roster["roster_hash"])
    );
    let runs = folder("context")
        .into_iter()
        .filter(|file| file.path.contains("run"));
    let mut read = 0;
    for File { path, content } in runs {
        read += 1;
        let terms = Terms {
            ctx0: array(&content["ctx0"]),
            side: content["side"]
                .as_u64()
                .map(|side| u16::try_from(side).unwrap()),
            lanes: 1,
            slot_bytes: 64,
            phase_ms: 3000,
            opening: members(&content),
            floor: 2,
        };
        let settled = array(&content["settled"]);
        let ctx =
            transcript::run_context(&terms, number(&content["run"]), &terms.opening, &settled);
        assert_eq!(ctx, array(&content["ctx_r"]), "{path}");
        let placed = Roster::place(&ctx, &terms.opening);
        let found: Vec<(u32, Hash)> = placed
            .indices()
            .map(|index| (placed.leaf(index).unwrap(), *placed.id(index).unwrap()))
            .collect();
        let order = list(&content["order"]).iter();
        let expected: Vec<(u32, Hash)> = order
            .map(|member| (number(&member["leaf"]), array(&member["id"])))
            .collect();
        assert_eq!(found, expected, "{path}");
    }
    assert_eq!((read, folder("context").len()), (3, 5));
}

fn hashed(messages: &Value) -> Vec<Hash> {
    let each = list(messages).iter().map(bytes);
    // As a message hashes itself, but over any bytes.
    each.map(|message| hash("message", &VLByteSlice(&message)))
        .collect()
}

#[test]
fn transcripts_are_as_known() {
    let messages = fact("transcript/messages.json");
    let hashes: Vec<Hash> = list(&messages["hashes"]).iter().map(array).collect();
    assert_eq!(hashed(&messages["messages"]), hashes);
    for name in ["t1", "t2", "t3"] {
        let t = fact(&format!("transcript/{name}.json"));
        let found = transcript::messages(name, &array(&t["before"]), &hashed(&t["messages"]));
        assert_eq!(found, array(&t["value"]), "{name}");
    }
    let t4 = fact("transcript/t4.json");
    let found = transcript::combined(&array(&t4["t3"]), &bytes(&t4["combined"]));
    assert_eq!(found, array(&t4["value"]));
    let evidence = fact("transcript/evidence.json");
    let vectors: Vec<Vec<u8>> = list(&evidence["vectors"]).iter().map(bytes).collect();
    let each = vectors.iter().map(Vec::as_slice);
    assert_eq!(
        transcript::vectors(&array(&evidence["t3"]), each),
        array(&evidence["value"])
    );
    assert_eq!(folder("transcript").len(), 6);
}

#[test]
fn texts_have_these_forms() {
    for File { path, content } in folder("text") {
        for case in list(&content["cases"]) {
            let text = case["text"].as_str().unwrap();
            if path.contains("plain") {
                let found = Payload::text(text, number(&content["slot_bytes"])).ok();
                let found = found.map(|payload| payload.plain().to_vec());
                let expected = case["plain"].as_str().map(|_| bytes(&case["plain"]));
                assert_eq!(found, expected, "{path}: {text:?}");
            } else {
                assert_eq!(normalise(text), case["gives"], "{path}: {text:?}");
            }
        }
    }
}
