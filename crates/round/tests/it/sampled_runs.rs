//! Runs of many shapes, sampled: whatever the number of members, lanes and bytes of a slot, what is
//! opened is what was submitted, lane by lane.

use proptest::prelude::*;
use rand_core::Rng;
use round::limits::{MAX_LANES, MAX_MEMBERS, MAX_VECTOR_BYTES, SLOT_SIZES};
use round::{Message, OpenedSlot, Payload, Verdict, normalise};

use crate::table::{Table, TestRng, terms};

#[derive(Clone, Debug)]
struct Shape {
    members: u32,
    slot_bytes: u32,
    lanes: u16,
}

impl Shape {
    /// As many of these lanes as a vector holds.
    fn fitting(members: u32, slot_bytes: u32, lanes: u16) -> Self {
        let most = MAX_VECTOR_BYTES / (members * slot_bytes) as usize;
        Self {
            members,
            slot_bytes,
            lanes: lanes.min(most as u16),
        }
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    let members = prop_oneof![5 => 5..25u32, 1 => 25..=MAX_MEMBERS as u32];
    let lanes = prop_oneof![1..4u16, 1..=MAX_LANES];
    (
        members,
        proptest::sample::select(SLOT_SIZES.to_vec()),
        lanes,
    )
        .prop_map(|(members, slot_bytes, lanes)| Shape::fitting(members, slot_bytes, lanes))
}

/// Anything from nothing to a full slot, in letters of one to four bytes.
fn text(rng: &mut TestRng, slot_bytes: u32) -> String {
    const LETTERS: [char; 6] = ['a', 'Z', '7', 'é', '語', '🌊'];
    let limit = rng.next_u64() as usize % (Payload::text_limit(slot_bytes) + 1);
    let mut text = String::new();
    loop {
        let letter = LETTERS[rng.next_u64() as usize % LETTERS.len()];
        if text.len() + letter.len_utf8() > limit {
            return text;
        }
        text.push(letter);
    }
}

/// Plays a run in which entries come in any order; every lane opens to what was written for it.
fn plays_exactly(shape: &Shape, seed: u64) {
    let mut rng = TestRng(seed);
    let mut frame = terms(shape.members, 5, shape.slot_bytes);
    frame.lanes = shape.lanes;
    let mut table = Table::new(frame, seed);
    let mut written = vec![Vec::new(); usize::from(shape.lanes)];
    for leaf in table.leaves() {
        for lane in &mut written {
            let text = text(&mut rng, shape.slot_bytes);
            table.write(leaf, &text);
            lane.push(normalise(&text));
        }
    }
    let last = table.play_ordered(|_| rng.next_u64() as usize);
    let Some(Verdict::Opened(opened)) = last else {
        panic!("{shape:?}, seed {seed}: {last:?}")
    };
    let read = |slot: &OpenedSlot| match slot {
        OpenedSlot::Text { text, .. } => text.clone(),
        OpenedSlot::Blank => String::new(),
        OpenedSlot::Void => panic!("{shape:?}, seed {seed}: a slot is void"),
    };
    assert_eq!(opened.payloads.len(), written.len());
    for (lane, mut expected) in opened.payloads.iter().zip(written) {
        let mut found: Vec<String> = lane.iter().map(read).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{shape:?}, seed {seed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn whatever_its_shape_a_run_opens_to_exactly_what_was_submitted(shape in shapes(), seed: u64) {
        plays_exactly(&shape, seed);
    }
}

#[test]
fn the_largest_and_the_smallest_shapes_work() {
    for (members, slot_bytes, lanes) in [(5, 64, 60), (5, 4096, 1), (100, 64, 60), (100, 4096, 1)] {
        plays_exactly(&Shape::fitting(members, slot_bytes, lanes), 1);
    }
    let widest = Shape::fitting(32, 4096, 60);
    assert_eq!(widest.lanes, 4);
    plays_exactly(&widest, 2);
}

/// What everybody says, and so does and pays for, grows with the members as the terms say: half of
/// them are encapsulated to, and a lane has a sum and a slot for each.
#[test]
fn the_size_of_every_message_follows_from_the_terms_alone() {
    for (members, slot_bytes, lanes) in [(5u32, 64u32, 3u16), (8, 1024, 1), (24, 64, 20)] {
        let mut frame = terms(members, 5, slot_bytes);
        frame.lanes = lanes;
        let mut table = Table::new(frame, 3);
        assert!(matches!(table.play(), Some(Verdict::Opened(_))));
        let (n, lanes) = (members as usize, usize::from(lanes));
        for (_, message) in &table.log {
            let content = match message {
                Message::Join(join) => join.ek.as_slice().len() - 1216,
                Message::Kem(kem) => kem.ciphertexts.as_slice().len() - n / 2 * 1120,
                Message::Slot(slot) => slot.sums.len() - lanes * n,
                Message::Dc(dc) => dc.vector.as_slice().len() - lanes * n * slot_bytes as usize,
                Message::Go(_) | Message::Release(_) => 0,
                Message::Nogo(_)
                | Message::Reveal(_)
                | Message::Close(_)
                | Message::Leave(_)
                | Message::GiveUp(_) => panic!("{message:?} in an undisturbed run"),
            };
            assert_eq!(content, 0, "{message:?}");
        }
        assert_eq!(table.log.len(), 6 * n);
    }
}
