//! The rules of a mailbox, without disk or network.

use super::*;
use std::collections::BTreeSet;
use wire::{CreationRight, FounderSecret, Request, Token};

pub(super) const CREATION: CreationSecret = CreationSecret::new([9; 32]);

const ARRIVAL: Arrival = Arrival {
    now: Timestamp::from_ms(1),
    frugal: true,
};

pub(super) fn token(letter: u8) -> Token {
    Token::new([letter; 32])
}

pub(super) fn founder() -> FounderSecret {
    FounderSecret::new([7; 32])
}

pub(super) fn mailbox() -> MailboxId {
    MailboxId::of(&founder().hash())
}

/// A core with a store in memory that commits after every request.
pub(super) struct World {
    pub(super) core: Core,
    contents: BTreeMap<(MailboxId, ContentDigest), u64>,
    entries: Vec<Entry>,
    pub(super) now: u64,
    pub(super) frugal: bool,
}

impl Lookup for BTreeMap<(MailboxId, ContentDigest), u64> {
    fn find(&self, id: &MailboxId, content: &ContentDigest) -> Result<Option<u64>, StoreError> {
        Ok(self.get(&(*id, *content)).copied())
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(Quotas::default())
    }

    pub(super) fn with(quotas: Quotas) -> Self {
        let core = Core::load(CREATION, quotas, Stored::default());
        let mut world = Self {
            core,
            contents: BTreeMap::new(),
            entries: Vec::new(),
            now: 1_000,
            frugal: true,
        };
        assert_eq!(world.ask(create(CREATION, b'a')), Answer::Created);
        world
    }

    /// Takes a request without keeping its entry.
    pub(super) fn ask_and_forget(&mut self, request: Request) -> Answer {
        let answer = self.ask(request);
        self.entries.clear();
        answer
    }

    pub(super) fn ask(&mut self, request: Request) -> Answer {
        let Asked::Write(write) = Asked::from(request) else {
            panic!("a write")
        };
        let now = Timestamp::from_ms(self.now);
        let frugal = self.frugal;
        let answer = self
            .core
            .write(write, Arrival { now, frugal }, &self.contents);
        let batch = self.core.take_batch();
        self.contents
            .extend(batch.contents().map(|(key, index)| (*key, *index)));
        self.entries
            .extend(batch.into_committed().into_iter().map(|new| new.entry));
        answer
    }

    /// Goes on from what a store would hold.
    pub(super) fn reload(&mut self) {
        let mailboxes = self.core.mailboxes.clone();
        let grants = self.core.grants.clone();
        self.core = Core::load(CREATION, self.core.quotas, Stored { mailboxes, grants });
    }

    pub(super) fn append(&mut self, letter: u8, content: u8) -> Answer {
        self.ask(append(letter, content))
    }

    pub(super) fn rotate(&mut self, letter: u8, content: u8, next: u8) -> Answer {
        self.ask(rotate(letter, content, next))
    }

    pub(super) fn reset(&mut self, letter: u8) -> Answer {
        self.reset_from(letter, u64::MAX)
    }

    pub(super) fn reset_from(&mut self, letter: u8, from: u64) -> Answer {
        let token = token(letter).hash();
        self.ask(Request::Reset {
            mailbox: mailbox(),
            founder: founder(),
            token,
            from,
        })
    }

    pub(super) fn reads(&self, letter: u8, from: u64) -> Option<(u64, Option<u64>)> {
        let readable = self
            .core
            .readable(&mailbox(), &token(letter).hash(), from)?;
        Some((readable.from, readable.until))
    }
}

fn create(creation: CreationSecret, letter: u8) -> Request {
    let token = token(letter).hash();
    Request::Create {
        mailbox: mailbox(),
        creation: CreationRight::Relay(creation),
        token,
        founder: founder().hash(),
    }
}

fn append(letter: u8, content: u8) -> Request {
    let bytes = vec![content; 1024];
    Request::Append {
        mailbox: mailbox(),
        token: token(letter),
        bytes,
    }
}

fn rotate(letter: u8, content: u8, next: u8) -> Request {
    let (bytes, next) = (vec![content; 1024], token(next).hash());
    Request::Rotate {
        mailbox: mailbox(),
        token: token(letter),
        bytes,
        next,
        founder: None,
    }
}

pub(super) const fn at(index: u64) -> Answer {
    Answer::Appended { index }
}

