//! One bit of one message is another one: by a relay on its way, or by a member who goes on as if
//! nothing were. It ends in a NOGO, an absence or an exclusion, never in texts of a doubtful run.

use proptest::prelude::*;
use proptest::sample::Index;
use round::{
    Cause, Close, Contributor, GiveUp, Message, Nogo, Payload, Phase, Said, Sequence, Terms,
    Verdict, Void,
};

use crate::table::{PHASE_MS, START, Table, opened, terms};

const SLOT_BYTES: u32 = 64;
/// More than a run of seven can have.
const ENTRIES: usize = 200;

/// Which bit of which message.
#[derive(Clone, Debug)]
struct Change {
    phase: Phase,
    member: Index,
    place: Index,
    bit: u8,
}

fn change() -> impl Strategy<Value = Change> {
    let phases = [
        Phase::Joins,
        Phase::Kems,
        Phase::Slots,
        Phase::Vectors,
        Phase::Verdicts,
    ];
    in_phase(prop::sample::select(phases.to_vec()))
}

fn in_phase(phase: impl Strategy<Value = Phase>) -> impl Strategy<Value = Change> {
    let where_ = (any::<Index>(), any::<Index>(), 0u8..8);
    (phase, where_).prop_map(|(phase, (member, place, bit))| Change {
        phase,
        member,
        place,
        bit,
    })
}

/// An odd or an even number of members, one or two lanes; one of them may be left out.
fn seated(n: u32, lanes: u16) -> Table {
    let terms = Terms {
        lanes,
        ..terms(n, u16::try_from(n).unwrap() - 1, SLOT_BYTES)
    };
    let mut table = Table::new(terms, u64::from(n));
    for leaf in table.leaves() {
        (0..lanes).for_each(|lane| table.write(leaf, &text(leaf, lane)));
    }
    table
}

fn text(leaf: u32, lane: u16) -> String {
    format!("{leaf} in {lane}")
}

/// The message that is changed: whose, as it was said, and what has become of it, if it can be read.
struct Changed {
    leaf: u32,
    said: Message,
    read: Option<Message>,
}

fn changed(table: &mut Table, change: &Change) -> Changed {
    table.play_to(change.phase);
    change_pending(table, change)
}

fn change_pending(table: &mut Table, change: &Change) -> Changed {
    let at = change.member.index(table.outbox.len());
    let (leaf, said) = table.outbox[at].clone();
    let mut bytes = said.encode();
    let place = change.place.index(bytes.len());
    bytes[place] ^= 1 << change.bit;
    let read = Message::decode(&bytes).ok();
    match &read {
        Some(message) => table.outbox[at].1 = message.clone(),
        None => drop(table.outbox.remove(at)),
    }
    Changed { leaf, said, read }
}

/// How a run ended, and the phase that a NOGO was about.
struct End {
    verdict: Verdict,
    nogo: Option<Phase>,
}

/// Plays until the run has ended; where all is quiet before, somebody closes the phase or gives up.
fn first_end(table: &mut Table, mut liar: Option<Liar>) -> End {
    let mut nogo = None;
    for _ in 0..ENTRIES {
        let (from, message) = if table.outbox.is_empty() {
            table.now_ms = table.now_ms.max(table.fold.deadline_ms());
            (table.leaves()[0], close_or_give_up(&table.fold))
        } else {
            table.outbox.remove(0)
        };
        let verdict = table.post(from, message);
        match &verdict {
            Verdict::RunEnded(_)
            | Verdict::BelowFloor(_)
            | Verdict::Opened(_)
            | Verdict::GaveUp(_) => return End { verdict, nogo },
            Verdict::Disturbed(disturbed) => nogo = Some(disturbed.phase),
            Verdict::Void(_)
            | Verdict::Counted
            | Verdict::SenderAbsent(_)
            | Verdict::PhaseDone(_)
            | Verdict::AllGo => {}
        }
        if let Some(liar) = &mut liar {
            liar.hear(table);
        }
    }
    panic!("the run does not end: {:?}", table.verdicts.last())
}

fn close_or_give_up(fold: &Sequence) -> Message {
    let (ctx, phase) = (fold.ctx_r(), fold.phase().unwrap());
    if phase == Phase::Releases {
        Message::GiveUp(GiveUp { ctx })
    } else {
        Message::Close(Close { ctx, phase })
    }
}

/// Who alone is out, and why.
fn out_alone(verdict: &Verdict) -> (u32, Cause) {
    let Verdict::RunEnded(end) = verdict else {
        panic!("{verdict:?}")
    };
    let [out] = end.out[..] else {
        panic!("{end:?}")
    };
    out
}

/// A member who believes its own message, and repeats everybody else's transcripts.
struct Liar {
    leaf: u32,
    said: Message,
    /// The log with its message as it said it.
    fold: Sequence,
    member: Contributor,
    heard: usize,
}

impl Liar {
    /// Takes the member's place before the changed message is in the log.
    fn new(table: &mut Table, changed: &Changed) -> Self {
        let mut fold = Sequence::begin(table.terms.clone(), START).unwrap();
        for (entry, message) in &table.log {
            let _ = fold.apply(*entry, message);
        }
        Self {
            leaf: changed.leaf,
            said: changed.said.clone(),
            member: table.members.remove(&changed.leaf).unwrap(),
            fold,
            heard: table.log.len(),
        }
    }

