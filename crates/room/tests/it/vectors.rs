//! The known answers in `vectors/room`, made from PROTOCOL.md by other code.

use room::*;
use std::collections::BTreeMap;
use std::path::Path;
use tls_codec::DeserializeBytes;

type Fields = BTreeMap<String, Vec<String>>;

fn vectors() -> Vec<(String, Fields)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/room");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
    files
        .map(|path| (path.display().to_string(), read(&path)))
        .collect()
}

fn read(path: &Path) -> Fields {
    let mut fields = Fields::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let (field, value) = line.split_once(": ").unwrap();
        fields.entry(field.into()).or_default().push(value.into());
    }
    fields
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits = hex
        .as_bytes()
        .chunks(2)
        .map(|two| std::str::from_utf8(two).unwrap());
    digits
        .map(|two| u8::from_str_radix(two, 16).unwrap())
        .collect()
}

#[test]
fn every_posted_vector_is_read_as_it_says() {
    let mut read = 0;
    for (path, fields) in vectors() {
        let Some(posted) = fields.get("posted").map(|values| unhex(&values[0])) else {
            continue;
        };
        read += 1;
        let outcome = match Posted::decode(&posted) {
            Ok(event) => {
                assert_eq!(event.encode(), posted, "{path}");
                "event"
            }
            Err(EventError::UnknownVersion(_) | EventError::UnknownKind(_)) => "unknown",
            Err(EventError::Damaged) => "damaged",
        };
        assert_eq!(outcome, fields["expect"][0], "{path}");
    }
    assert!(read > 9);
}

#[test]
fn commitments_and_open_hashes_are_as_known() {
    for (path, fields) in vectors() {
        if let Some(commitment) = fields.get("commitment") {
            let salt = unhex(&fields["salt"][0]).try_into().unwrap();
            let ours = Commitment::to(&salt, &fields["text"][0]);
            assert_eq!(ours.0.to_vec(), unhex(&commitment[0]), "{path}");
        }
        if let Some(open_hash) = fields.get("open_hash") {
            let posted = Posted::decode(&unhex(&fields["posted"][0])).unwrap();
            let Event::RoundOpened(open) = posted.event() else {
                panic!("{path}")
            };
            assert_eq!(open.hash().to_string(), open_hash[0], "{path}");
        }
    }
}

#[test]
fn texts_are_shown_in_the_known_order() {
    let mut read = 0;
    for (path, fields) in vectors() {
        let Some(slots) = fields.get("in_slot_order") else {
            continue;
        };
        read += 1;
        let commitment = |hex: &String| Commitment(unhex(hex).try_into().unwrap());
        let slots: Vec<Commitment> = slots.iter().map(commitment).collect();
        let shown = Commitment::shown_order(&slots).into_iter();
        let shown: Vec<Commitment> = shown.map(|place| slots[place]).collect();
        let known: Vec<Commitment> = fields["shown"].iter().map(commitment).collect();
        assert_eq!(shown, known, "{path}");
    }
    assert_eq!(read, 1);
}

#[test]
fn statements_have_the_known_names() {
    let all = vectors();
    let fields = all
        .iter()
        .filter(|(_, fields)| fields.contains_key("asked"));
    let asked: Vec<_> = fields
        .flat_map(|(_, fields)| fields["asked"].iter().zip(&fields["names"]))
        .collect();
    for (text, known) in &asked {
        let keys = StatementKeys::of(&StatementText::parse(text).unwrap());
        let names: Vec<String> = keys.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(names.join(" "), **known, "{text}");
    }
    assert!(asked.len() > 15);
}

#[test]
fn a_known_log_folds_to_the_known_state_and_digest() {
    let (_, fields) = vectors()
        .into_iter()
        .find(|(path, _)| path.ends_with("fold.txt"))
        .unwrap();
    let founding = Founding::tls_deserialize_exact_bytes(&unhex(&fields["founding"][0])).unwrap();
    let mut state = State::found(founding).unwrap();
    for line in &fields["apply"] {
        let parts: Vec<&str> = line.split(' ').collect();
        let event = Event::tls_deserialize_exact_bytes(&unhex(parts[2])).unwrap();
        let from = parts[0].parse().ok().map(Leaf);
        state
            .apply(from, parts[1].parse().unwrap(), &event)
            .unwrap();
        if let Some(begun) = parts.get(3) {
            state.await_seated(BegunHash(unhex(begun).try_into().unwrap()));
        }
    }
    assert_eq!(state.encode(), unhex(&fields["state"][0]));
    assert_eq!(state.digest().to_string(), fields["digest"][0]);
}
