//! Sequences of several sides in one log, ballots in their lanes, and the gate between the sides.

use std::collections::BTreeMap;

use round::{
    Ballot, Close, Collection, CollectionState, Contributor, Entry, GiveUp, Leave, Member, Message,
    OpenedSlot, Phase, ReleaseShare, Said, Sequence, Terms, Time, Verdict, Void,
};

use crate::table::{PHASE_MS, START, TestRng};

const LANES: u16 = 3;

fn terms(side: u16, leaves: std::ops::Range<u32>) -> Terms {
    let member = |leaf| Member {
        leaf,
        signature_key: vec![u8::try_from(leaf + 1).unwrap(); 32],
    };
    Terms {
        ctx0: [0xC1; 32],
        side: Some(side),
        lanes: LANES,
        slot_bytes: Ballot::SLOT_BYTES,
        phase_ms: PHASE_MS,
        opening: leaves.map(member).collect(),
        floor: 5,
    }
}

/// Two sides of six around one log: leaves 0 to 5, and 6 to 11.
struct Sides {
    fold: Collection,
    members: BTreeMap<u32, Contributor>,
    shares: Vec<(u32, ReleaseShare)>,
    outbox: Vec<(u32, Message)>,
    now_ms: u64,
    entries: u64,
    rng: TestRng,
}

impl Sides {
    fn new() -> Self {
        let fold = Collection::begin(vec![terms(0, 0..6), terms(1, 6..12)], START).unwrap();
        let mut sides = Self {
            fold,
            members: BTreeMap::new(),
            shares: Vec::new(),
            outbox: Vec::new(),
            now_ms: START.time_ms,
            entries: 0,
            rng: TestRng(5),
        };
        (0..12).for_each(|leaf| sides.join(leaf));
        sides
    }

    fn join(&mut self, leaf: u32) {
        let (_, sequence) = self.fold.of_leaf(leaf).unwrap();
        if let Ok((member, join)) = Contributor::join(sequence, leaf, &mut self.rng) {
            self.members.insert(leaf, member);
            self.outbox.push((leaf, join));
        }
    }

    fn post(&mut self, from: u32, message: &Message) -> round::Folded {
        self.now_ms += 1;
        self.entries += 1;
        let mut head = [0; 32];
        head[..8].copy_from_slice(&self.entries.to_be_bytes());
        let entry = Entry {
            from: Some(from),
            time_ms: self.now_ms,
            head,
        };
        let folded = self.fold.apply(entry, message);
        self.answer();
        folded
    }

    fn answer(&mut self) {
        for (leaf, member) in &mut self.members {
            let (_, sequence) = self.fold.of_leaf(*leaf).unwrap();
            let answer = [
                Ballot::Agree,
                Ballot::Disagree,
                Ballot::Pass,
                Ballot::Unanswered,
            ];
            let at = |lane: u16| answer[usize::from(lane + u16::try_from(*leaf).unwrap()) % 4];
            let mut payloads = || (0..LANES).map(|lane| at(lane).payload().unwrap()).collect();
            match member.next(sequence, &mut payloads, &mut self.rng) {
                Some(Said::Message(message) | Said::Reveal(message)) => {
                    self.outbox.push((*leaf, message));
                }
                Some(Said::Release(share)) => self.shares.push((*leaf, share)),
                None => {}
            }
        }
    }

    /// Delivers what is said by one side, or by everybody, until all is quiet.
    fn play(&mut self, leaves: std::ops::Range<u32>) -> Vec<round::Folded> {
        let mut all = Vec::new();
        while let Some(at) = self
            .outbox
            .iter()
            .position(|(leaf, _)| leaves.contains(leaf))
        {
            let (from, message) = self.outbox.remove(at);
            all.push(self.post(from, &message));
        }
        all
    }