    /// Reads what is new, and answers: with anything but a complaint.
    fn hear(&mut self, table: &mut Table) {
        for (entry, message) in &table.log[self.heard..] {
            let own = entry.from == Some(self.leaf) && kind(message) == kind(&self.said);
            let _ = self
                .fold
                .apply(*entry, if own { &self.said } else { message });
        }
        self.heard = table.log.len();
        let lanes = 0..table.terms.lanes;
        let mut payloads = || {
            let texts = lanes.clone().map(|lane| text(self.leaf, lane));
            texts
                .map(|text| Payload::text(&text, SLOT_BYTES).unwrap())
                .collect()
        };
        let said = self.member.next(&self.fold, &mut payloads, &mut table.rng);
        let message = match said {
            Some(Said::Message(Message::Nogo(_))) | None => return,
            Some(Said::Message(message) | Said::Reveal(message)) => as_others_say(message, table),
            Some(Said::Release(share)) => share.message(),
        };
        table.outbox.push((self.leaf, message));
    }
}

fn kind(message: &Message) -> u8 {
    message.encode()[1]
}

/// With the transcript that the others name.
fn as_others_say(mut message: Message, table: &Table) -> Message {
    let said = table.log.iter().map(|(_, message)| message);
    let others = table.outbox.iter().map(|(_, message)| message).chain(said);
    for other in others {
        if let (Message::Kem(own), Message::Kem(other)) = (&mut message, other) {
            own.t1 = other.t1;
        } else if let (Message::Slot(own), Message::Slot(other)) = (&mut message, other) {
            own.t2 = other.t2;
        } else if let (Message::Dc(own), Message::Dc(other)) = (&mut message, other) {
            own.t3 = other.t3;
        } else if let (Message::Go(own), Message::Go(other)) = (&mut message, other) {
            own.t4 = other.t4;
        } else if let (Message::Reveal(own), Message::Reveal(other)) = (&mut message, other) {
            own.evidence = other.evidence;
        }
    }
    message
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_bit_that_is_changed_on_its_way_ends_the_run(change in change(), n in 5u32..7, lanes in 1u16..3) {
        let mut table = seated(n, lanes);
        let changed = changed(&mut table, &change);
        let end = first_end(&mut table, None);
        let (out, cause) = out_alone(&end.verdict);
        prop_assert_eq!(out, changed.leaf);
        prop_assert!(cause != Cause::Left);
        prop_assert!(changed.read.is_some() || cause == Cause::Silent);
        if let Some(phase) = end.nogo {
            prop_assert!([Phase::Slots, Phase::Vectors].contains(&change.phase));
            prop_assert_eq!(phase, change.phase);
        }
        prop_assert!(table.shares.is_empty(), "nobody releases");
    }

    #[test]
    fn a_member_who_says_another_bit_than_it_computed_gains_nothing(
        change in change(),
        n in 5u32..7,
        lanes in 1u16..3,
    ) {
        let mut table = seated(n, lanes);
        let changed = changed(&mut table, &change);
        let liar = Liar::new(&mut table, &changed);
        let end = first_end(&mut table, Some(liar));
        if let Verdict::GaveUp(gave_up) = end.verdict {
            // Only its own slot is damaged, all others said GO: it has no share of this run.
            prop_assert_eq!(change.phase, Phase::Vectors);
            prop_assert_eq!(gave_up.awaited, [changed.leaf]);
        } else {
            prop_assert_eq!(out_alone(&end.verdict).0, changed.leaf);
            prop_assert!(table.shares.is_empty(), "nobody releases");
        }
    }

    #[test]
    fn a_changed_reveal_leaves_its_sender_out(change in in_phase(Just(Phase::Verdicts)), n in 5u32..7) {
        let mut table = seated(n, 1);
        table.play_to(Phase::Verdicts);
        let nogo = Nogo {
            ctx: table.fold.ctx_r(),
            phase: Phase::Vectors,
            evidence: table.fold.evidence().unwrap(),
        };
        let accuser = table.leaves()[0];
        let verdict = table.post(accuser, Message::Nogo(nogo));
        prop_assert!(matches!(verdict, Verdict::Disturbed(_)));
        table.outbox.retain(|(_, message)| matches!(message, Message::Reveal(_)));
        prop_assert_eq!(table.outbox.len(), table.leaves().len());
        let changed = change_pending(&mut table, &change);
        let end = first_end(&mut table, None);
        prop_assert_eq!(out_alone(&end.verdict).0, changed.leaf);
    }

    #[test]
    fn a_changed_release_opens_nothing_and_its_sender_is_awaited(change in in_phase(Just(Phase::Releases))) {
        let mut table = seated(5, 1);
        let changed = changed(&mut table, &change);
        while !table.outbox.is_empty() {
            let (from, message) = table.outbox.remove(0);
            let was_changed = Some(&message) == changed.read.as_ref();
            let verdict = table.post(from, message);
            if was_changed {
                // Also one that became the share of somebody who has released already.
                let void = [Void::WrongShare, Void::Decided, Void::Spoken];
                prop_assert!(void.map(Verdict::Void).contains(&verdict));
            } else {
                prop_assert_eq!(verdict, Verdict::Counted);
            }
        }
        prop_assert_eq!(table.fold.awaited(), [changed.leaf]);
        let mut given_up = Sequence::restore(table.fold.snapshot().unwrap()).unwrap();
        let give_up = Message::GiveUp(GiveUp { ctx: table.fold.ctx_r() });
        let mut late = table.entry(table.leaves()[0]);
        late.time_ms += PHASE_MS * 2;
        let Verdict::GaveUp(gave_up) = given_up.apply(late, give_up) else {
            panic!()
        };
        prop_assert_eq!(gave_up.awaited, [changed.leaf]);
        let verdict = table.post(changed.leaf, changed.said);
        prop_assert_eq!(opened(&verdict).0.len(), 5);
    }
}