pub(super) const fn refused(refusal: Refusal) -> Answer {
    Answer::Refused(refusal)
}

#[test]
fn a_mailbox_is_made_once_and_only_with_the_creation_secret() {
    let mut world = World::new();
    let stranger = CreationSecret::new([8; 32]);
    assert_eq!(
        world.ask(create(stranger, b'a')),
        refused(Refusal::Unauthorised)
    );
    assert_eq!(world.ask(create(CREATION, b'a')), Answer::Created);
    assert_eq!(world.ask(create(CREATION, b'b')), refused(Refusal::Exists));
}

#[test]
fn nobody_takes_the_place_of_another_founder() {
    let mut world = World::new();
    let (announced, other) = (FounderSecret::new([1; 32]), FounderSecret::new([2; 32]));
    let named = |name: &FounderSecret, founder: &FounderSecret| Request::Create {
        mailbox: MailboxId::of(&name.hash()),
        creation: CreationRight::Relay(CREATION),
        token: token(b'a').hash(),
        founder: founder.hash(),
    };
    assert_eq!(
        world.ask(named(&announced, &other)),
        refused(Refusal::Unauthorised)
    );
    assert_eq!(world.ask(named(&announced, &announced)), Answer::Created);
}

#[test]
fn an_unknown_mailbox_and_a_wrong_token_look_the_same() {
    let mut world = World::new();
    assert_eq!(world.append(b'x', 1), refused(Refusal::Unauthorised));
    let mailbox = MailboxId::new([2; 32]);
    let request = Request::Append {
        mailbox,
        token: token(b'a'),
        bytes: vec![0; 1024],
    };
    assert_eq!(world.ask(request), refused(Refusal::Unauthorised));
    assert_eq!(world.reads(b'x', 0), None);
}

#[test]
fn a_rotation_ends_one_token_and_begins_the_next() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'b'), at(1));
    assert_eq!(world.append(b'a', 3), refused(Refusal::Unauthorised));
    assert_eq!(world.append(b'b', 4), at(2));
    assert_eq!(world.reads(b'a', 0), Some((0, Some(2))));
    assert_eq!(world.reads(b'a', 2), None);
    assert_eq!(world.reads(b'b', 0), Some((2, None)));
}

#[test]
fn the_first_rotation_by_a_token_counts_whatever_was_appended_meanwhile() {
    let mut world = World::new();
    for content in 0..100 {
        assert_eq!(world.append(b'a', content), at(u64::from(content)));
    }
    assert_eq!(world.rotate(b'a', 100, b'b'), at(100));
    assert_eq!(
        world.rotate(b'a', 101, b'c'),
        refused(Refusal::Unauthorised)
    );
    assert_eq!(world.append(b'b', 102), at(101));
}

#[test]
fn the_same_bytes_again_get_the_old_index_even_after_a_rotation() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'b'), at(1));
    assert_eq!(world.rotate(b'a', 2, b'b'), at(1));
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.entries.len(), 2);
}

#[test]
fn the_same_bytes_are_new_to_another_segment() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'b'), at(1));
    assert_eq!(world.append(b'b', 1), at(2));
    assert_eq!(world.append(b'b', 1), at(2));
}

#[test]
fn a_reset_undoes_a_rotation_and_the_old_token_reads_on() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'x'), at(1));
    assert_eq!(world.append(b'x', 3), at(2));
    assert_eq!(world.reset(b'a'), at(3));
    assert_eq!(world.append(b'x', 4), refused(Refusal::Unauthorised));
    assert_eq!(world.reads(b'x', 0), None);
    assert_eq!(world.reads(b'a', 2), Some((2, None)));
    assert_eq!(world.reads(b'a', 0), Some((0, None)));
    assert_eq!(world.append(b'a', 5), at(4));
}

#[test]
fn a_repeated_reset_is_one_reset_until_it_is_needed_again() {
    let mut world = World::new();
    assert_eq!(world.rotate(b'a', 1, b'x'), at(0));
    assert_eq!(world.reset(b'a'), at(1));
    assert_eq!(world.reset(b'a'), at(1));
    world.now += GUARD_MS;
    assert_eq!(world.rotate(b'a', 2, b'x'), at(2));
    assert_eq!(world.reset(b'a'), at(3));
    let stranger = FounderSecret::new([6; 32]);
    let request = Request::Reset {
        mailbox: mailbox(),
        founder: stranger,
        token: token(b'x').hash(),
        from: 0,
    };
    assert_eq!(world.ask(request), refused(Refusal::Unauthorised));
}

