//! Two honest authors exchange their texts and nothing else changes, dice included: a relay sees the
//! same senders, kinds, sizes, order and times.

use std::collections::BTreeMap;

use round::{Message, Nogo, Phase, Terms, Verdict};

use crate::table::{Table, opened, terms};

/// What of one entry a relay can see, sizes before any padding. It is even granted the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    from: Option<u32>,
    time_ms: u64,
    kind: u8,
    bytes: usize,
}

fn seen(table: &Table) -> Vec<Seen> {
    let see = |(entry, message): &(round::Entry, Message)| {
        let bytes = message.encode();
        Seen {
            from: entry.from,
            time_ms: entry.time_ms,
            kind: bytes[1],
            bytes: bytes.len(),
        }
    };
    table.log.iter().map(see).collect()
}

/// Whether a message comes before its author looks at its text.
fn is_before_vectors(message: &Message) -> bool {
    matches!(
        message,
        Message::Join(_) | Message::Kem(_) | Message::Slot(_)
    )
}

type Texts = BTreeMap<u32, Vec<String>>;

/// One Round from START to its end.
struct Story {
    terms: Terms,
    plays: fn(&mut Table),
}

impl Story {
    fn play(&self, texts: &Texts) -> Table {
        let mut table = Table::new(self.terms.clone(), 77);
        table.texts = texts.clone();
        (self.plays)(&mut table);
        table
    }

    /// Plays twice, the second time with the texts of two authors exchanged.
    fn play_swapped(&self, texts: &Texts, a: u32, b: u32) -> [Table; 2] {
        let mut swapped = texts.clone();
        swapped.insert(a, texts[&b].clone());
        swapped.insert(b, texts[&a].clone());
        [texts, &swapped].map(|texts| self.play(texts))
    }
}

/// Short ones, long ones, and for the last member none at all.
fn texts_for(terms: &Terms) -> Texts {
    let leaves: Vec<u32> = terms.opening.iter().map(|member| member.leaf).collect();
    let (silent, authors) = leaves.split_last().unwrap();
    let text =
        |leaf: &u32, lane: u16| "x".repeat((*leaf as usize * 5 + usize::from(lane)) % 14 + 1);
    let all_lanes = |leaf: &u32| (0..terms.lanes).map(|lane| text(leaf, lane)).collect();
    let written = authors.iter().map(|leaf| (*leaf, all_lanes(leaf)));
    written.chain([(*silent, Vec::new())]).collect()
}

fn to_the_end(table: &mut Table) {
    opened(&table.play().unwrap());
}

/// Whoever is gone, not even a member that exchanged its text with one that stays.
fn gone_in<const PHASE: u8>(table: &mut Table) {
    let phases = [
        Phase::Joins,
        Phase::Kems,
        Phase::Slots,
        Phase::Vectors,
        Phase::Verdicts,
    ];
    let leaves = table.leaves();
    table.go_away(leaves[2], phases[usize::from(PHASE)]);
    assert!(matches!(table.close(leaves[0]), Verdict::RunEnded(_)));
    opened(&table.play().unwrap());
}

/// The last author says NOGO though its slot is intact: all roots are revealed, and it is left out.
fn falsely_accused(table: &mut Table) {
    table.play_to(Phase::Verdicts);
    let liar = table.leaves()[5];
    let evidence = table.fold.evidence().unwrap();
    let said = table.outbox.iter_mut().find(|(from, _)| *from == liar);
    let (_, go) = said.unwrap();
    let nogo = Nogo {
        ctx: table.fold.ctx_r(),
        phase: Phase::Vectors,
        evidence,
    };
    *go = Message::Nogo(nogo);
    opened(&table.play().unwrap());
}

/// A member damages every slot: whoever sits there says NOGO, and so do all.
fn damaged(table: &mut Table) {
    table.play_to(Phase::Vectors);
    let liar = table.leaves()[5];
    let said = table.outbox.iter_mut().find(|(from, _)| *from == liar);
    let Some((_, Message::Dc(dc))) = said else {
        panic!()
    };
    dc.vector = dc
        .vector
        .as_slice()
        .iter()
        .map(|byte| byte ^ 1)
        .collect::<Vec<u8>>()
        .into();
    opened(&table.play().unwrap());
}

fn statement(plays: fn(&mut Table)) -> Story {
    let terms = terms(7, 5, 1024);
    Story { terms, plays }
}

fn ballots() -> Story {
    let mut terms = terms(6, 5, 64);
    terms.lanes = 4;
    let plays = to_the_end;
    Story { terms, plays }
}

