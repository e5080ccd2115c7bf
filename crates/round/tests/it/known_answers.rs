//! The same bytes for ever, and on every machine. The files are under `vectors/round`.

use round::{Entry, Fe, InvalidBytes, Message, OpenedSlot, Sequence, Terms, Time, Verdict, solve};
use serde_json::Value;
use sha2::{Digest, Sha256};
use x_wing::{Decapsulate, DecapsulationKey, Decapsulator, KeyExport};

use crate::scenario::{self, hex};

fn file(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

const THREE: &str = include_str!("../../../../vectors/round/three_members.json");

#[test]
fn a_run_of_three_is_the_same_byte_for_byte() {
    // After a change on purpose: cargo run --release -p round --example round_vectors
    assert_eq!(scenario::play(), file(THREE));
}

#[test]
fn the_log_of_three_is_read_by_anybody_without_a_secret() {
    let vector = file(THREE);
    let terms = Terms {
        ctx0: array(&vector["ctx0"]),
        side: Some(1),
        lanes: 1,
        slot_bytes: 1024,
        phase_ms: 3000,
        opening: vector["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| round::Member {
                leaf: m["leaf"].as_u64().unwrap() as u32,
                signature_key: bytes(&m["signature_key"]),
            })
            .collect(),
        floor: 3,
    };
    let at = Time {
        time_ms: 1_000,
        head: array(&vector["start"]["head"]),
    };
    let mut fold = Sequence::begin(terms, at).unwrap();
    assert_eq!(hex(&fold.ctx_r()), vector["ctx_r"].as_str().unwrap());
    let mut last = None;
    for entry in vector["log"].as_array().unwrap() {
        let message = Message::decode(&bytes(&entry["message"])).unwrap();
        let place = Entry {
            from: Some(entry["from"].as_u64().unwrap() as u32),
            time_ms: entry["time_ms"].as_u64().unwrap(),
            head: array(&entry["head"]),
        };
        last = Some(fold.apply(place, &message));
    }
    let Some(Verdict::Opened(opened)) = last else {
        panic!()
    };
    let texts: Vec<&str> = opened.payloads[0]
        .iter()
        .map(|slot| match slot {
            OpenedSlot::Text { text, .. } => text.as_str(),
            OpenedSlot::Blank => "",
            OpenedSlot::Void => "void",
        })
        .collect();
    let expected: Vec<&str> = vector["opened"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["text"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(texts, expected);
}

#[test]
fn x_wing_behaves_as_its_draft_says() {
    for case in file(include_str!("../../../../vectors/round/x_wing.json"))
        .as_array()
        .unwrap()
    {
        let key = DecapsulationKey::from(array::<32>(&case["seed"]));
        let digest = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        let ek = key.encapsulation_key().to_bytes();
        assert_eq!(digest(&ek), case["ek_sha256"].as_str().unwrap());
        let randomness = array::<64>(&case["eseed"]);
        let (ct, secret) = key
            .encapsulation_key()
            .encapsulate_deterministic(&randomness.into());
        assert_eq!(digest(&ct), case["ct_sha256"].as_str().unwrap());
        assert_eq!(hex(&secret), case["ss"].as_str().unwrap());
        assert_eq!(key.decapsulate(&ct), secret);
    }
}

#[test]
fn power_sums_have_these_roots() {
    for case in file(include_str!("../../../../vectors/round/roots.json"))
        .as_array()
        .unwrap()
    {
        let numbers = |key: &str| -> Option<Vec<Fe>> {
            let list = case[key].as_array()?;
            Some(
                list.iter()
                    .map(|v| Fe::new(v.as_str().unwrap().parse().unwrap()).unwrap())
                    .collect(),
            )
        };
        let found = solve(&numbers("sums").unwrap(), |n| {
            Fe::reduce(u64::from(n) * 7 + 1)
        });
        assert_eq!(found, numbers("roots"), "{}", case["what"]);
    }
}

#[test]
fn faulty_messages_are_refused() {
    let good = bytes(&file(THREE)["log"][0]["message"]);
    let spoil = |at: usize, to: u8| {
        let mut bad = good.clone();
        bad[at] = to;
        Message::decode(&bad)
    };
    assert_eq!(spoil(0, 2), Err(InvalidBytes), "another version");
    assert_eq!(spoil(1, 0), Err(InvalidBytes), "no such kind");
    assert_eq!(spoil(1, 11), Err(InvalidBytes), "no such kind");
    assert_eq!(Message::decode(&[]), Err(InvalidBytes));
}
