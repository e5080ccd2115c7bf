//! What follows from a root, what two members share, and the proof that somebody knows an x.

use curve25519_dalek::scalar::Scalar;
use serde_json::{Value, json};
use tls_codec::VLBytes;

use super::files::{File, array, bytes, folder, number};
use super::{elements, fact, list, word};
use crate::hash::extract;
use crate::kem::{Root, decapsulate, ek_bytes, first_element, read_ek, targets};
use crate::pads::PairKey;
use crate::pop::{Claim, Pop};
use crate::roster::MemberIndex;

#[test]
fn tags_are_as_known() {
    let derived = fact("tag/derived.json");
    let root = Root::revealed(array(&derived["root"]), array(&derived["id"]));
    for case in list(&derived["cases"]) {
        let tag = root.tag(&array(&derived["t1"]), number(&case["lane"]));
        assert_eq!(tag.value(), word(&case["tag"]));
    }
    let all = folder("tag")
        .into_iter()
        .map(|file| (file.path, file.content));
    let of_words = all.filter(|(path, _)| path.contains("words"));
    let mut read = 0;
    for (path, content) in of_words {
        read += 1;
        let tag = first_element(&array(&content["words"]));
        assert_eq!(tag.value(), word(&content["tag"]), "{path}");
    }
    assert_eq!((read, folder("tag").len()), (3, 4));
}

#[test]
fn keys_ciphertexts_and_fills_follow_from_a_root() {
    let of_key = fact("kem/key.json");
    let root = Root::revealed(array(&of_key["root"]), array(&of_key["id"]));
    let key = root.key_pair(&array(&of_key["ctx_r"]));
    assert_eq!(ek_bytes(&key), bytes(&of_key["ek"]));
    let sent = fact("kem/encapsulation.json");
    let ek = read_ek(&bytes(&sent["ek"])).unwrap();
    let to = MemberIndex(number(&sent["to"]));
    let (ciphertext, secret) = root.encapsulate(&array(&sent["t1"]), to, &ek);
    assert_eq!(ciphertext.to_vec(), bytes(&sent["ciphertext"]));
    assert_eq!(*secret, array(&sent["secret"]));
    assert_eq!(decapsulate(&key, &ciphertext), Some(secret));
    let damaged = fact("kem/damaged_ciphertext.json");
    let other = decapsulate(&key, &bytes(&damaged["ciphertext"])).unwrap();
    assert_eq!(*other, array(&damaged["secret"]));
    let fill = fact("kem/fill.json");
    assert_eq!(root.fill(&array(&fill["t1"])), bytes(&fill["fill"]));
    for path in ["kem/key_modulus.json", "kem/key_short.json"] {
        assert!(read_ek(&bytes(&fact(path)["ek"])).is_none(), "{path}");
    }
    for path in ["kem/schedule_odd.json", "kem/schedule_even.json"] {
        let schedule = fact(path);
        let n: u16 = number(&schedule["n"]);
        let of = |index| -> Vec<Value> {
            let to = targets(MemberIndex(index), n).into_iter();
            to.map(|target| target.map_or(Value::Null, |index| json!(index.0)))
                .collect()
        };
        assert_eq!(
            json!((0..n).map(of).collect::<Vec<_>>()),
            schedule["targets"],
            "{path}"
        );
    }
    // Three more are vectors of the draft.
    assert_eq!(folder("kem").len(), 8 + 3);
}

fn pair(content: &Value) -> PairKey {
    let indices = ["index", "peer"].map(|name| MemberIndex(number(&content[name])));
    PairKey::new(
        &array(&content["t2"]),
        &array(&content["secret"]),
        indices[0],
        indices[1],
    )
}

#[test]
fn pads_are_as_known_in_both_directions() {
    let shared = fact("pad/pair_key.json");
    let body: ([u8; 32], u16, u16) = (
        array(&shared["secret"]),
        number(&shared["low"]),
        number(&shared["high"]),
    );
    let key = extract(&bytes(&shared["t2"]), "pair", &body);
    assert_eq!(*key, array(&shared["key"]));
    for path in ["pad/slot_lower.json", "pad/slot_higher.json"] {
        let content = fact(path);
        let mut sums = elements(&content["sums"]);
        pair(&content).pad_sums(number(&content["lane"]), &mut sums);
        assert_eq!(sums, elements(&content["gives"]), "{path}");
    }
    for path in ["pad/vector.json", "pad/vector_other_lane.json"] {
        let content = fact(path);
        let mut vector = bytes(&content["vector"]);
        pair(&content).pad_vector(
            &array(&content["t3"]),
            number(&content["lane"]),
            &mut vector,
        );
        assert_eq!(vector, bytes(&content["gives"]), "{path}");
    }
    assert_eq!(folder("pad").len(), 5);
}

#[test]
fn proofs_of_possession_hold_or_do_not() {
    let mut holding = 0;
    for File { path, content } in folder("pop") {
        let claim = Claim {
            ctx: array(&content["ctx_r"]),
            id: array(&content["id"]),
            ek: VLBytes::from(bytes(&content["ek"])),
            share: array(&content["share"]),
        };
        let pop = Pop {
            commitment: array(&content["commitment"]),
            response: array(&content["response"]),
        };
        assert_eq!(
            claim.verify(&pop).is_some(),
            content["holds"] == true,
            "{path}"
        );
        if content["holds"] == true {
            holding += 1;
            let x = Scalar::from_bytes_mod_order(array(&content["x"]));
            let fresh = bytes(&content["fresh"]);
            assert_eq!(claim.prove(&x, &mut Dealt(fresh)), pop, "{path}");
        }
    }
    assert_eq!((holding, folder("pop").len()), (1, 10));
}

/// Deals one draw.
struct Dealt(Vec<u8>);

impl rand_core::TryRng for Dealt {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        panic!("bytes alone are drawn")
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        panic!("bytes alone are drawn")
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.copy_from_slice(&self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Dealt {}