    fn release_all(&mut self) -> Vec<Verdict> {
        let shares = std::mem::take(&mut self.shares);
        let posts: Vec<(u32, Message)> = shares.iter().map(|(l, s)| (*l, s.message())).collect();
        let folded = posts
            .iter()
            .map(|(leaf, message)| self.post(*leaf, message));
        folded.map(|folded| folded.verdict).collect()
    }

    fn side(&self, at: usize) -> &Sequence {
        &self.fold.sequences()[at]
    }
}

fn tallies(verdicts: &[Verdict]) -> Vec<Vec<[usize; 4]>> {
    let opened = verdicts.iter().filter_map(|verdict| {
        let Verdict::Opened(opened) = verdict else {
            return None;
        };
        Some(opened)
    });
    let count = |lane: &Vec<OpenedSlot>, ballot| {
        lane.iter()
            .filter(|slot| Ballot::read(slot) == Some(ballot))
            .count()
    };
    opened
        .map(|opened| {
            let lane = |lane| {
                [
                    Ballot::Agree,
                    Ballot::Disagree,
                    Ballot::Pass,
                    Ballot::Unanswered,
                ]
                .map(|ballot| count(lane, ballot))
            };
            opened.payloads.iter().map(lane).collect()
        })
        .collect()
}

#[test]
fn nothing_is_released_before_every_side_has_its_gos() {
    let mut sides = Sides::new();
    let folded = sides.play(0..6);
    assert_eq!(folded.last().unwrap().verdict, Verdict::AllGo);
    assert!(folded.iter().all(|folded| !folded.gate_opened));
    assert!(!sides.fold.gate_is_open());
    let share = sides.shares[0].1.message();
    assert_eq!(sides.post(0, &share).verdict, Verdict::Void(Void::Early));
    sides.now_ms += PHASE_MS;
    let ctx = sides.side(0).ctx_r();
    let give_up = Message::GiveUp(GiveUp { ctx });
    assert_eq!(sides.post(1, &give_up).verdict, Verdict::Void(Void::Early));
    let folded = sides.play(6..12);
    let last = folded.last().unwrap();
    assert_eq!((&last.verdict, last.gate_opened), (&Verdict::AllGo, true));
    assert!(sides.fold.gate_is_open() && !sides.fold.is_over());
    // Phase 6 of both sides begins here.
    let deadline = sides.now_ms + PHASE_MS;
    assert_eq!(
        [0, 1].map(|side| sides.side(side).deadline_ms()),
        [deadline; 2]
    );
    let verdicts = sides.release_all();
    assert!(sides.fold.is_over());
    // Twelve leaves give four answers in turn, shifted by the lane.
    let expected = vec![
        vec![[2, 2, 1, 1], [1, 2, 2, 1], [1, 1, 2, 2]],
        vec![[1, 1, 2, 2], [2, 1, 1, 2], [2, 2, 1, 1]],
    ];
    assert_eq!(tallies(&verdicts), expected);
}

#[test]
fn a_side_that_falls_below_its_floor_is_dropped_and_the_other_goes_on() {
    let mut sides = Sides::new();
    sides.play(0..6);
    for (leaf, opens) in [(6, false), (7, true)] {
        let ctx = sides.side(1).ctx_r();
        let folded = sides.post(leaf, &Message::Leave(Leave { ctx }));
        assert_eq!(folded.gate_opened, opens);
        if !opens {
            sides.outbox.clear();
            (7..12).for_each(|leaf| sides.join(leaf));
        }
    }
    assert!(sides.side(1).is_over());
    let verdicts = sides.release_all();
    assert_eq!(tallies(&verdicts).len(), 1);
    assert!(sides.fold.is_over());
}

#[test]
fn a_dropped_side_opens_the_gate_too() {
    let mut sides = Sides::new();
    assert_eq!(sides.fold.drop_out(1), Ok(false));
    let folded = sides.play(0..6);
    assert!(folded.last().unwrap().gate_opened);
    assert!(sides.fold.drop_out(2).is_err());
}