fn stories() -> Vec<Story> {
    let statements = [
        to_the_end,
        gone_in::<0>,
        gone_in::<1>,
        gone_in::<2>,
        gone_in::<3>,
        gone_in::<4>,
        falsely_accused,
        damaged,
    ];
    statements
        .map(statement)
        .into_iter()
        .chain([ballots()])
        .collect()
}

#[test]
fn a_relay_sees_the_same_whichever_of_two_honest_authors_wrote_which_text() {
    for story in stories() {
        let texts = texts_for(&story.terms);
        let leaves: Vec<u32> = texts.keys().copied().collect();
        // Long with short, text with blank, and one that goes away with one that stays.
        for (a, b) in [(0, 1), (1, leaves.len() - 1), (2, 3)] {
            let [one, other] = story.play_swapped(&texts, leaves[a], leaves[b]);
            assert_ne!(one.texts, other.texts);
            assert_eq!(seen(&one), seen(&other));
        }
    }
}

#[test]
fn before_the_vectors_not_one_byte_depends_on_a_text() {
    for story in stories() {
        let texts = texts_for(&story.terms);
        let leaves: Vec<u32> = texts.keys().copied().collect();
        let [one, other] = story.play_swapped(&texts, leaves[0], leaves[1]);
        let early = |table: &Table| -> Vec<Vec<u8>> {
            let messages = table.log.iter().map(|(_, message)| message);
            messages
                .filter(|m| is_before_vectors(m))
                .map(Message::encode)
                .collect()
        };
        assert!(early(&one).len() >= 3 * 5);
        assert_eq!(early(&one), early(&other));
    }
}

#[test]
fn in_the_vectors_an_exchange_touches_the_own_slots_of_the_two_and_nothing_else() {
    let story = ballots();
    let texts = texts_for(&story.terms);
    let leaves: Vec<u32> = texts.keys().copied().collect();
    let [one, other] = story.play_swapped(&texts, leaves[0], leaves[1]);
    for ((entry, message), (_, changed)) in one.log.iter().zip(&other.log) {
        let (Message::Dc(dc), Message::Dc(changed)) = (message, changed) else {
            continue;
        };
        let slots = dc
            .vector
            .as_slice()
            .chunks(64)
            .zip(changed.vector.as_slice().chunks(64));
        let differ: Vec<usize> = slots
            .enumerate()
            .filter(|(_, (a, b))| a != b)
            .map(|(at, _)| at)
            .collect();
        let exchanged = entry.from == Some(leaves[0]) || entry.from == Some(leaves[1]);
        // One slot in each of the four lanes of six.
        let lanes: Vec<usize> = differ.iter().map(|slot| slot / 6).collect();
        assert_eq!(lanes, if exchanged { vec![0, 1, 2, 3] } else { vec![] });
    }
}

#[test]
fn blanks_and_texts_have_equal_sizes_in_every_message_before_the_release_and_after() {
    for story in stories() {
        let blank = story.play(&Texts::new());
        let written = story.play(&texts_for(&story.terms));
        let longest = story.terms.slot_bytes as usize - 51;
        let full = |_| vec!["y".repeat(longest); usize::from(story.terms.lanes)];
        let all_full = story
            .terms
            .opening
            .iter()
            .map(|member| (member.leaf, full(member)));
        assert_eq!(seen(&blank), seen(&written));
        assert_eq!(seen(&blank), seen(&story.play(&all_full.collect())));
    }
}

/// What must be noticed, or the tests above show nothing.
#[test]
fn a_size_an_order_a_count_and_a_time_that_follow_the_text_are_noticed() {
    let story = statement(to_the_end);
    let honest = seen(&story.play(&texts_for(&story.terms)));
    let leaks: [fn(&mut Table); 4] = [
        |table| {
            let cut = |(from, message): &mut (u32, Message)| {
                let Message::Dc(dc) = message else { return };
                let mut vector = dc.vector.as_slice().to_vec();
                vector.truncate(vector.len() - table.texts[from].concat().len());
                dc.vector = vector.into();
            };
            table.outbox.iter_mut().for_each(cut);
        },
        |table| {
            let texts = table.texts.clone();
            table
                .outbox
                .sort_by_key(|(from, _)| texts[from].concat().len());
        },
        |table| {
            let again: Vec<_> = table
                .outbox
                .iter()
                .filter(|(from, _)| !table.texts[from].is_empty())
                .cloned()
                .collect();
            table.outbox.extend(again);
        },
        |table| {
            table.now_ms += table
                .texts
                .values()
                .map(|texts| texts.concat().len() as u64)
                .max()
                .unwrap()
        },
    ];
    for leak in leaks {
        let mut table = Table::new(story.terms.clone(), 77);
        table.texts = texts_for(&story.terms);
        table.play_to(Phase::Vectors);
        leak(&mut table);
        let _ = table.play();
        assert_ne!(seen(&table), honest);
    }
}