#[test]
fn a_reset_leaves_no_gap_however_often_the_token_was_rotated_away() {
    let mut world = World::new();
    assert_eq!(world.rotate(b'a', 1, b'b'), at(0));
    assert_eq!(world.append(b'b', 2), at(1));
    for (content, next) in [(3, b'x'), (4, b'y'), (5, b'z')] {
        let last = if content == 3 { b'b' } else { next - 1 };
        assert_eq!(
            world.rotate(last, content, next),
            at(u64::from(content) - 1)
        );
    }
    assert_eq!(world.reads(b'b', 1), Some((1, Some(3))));
    assert_eq!(world.reset_from(b'b', 1), at(5));
    assert_eq!(world.reset_from(b'b', 1), at(5));
    assert_eq!(world.reads(b'b', 1), Some((1, None)));
    assert_eq!(world.reads(b'a', 0), Some((0, Some(1))));
    for letter in [b'x', b'y', b'z'] {
        assert_eq!(world.reads(letter, 0), None);
    }
    world.reload();
    assert_eq!(world.core.mailboxes[&mailbox()].segments.len(), 2);
    assert_eq!(world.append(b'b', 6), at(6));
}

/// A commit in the part that a reset takes back begins another epoch in the middle of a segment.
#[test]
fn a_reset_from_the_middle_of_a_segment_leaves_the_rest_to_the_token_before() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'x'), at(1));
    assert_eq!(world.rotate(b'x', 3, b'n'), at(2));
    assert_eq!(world.reset_from(b'a', 0), at(3));
    assert_eq!(world.reads(b'n', 3), None);
    assert_eq!(world.reset_from(b'n', 3), at(4));
    assert_eq!(world.reset_from(b'n', 3), at(4), "nothing to change");
    world.reload();
    assert_eq!(world.reads(b'a', 0), Some((0, Some(3))));
    assert_eq!(world.reads(b'n', 3), Some((3, None)));
    assert_eq!(world.append(b'n', 4), at(5));
    // From beyond its own entry it is one of the whole last segment.
    assert_eq!(world.reset_from(b'b', 9), at(6));
    assert_eq!(world.reads(b'b', 0), Some((3, None)));
}

#[test]
fn entries_bear_the_relays_clock_also_where_it_goes_back() {
    let mut world = World::new();
    for (content, now) in [(0, 1_000), (1, 500), (2, u64::MAX), (3, 2_000)] {
        world.now = now;
        assert_eq!(world.append(b'a', content), at(u64::from(content)));
    }
    let times: Vec<u64> = world.entries.iter().map(|entry| entry.time.ms()).collect();
    assert_eq!(times, [1_000, 500, u64::MAX, 2_000]);
}

#[test]
fn only_the_sizes_of_buckets_are_taken() {
    let mut world = World::new();
    for size in [0, 1023, 1025, 2048] {
        let bytes = vec![0; size];
        let request = Request::Append {
            mailbox: mailbox(),
            token: token(b'a'),
            bytes,
        };
        assert_eq!(world.ask(request), refused(Refusal::WrongSize), "{size}");
    }
}

#[test]
fn repeated_bytes_within_one_batch_are_one_entry() {
    let mut world = World::new();
    let mut ask = |request| {
        let Asked::Write(write) = Asked::from(request) else {
            panic!("a write")
        };
        world.core.write(write, ARRIVAL, &world.contents)
    };
    assert_eq!(ask(append(b'a', 1)), at(0));
    assert_eq!(ask(append(b'a', 1)), at(0));
    assert_eq!(ask(append(b'a', 2)), at(1));
    let batch = world.core.take_batch();
    assert_eq!(batch.entries().len(), 2);
    let keys: BTreeSet<u64> = batch.entries().iter().map(|new| new.entry.index).collect();
    assert_eq!(keys.len(), 2, "every row has one key");
}

#[test]
fn a_core_loaded_from_its_rows_goes_on_alike() {
    let mut world = World::new();
    assert_eq!(world.append(b'a', 1), at(0));
    assert_eq!(world.rotate(b'a', 2, b'b'), at(1));
    world.reload();
    assert_eq!(world.append(b'b', 3), at(2));
    assert_eq!(world.core.totals(), (1, 3, 3 * 1024));
}