#[test]
fn a_seat_of_one_side_closes_the_other_sides_phase() {
    let mut sides = Sides::new();
    sides.outbox.retain(|(leaf, _)| *leaf != 9);
    sides.play(0..12);
    sides.now_ms += PHASE_MS;
    let close = Close {
        ctx: sides.side(1).ctx_r(),
        phase: Phase::Joins,
    };
    let folded = sides.post(2, &Message::Close(close));
    assert_eq!(folded.sequence, 1);
    assert!(matches!(folded.verdict, Verdict::RunEnded(_)));
}

#[test]
fn who_speaks_in_the_other_sides_run_is_absent_in_its_own() {
    let mut sides = Sides::new();
    let (_, join) = sides.outbox.remove(7);
    let folded = sides.post(3, &join);
    assert_eq!(folded.sequence, 0);
    assert!(matches!(folded.verdict, Verdict::SenderAbsent(_)));
}

/// A node that starts again from what it kept, at any moment, ends with the same state.
#[test]
fn readers_that_restart_from_what_they_kept_agree() {
    for restart in [5, 20, 31, 44, 60, 75] {
        let mut sides = Sides::new();
        let mut reader = sides.fold.clone();
        let mut kept = reader.state();
        let mut since: Vec<(Entry, Message)> = Vec::new();
        let mut entries = 0;
        // Sides take turns, so that one is behind the other.
        while !sides.outbox.is_empty() || !sides.shares.is_empty() {
            if sides.outbox.is_empty() {
                for (leaf, share) in std::mem::take(&mut sides.shares) {
                    sides.outbox.push((leaf, share.message()));
                }
            }
            let at = if entries % 3 == 0 {
                sides.outbox.len() - 1
            } else {
                0
            };
            let (from, message) = sides.outbox.remove(at);
            let _ = sides.post(from, &message);
            let mut head = [0; 32];
            head[..8].copy_from_slice(&sides.entries.to_be_bytes());
            let entry = Entry {
                from: Some(from),
                time_ms: sides.now_ms,
                head,
            };
            let folded = reader.apply(entry, &message);
            entries += 1;
            since.push((entry, message));
            if folded.gate_opened || matches!(folded.verdict, Verdict::AllGo) {
                let own = |m: &Message| {
                    reader.of_leaf(from).is_some() && !matches!(m, Message::Release(_))
                };
                kept = reader.state();
                // Messages of the sequence that was just recorded are not needed any more.
                let done = folded.sequence;
                since.retain(|(entry, message)| {
                    let at = entry
                        .from
                        .and_then(|leaf| reader.of_leaf(leaf))
                        .map(|(at, _)| at);
                    at != Some(done) && own(message)
                });
            }
            if entries == restart {
                let bytes = kept.encode();
                reader = Collection::restore(&CollectionState::decode(&bytes).unwrap()).unwrap();
                for (entry, message) in &since {
                    let _ = reader.apply(*entry, message);
                }
            }
            let phases = |fold: &Collection| -> Vec<_> {
                let all = fold.sequences().iter();
                all.map(|s| (s.phase(), s.ctx_r(), s.awaited())).collect()
            };
            assert_eq!(phases(&reader), phases(&sides.fold), "entry {entries}");
            assert_eq!(reader.gate_is_open(), sides.fold.gate_is_open());
        }
        assert!(reader.is_over(), "restart {restart}");
    }
}

#[test]
fn a_ballot_is_a_letter_and_everything_else_is_void() {
    let text = |text: &str| OpenedSlot::Text {
        text: text.to_owned(),
        salt: [0; 32],
    };
    assert_eq!(Ballot::read(&text("a")), Some(Ballot::Agree));
    assert_eq!(Ballot::read(&OpenedSlot::Blank), Some(Ballot::Unanswered));
    for void in [text("A"), text("ad"), text("x"), OpenedSlot::Void] {
        assert_eq!(Ballot::read(&void), None);
    }
    let start = Time { ..START };
    assert!(Collection::begin(Vec::new(), start).is_err());
}
