//! Whatever one member puts into its own slots, the others' slots open as they did.

use super::*;
use crate::test_rng::TestRng;
use crate::text::Payload;
use rand_core::Rng as _;

const SLOT: usize = 64;
const SLOTS: u16 = 4;

fn place(lane: u16, slot: u16) -> Place {
    Place {
        t3: [3; 32],
        lane,
        slot,
        tag: u64::from(10 * lane + slot + 1),
    }
}

/// Two lanes of four, sealed as they should be, and what opens them.
struct Sealed {
    x: Scalar,
    joint: JointKey,
    tags: Vec<Vec<Fe>>,
    combined: Vec<u8>,
}

impl Sealed {
    fn new() -> Self {
        let x = Scalar::from(77u64);
        let joint = JointKey::new(RistrettoPoint::mul_base(&x));
        let mut sealed = Self {
            x,
            joint,
            tags: Vec::new(),
            combined: Vec::new(),
        };
        for lane in 0..2 {
            let tag = |slot| Fe::new(place(lane, slot).tag).unwrap();
            sealed.tags.push((0..SLOTS).map(tag).collect());
            for slot in 0..SLOTS {
                let bytes = sealed.seal("d", &place(lane, slot), u64::from(slot) + 5);
                sealed.combined.extend(bytes);
            }
        }
        sealed
    }

    fn seal(&self, text: &str, place: &Place, e: u64) -> Vec<u8> {
        let payload = Payload::text(text, 64).unwrap();
        seal(payload.plain(), &self.joint, place, &Scalar::from(e)).to_vec()
    }

    fn slot(&self, number: usize) -> &[u8] {
        &self.combined[number * SLOT..][..SLOT]
    }

    /// What opens where these bytes stand in slot 1 of the first and slot 2 of the second lane.
    fn opened_with(&self, own: &[u8]) -> Vec<Vec<OpenedSlot>> {
        let mut combined = self.combined.clone();
        for number in [1, 6] {
            combined[number * SLOT..][..SLOT].copy_from_slice(own);
        }
        let opening = Opening {
            t3: [3; 32],
            joint: self.joint.bytes,
            tags: &self.tags,
            combined: &combined,
            slot_bytes: SLOT,
        };
        opening.open(&self.x)
    }
}

/// Everything that somebody who sees all slots could think of.
fn contents(sealed: &Sealed) -> Vec<Vec<u8>> {
    let mut rng = TestRng::new(5);
    let mut contents = vec![vec![0; SLOT], vec![0xFF; SLOT]];
    for _ in 0..200 {
        let mut bytes = vec![0; SLOT];
        rng.fill_bytes(&mut bytes);
        contents.push(bytes);
    }
    let joint = sealed.joint.point;
    for number in 0..2 * usize::from(SLOTS) {
        let theirs = sealed.slot(number);
        let point = CompressedRistretto(*theirs.first_chunk().unwrap());
        let point = point.decompress().unwrap();
        let others = [-point, point + joint, point + point, joint, joint - point];
        let mut copies = vec![theirs.to_vec()];
        copies.extend(others.map(|u| [&u.compress().to_bytes(), &theirs[32..]].concat()));
        copies.push([&theirs[..32], &[0; 32]].concat());
        copies.push([&[0; 32], &theirs[32..]].concat());
        copies.push([&[0xFF; 32], &theirs[32..]].concat());
        contents.extend(copies);
    }
    // What is sealed well, for this place and others, with the e of somebody else.
    for (lane, slot) in [(0, 1), (1, 2), (0, 0), (1, 1)] {
        contents.push(sealed.seal("a", &place(lane, slot), u64::from(slot) + 5));
        contents.push(sealed.seal("a", &place(lane, slot), 5));
    }
    contents
}

#[test]
fn whatever_one_member_puts_into_its_own_slots_the_others_open_the_same() {
    let sealed = Sealed::new();
    let is_text = |slot: &OpenedSlot| matches!(slot, OpenedSlot::Text { .. });
    let honest = sealed.opened_with(sealed.slot(1));
    for own in contents(&sealed) {
        let found = sealed.opened_with(&own);
        for lane in 0..2 {
            for slot in 0..usize::from(SLOTS) {
                if [(0, 1), (1, 2)].contains(&(lane, slot)) {
                    continue;
                }
                assert!(is_text(&honest[lane][slot]));
                assert_eq!(found[lane][slot], honest[lane][slot], "{own:02x?}");
            }
        }
    }
}

#[test]
fn a_copied_slot_is_void_and_one_e_in_two_slots_is_not() {
    let sealed = Sealed::new();
    for number in [0, 2, 3, 4, 5, 7] {
        let found = sealed.opened_with(sealed.slot(number));
        assert_eq!(found[0][1], OpenedSlot::Void, "slot {number}");
    }
    // Sealed for this place with the e of slot 3: its U stands twice.
    let twin = sealed.seal("a", &place(0, 1), 8);
    assert_eq!(twin[..32], sealed.slot(3)[..32]);
    let found = sealed.opened_with(&twin);
    for slot in [1, 3] {
        assert!(matches!(found[0][slot], OpenedSlot::Text { .. }));
    }
}
