//! What one hand shares between its seats, or copies from others: nobody disturbs for ever with it, and
//! nobody voids what somebody else sealed.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use round::{
    Ballot, Contributor, Go, MemberIndex, Message, OpenedSlot, Phase, Release, Terms, Verdict,
};

use crate::table::{Table, TestRng, opened, table, terms};

/// The first draws, which are the root and x, are chosen; everything after is random.
struct Chosen {
    first: VecDeque<Vec<u8>>,
    rest: TestRng,
}

impl TryRng for Chosen {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.rest.try_next_u32()
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.rest.try_next_u64()
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        match self.first.pop_front() {
            Some(bytes) => out.copy_from_slice(&bytes),
            None => self.rest.try_fill_bytes(out)?,
        }
        Ok(())
    }
}

impl TryCryptoRng for Chosen {}

/// Joins with the first draws given.
fn join_with(table: &mut Table, leaf: u32, first: &[&[u8]]) {
    table.outbox.retain(|(from, _)| *from != leaf);
    let mut rng = Chosen {
        first: first.iter().map(|bytes| bytes.to_vec()).collect(),
        rest: TestRng(u64::from(leaf)),
    };
    let (member, join) = Contributor::join(&table.fold, leaf, &mut rng).unwrap();
    table.members.insert(leaf, member);
    table.outbox.push((leaf, join));
}

#[test]
fn two_who_share_a_root_disturb_nothing() {
    for twins in [&[1, 4][..], &[1, 4, 7, 10]] {
        let mut table = table(12, 10);
        for leaf in twins {
            join_with(&mut table, *leaf, &[&[9; 32]]);
        }
        let mut eks = BTreeSet::new();
        for (_, message) in &table.outbox {
            let Message::Join(join) = message else {
                panic!()
            };
            eks.insert(join.ek.as_slice().to_vec());
        }
        assert_eq!(eks.len(), 12, "one root, and another key for each member");
        assert_eq!(opened(&table.play().unwrap()).0.len(), 12);
        assert_eq!(table.fold.run_number(), 1);
    }
}

/// A ballot Round of seven on seven statements, in which everybody answers.
fn ballots() -> Table {
    let seven = terms(7, 7, Ballot::SLOT_BYTES);
    let mut table = Table::new(Terms { lanes: 7, ..seven }, 7);
    for leaf in table.leaves() {
        (0..7).for_each(|_| table.write(leaf, "a"));
    }
    join_with(&mut table, LIAR, &[&[9; 32], &X_WIDE]);
    table.play_to(Phase::Vectors);
    // It is the last to speak, and sees what all others have sealed.
    let at = table.outbox.iter().position(|(from, _)| *from == LIAR);
    let dc = table.outbox.remove(at.unwrap());
    table.outbox.push(dc);
    table
}

/// Who cheats; its x is 7, so that it can release by hand what its program would not.
const LIAR: u32 = 10;
const X: [u8; 32] = {
    let mut x = [0; 32];
    x[0] = 7;
    x
};
const X_WIDE: [u8; 64] = {
    let mut x = [0; 64];
    x[0] = 7;
    x
};

/// Bytes of a lane and of a slot.
const SLOT: usize = 64;
const LANE: usize = 7 * SLOT;

/// All vectors, combined: what the last to speak knows.
fn combined(table: &Table) -> Vec<u8> {
    let mut sum = vec![0; 7 * LANE];
    for (_, message) in &table.outbox {
        let Message::Dc(dc) = message else { panic!() };
        sum.iter_mut()
            .zip(dc.vector.as_slice())
            .for_each(|(a, b)| *a ^= b);
    }
    sum
}

/// Changes the last vector so that these bytes of the combined one become others.
fn overwrite(table: &mut Table, at: usize, bytes: &[u8]) {
    let now = combined(table);
    let Some((_, Message::Dc(dc))) = table.outbox.last_mut() else {
        panic!()
    };
    let mut vector = dc.vector.as_slice().to_vec();
    for (k, byte) in bytes.iter().enumerate() {
        vector[at + k] ^= now[at + k] ^ byte;
    }
    dc.vector = vector.into();
}

/// Plays on; the liar says GO whatever it finds. Says who accuses.
fn verdicts(table: &mut Table) -> Vec<u32> {
    table.play_to(Phase::Verdicts);
    let mut go = None;
    for (_, message) in &table.outbox {
        if let Message::Go(said) = message {
            go = Some(said.t4);
        }
    }
    let ctx = table.fold.ctx_r();
    for (from, message) in &mut table.outbox {
        if let (true, Some(t4)) = (*from == LIAR, go) {
            *message = Message::Go(Go { ctx, t4 });
        }
    }
    let nogos = table.outbox.iter();
    nogos
        .filter(|(_, message)| matches!(message, Message::Nogo(_)))
        .map(|(from, _)| *from)
        .collect()
}

/// In which slot of each lane the liar sits: nobody else minds a change there.
fn own_slots() -> Vec<usize> {
    let is_own = |lane: usize, slot: usize| {
        let mut table = ballots();
        overwrite(&mut table, lane * LANE + slot * SLOT, &[0; SLOT]);
        verdicts(&mut table).is_empty()
    };
    let own = |lane| (0..7).find(|slot| is_own(lane, *slot)).unwrap();
    (0..7).map(own).collect()
}

/// All release; the liar under every index, since only its own takes its x.
fn release(table: &mut Table) -> Verdict {
    table.play();
    let of = |member| {
        Message::Release(Release {
            ctx: table.fold.ctx_r(),
            member: MemberIndex(member),
            share: X,
        })
    };
    let messages: Vec<Message> = (0..7).map(of).collect();
    let mut verdicts = messages.into_iter().map(|m| table.post(LIAR, m));
    let opened = verdicts.find(|verdict| matches!(verdict, Verdict::Opened(_)));
    opened.expect("one of the indices is its own")
}

#[test]
fn a_seat_that_copies_what_it_sees_voids_nobodys_ballot() {
    let own = own_slots();
    // U alone, the whole slot, and all but U.
    for copied in [0..32, 0..64, 32..64] {
        let mut table = ballots();
        for (lane, slot) in own.iter().enumerate() {
            // As the attack did: what stands in another slot of the first lane, into every lane.
            let theirs = (own[0] + 1 + lane % 6) % 7 * SLOT;
            let bytes = combined(&table)[theirs..][copied.clone()].to_vec();
            overwrite(&mut table, lane * LANE + slot * SLOT + copied.start, &bytes);
        }
        assert_eq!(verdicts(&mut table), [0; 0]);
        let Verdict::Opened(opened) = release(&mut table) else {
            panic!("{:?}", table.verdicts.last())
        };
        for (lane, slots) in opened.payloads.iter().enumerate() {
            for (slot, content) in slots.iter().enumerate() {
                let is_void = *content == OpenedSlot::Void;
                assert_eq!(is_void, slot == own[lane], "{copied:?}, {lane}, {slot}");
            }
        }
    }
}
