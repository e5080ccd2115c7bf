//! Messages: each as fields and bytes, and one fault a file.

use round::{InvalidBytes, Message};
use serde_json::{Value, json};

use super::files::{File, bytes, folder, hex};

fn name_and_fields(message: &Message) -> (&'static str, Value) {
    match message {
        Message::Join(m) => (
            "JOIN",
            json!({
                "ctx": hex(&m.ctx), "ek": hex(m.ek.as_slice()), "share": hex(&m.share),
                "commitment": hex(&m.pop.commitment), "response": hex(&m.pop.response),
                "head": hex(&m.head),
            }),
        ),
        Message::Kem(m) => (
            "KEM",
            json!({
                "ctx": hex(&m.ctx), "t1": hex(&m.t1), "ciphertexts": hex(m.ciphertexts.as_slice()),
            }),
        ),
        Message::Slot(m) => {
            let sums: Vec<String> = m.sums.iter().map(u64::to_string).collect();
            let fields = json!({ "ctx": hex(&m.ctx), "t2": hex(&m.t2), "sums": sums });
            ("SLOT", fields)
        }
        Message::Dc(m) => (
            "DC",
            json!({ "ctx": hex(&m.ctx), "t3": hex(&m.t3), "vector": hex(m.vector.as_slice()) }),
        ),
        Message::Go(m) => ("GO", json!({ "ctx": hex(&m.ctx), "t4": hex(&m.t4) })),
        Message::Nogo(m) => (
            "NOGO",
            json!({
                "ctx": hex(&m.ctx), "phase": m.phase as u8, "evidence": hex(&m.evidence),
            }),
        ),
        Message::Release(m) => (
            "RELEASE",
            json!({ "ctx": hex(&m.ctx), "index": m.member.0, "x": hex(&m.share) }),
        ),
        Message::Close(m) => (
            "CLOSE",
            json!({ "ctx": hex(&m.ctx), "phase": m.phase as u8 }),
        ),
        Message::Leave(m) => ("LEAVE", json!({ "ctx": hex(&m.ctx) })),
        Message::GiveUp(m) => ("GIVE-UP", json!({ "ctx": hex(&m.ctx) })),
        Message::Reveal(m) => (
            "REVEAL",
            json!({
                "ctx": hex(&m.ctx), "evidence": hex(&m.evidence), "root": hex(&m.root),
            }),
        ),
    }
}

#[test]
fn every_message_has_these_bytes_and_every_fault_is_refused() {
    let (mut good, mut faulty) = (0, 0);
    for File { path, content } in folder("message") {
        let read = Message::decode(&bytes(&content["bytes"]));
        if content["fault"] == true {
            faulty += 1;
            assert_eq!(read, Err(InvalidBytes), "{path}");
            continue;
        }
        good += 1;
        let message = read.unwrap();
        let (name, fields) = name_and_fields(&message);
        assert_eq!(content["name"], name, "{path}");
        assert_eq!(content["fields"], fields, "{path}");
        assert_eq!(message.encode(), bytes(&content["bytes"]), "{path}");
    }
    assert_eq!(good, 11, "one for each kind");
    assert!(faulty > 9);
}
