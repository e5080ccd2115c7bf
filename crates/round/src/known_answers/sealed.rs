//! Sealed slots: how each opens, and, where a file says from what it was made, how it is made.

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::scalar::Scalar;
use serde_json::{Value, json};

use super::files::{File, array, bytes, folder, hex, number};
use super::{element, list};
use crate::field::Fe;
use crate::seal::{JointKey, OpenedSlot, Opening, Place, seal};

fn scalar(value: &Value) -> Scalar {
    Scalar::from_bytes_mod_order(array(value))
}

fn shown(slot: &OpenedSlot) -> Value {
    match slot {
        OpenedSlot::Void => json!({ "void": true }),
        OpenedSlot::Blank => json!({ "blank": true }),
        OpenedSlot::Text { text, salt } => json!({ "text": text, "salt": hex(salt) }),
    }
}

#[test]
fn sealed_slots_open_as_known() {
    let mut faults = 0;
    for File { path, content } in folder("seal") {
        let lanes = list(&content["lanes"]);
        let slots = || lanes.iter().flat_map(list);
        let tags: Vec<Vec<Fe>> = lanes
            .iter()
            .map(|lane| {
                list(lane)
                    .iter()
                    .map(|slot| element(&slot["tag"]))
                    .collect()
            })
            .collect();
        let combined: Vec<u8> = slots().flat_map(|slot| bytes(&slot["sealed"])).collect();
        let opening = Opening {
            t3: array(&content["t3"]),
            joint: array(&content["joint"]),
            tags: &tags,
            combined: &combined,
            slot_bytes: number(&content["slot_bytes"]),
        };
        let opened = opening.open(&scalar(&content["x"]));
        let found: Vec<Value> = opened.iter().flatten().map(shown).collect();
        let expected: Vec<Value> = slots().map(|slot| slot["opened"].clone()).collect();
        assert_eq!(found, expected, "{path}");
        faults += usize::from(found.contains(&json!({ "void": true })));
    }
    assert!(faults > 17);
}

#[test]
fn slots_are_sealed_as_known() {
    let mut sealed = 0;
    for File { path, content } in folder("seal") {
        let joint = CompressedRistretto(array(&content["joint"])).decompress();
        let joint = JointKey::new(joint.unwrap());
        for (lane, slots) in (0u16..).zip(list(&content["lanes"])) {
            for (slot, of) in (0u16..).zip(list(slots)) {
                if of["plain"].is_null() {
                    continue;
                }
                let place = Place {
                    t3: array(&content["t3"]),
                    lane,
                    slot,
                    tag: element(&of["tag"]).value(),
                };
                let found = seal(&bytes(&of["plain"]), &joint, &place, &scalar(&of["e"]));
                assert_eq!(*found, bytes(&of["sealed"]), "{path}");
                sealed += 1;
            }
        }
    }
    assert!(sealed > 20);
}
