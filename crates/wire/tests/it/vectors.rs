//! The known answers in `vectors/wire`, made from PROTOCOL.md by other code.

use std::collections::BTreeMap;
use std::path::Path;
use tls_codec::{DeserializeBytes as _, Serialize as _, Size as _};
use wire::*;

type Fields = BTreeMap<String, Vec<String>>;

/// The files whose names begin so.
fn vectors(beginning: &str) -> Vec<(String, Fields)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/wire");
    let files = std::fs::read_dir(folder).unwrap();
    let mut found = Vec::new();
    for path in files.map(|file| file.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".txt") && name.starts_with(beginning) {
            found.push((name.to_string(), read(&path)));
        }
    }
    assert!(!found.is_empty(), "{beginning}");
    found
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
    let digits = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
    digits
        .map(|two| u8::from_str_radix(two, 16).unwrap())
        .collect()
}

fn bytes(fields: &Fields, field: &str) -> [u8; 32] {
    unhex(&fields[field][0]).try_into().unwrap()
}

#[test]
fn secrets_are_kept_as_the_hashes_of_the_document() {
    let (_, fields) = vectors("secrets").remove(0);
    let token = Token::new(bytes(&fields, "token"));
    assert_eq!(token.hash().as_bytes(), &bytes(&fields, "token_hash"));
    let grant = GrantSecret::new(bytes(&fields, "grant")).hash();
    assert_eq!(grant.as_bytes(), &bytes(&fields, "grant_hash"));
    let founder = FounderSecret::new(bytes(&fields, "founder")).hash();
    assert_eq!(founder.as_bytes(), &bytes(&fields, "founder_hash"));
    let mailbox = MailboxId::of(&founder);
    assert_eq!(mailbox.as_bytes(), &bytes(&fields, "mailbox"));
    assert_eq!(mailbox, MailboxId::new(bytes(&fields, "mailbox")));
}

#[test]
fn a_creation_secret_and_an_address_are_written_as_in_the_document() {
    let (_, fields) = vectors("secrets").remove(0);
    let creation = CreationSecret::new(bytes(&fields, "creation"));
    assert_eq!(*creation.to_text(), fields["creation_text"][0]);
    let address: RelayAddress = fields["address_text"][0].parse().unwrap();
    assert_eq!(address.to_string(), fields["address_text"][0]);
    let fingerprint = address.fingerprint.as_bytes();
    assert_eq!(fingerprint, &bytes(&fields, "fingerprint"));
    let encoded = unhex(&fields["address"][0]);
    assert_eq!(address.tls_serialized_len(), encoded.len());
    assert_eq!(address.tls_serialize_detached().unwrap(), encoded);
    assert_eq!(
        RelayAddress::tls_deserialize_exact_bytes(&encoded),
        Ok(address)
    );
}

#[test]
fn heads_follow_from_the_entries_as_in_the_document() {
    let (_, fields) = vectors("log").remove(0);
    let mut head = LogHead::start(&MailboxId::new(bytes(&fields, "mailbox")));
    assert_eq!(head.as_bytes().to_vec(), unhex(&fields["head"][0]));
    for (at, encoded) in fields["entry"].iter().enumerate() {
        let entry = Entry::tls_deserialize_exact_bytes(&unhex(encoded)).unwrap();
        head = head.after(&entry);
        assert_eq!(head.as_bytes().to_vec(), unhex(&fields["head"][at + 1]));
    }
}

#[test]
fn every_frame_of_the_document_is_read_and_written() {
    for (name, fields) in vectors("call_") {
        let frame = unhex(&fields["call"][0]);
        let call = decode_call(&frame).unwrap();
        assert_eq!(encode_call(&call), frame, "{name}");
    }
    for (name, fields) in vectors("reply_") {
        let frame = unhex(&fields["reply"][0]);
        let reply = decode_reply(&frame).unwrap();
        assert_eq!(encode_reply(&reply), frame, "{name}");
    }
}

#[test]
fn padding_is_that_of_the_document() {
    for (name, fields) in vectors("padding_") {
        let (content, padded) = (unhex(&fields["content"][0]), unhex(&fields["padded"][0]));
        let overhead = fields["overhead"][0].parse().unwrap();
        assert_eq!(pad(&content, overhead).unwrap(), padded, "{name}");
        assert_eq!(unpad(&padded, overhead).unwrap(), content, "{name}");
    }
}
