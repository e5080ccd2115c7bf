//! Readers of one log: one entry at a time, after a restart in the middle, and in batches. All folds are
//! the real ones; the stored state is encoded and decoded as a vault does it.

use round::rules::{Rule, holds};
use round::{
    Close, Entry, GiveUp, Go, Leave, Message, Nogo, Phase, Sequence, SequenceState, Verdict,
};
use stateright::{Model, Property};

use crate::logs::{Hand, How, Logs, Speech, ViewId, World};

/// An entry that may be in the log.
#[derive(Clone, Debug)]
struct Word {
    name: &'static str,
    from: u32,
    time_ms: u64,
    message: Message,
}

/// A log, and where the second reader began to read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    log: Vec<u8>,
    restarted: Option<u8>,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// An entry is appended.
    Appended(u8),
    /// The second reader restarts here.
    Restarted,
}

type Row = (u32, u64, [u8; 32], Message);

/// Two readers in one state.
struct Readers {
    /// It has read every entry as it came.
    live: Sequence,
    /// It restarted; none before that.
    restarted: Option<Sequence>,
    /// Both found the same in every entry since.
    agree: bool,
}

/// The model.
pub struct OneLog {
    words: Vec<Word>,
    longest: usize,
    start: Sequence,
    /// What stands in the log of the run before the words.
    before: Vec<Row>,
}

impl OneLog {
    /// Logs of up to `longest` entries in a phase, in which so many have spoken already.
    pub fn new(phase: Phase, heard: usize, longest: usize) -> Self {
        let logs = Logs::new(World::plain(2, 1, 2));
        let (view, before) = played_to(&logs, phase);
        let mut model = Self {
            words: words(&logs, view),
            longest,
            start: logs.with(view, |view| view.sequence.clone()),
            before,
        };
        for place in 0..heard {
            let row = model.row(place, 0);
            let _ = apply(&mut model.start, &row);
            model.before.push(row);
            model.words.remove(0);
        }
        model
    }

    fn row(&self, place: usize, word: u8) -> Row {
        let word = &self.words[usize::from(word)];
        let head = [u8::try_from(place + 1).unwrap_or(u8::MAX); 32];
        (word.from, word.time_ms, head, word.message.clone())
    }

    fn readers(&self, state: &State) -> Readers {
        let mut rows = self.before.clone();
        let mut readers = Readers {
            live: self.start.clone(),
            restarted: None,
            agree: true,
        };
        for (place, word) in state.log.iter().enumerate() {
            if state.restarted == u8::try_from(place).ok() {
                readers.restarted = Some(restart(&readers.live, &rows));
            }
            let row = self.row(place, *word);
            let verdict = apply(&mut readers.live, &row);
            if let Some(second) = &mut readers.restarted {
                readers.agree &= apply(second, &row) == verdict;
            }
            match verdict {
                Verdict::RunEnded(_) => rows.clear(),
                _ => rows.push(row),
            }
        }
        if state.restarted == u8::try_from(state.log.len()).ok() {
            readers.restarted = Some(restart(&readers.live, &rows));
        }
        readers
    }

    /// Reads all entries since the restart at once.
    fn in_one_batch(&self, state: &State) -> Sequence {
        let from = usize::from(state.restarted.unwrap_or(0));
        let mut reader = self.start.clone();
        let mut log: Vec<(usize, u8)> = state.log.iter().copied().enumerate().collect();
        if !holds(Rule::FirstDecisionIsFinal) {
            // Read literally: are there N GOs, else a NOGO, else a CLOSE or LEAVE?
            log[from..].sort_by_key(|(_, word)| rank(&self.words[usize::from(*word)].message));
        }
        for (place, word) in log {
            let _ = apply(&mut reader, &self.row(place, word));
        }
        reader
    }
}

impl Model for OneLog {
    type State = State;
    type Action = Move;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            log: Vec::new(),
            restarted: None,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Move>) {
        if state.log.len() < self.longest {
            let new = (0u8..)
                .take(self.words.len())
                .filter(|word| !state.log.contains(word));
            actions.extend(new.map(Move::Appended));
        }
        if state.restarted.is_none() {
            actions.push(Move::Restarted);
        }
    }

    fn next_state(&self, state: &State, action: Move) -> Option<State> {
        let mut next = state.clone();
        match action {
            Move::Appended(word) => next.log.push(word),
            Move::Restarted => next.restarted = u8::try_from(state.log.len()).ok(),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "readers: who restarts finds what the others find",
                |model, s| {
                    let readers = model.readers(s);
                    let same = |second: &Sequence| seen(second) == seen(&readers.live);
                    readers.agree && readers.restarted.as_ref().is_none_or(same)
                },
            ),
            Property::<Self>::always(
                "readers: batches are read as single entries are",
                |model, s| seen(&model.in_one_batch(s)) == seen(&model.readers(s).live),
            ),
            Property::<Self>::sometimes("everybody may release", |model, s| {
                let phase = model.readers(s).live.phase();
                phase == Some(Phase::Releases) || model.start.phase() != Some(Phase::Verdicts)
            }),
            Property::<Self>::sometimes("a run is over", |model, s| {
                model.readers(s).live.run_number() > 1
            }),
        ]
    }

    fn format_action(&self, action: &Move) -> String {
        match action {
            Move::Appended(word) => {
                let word = &self.words[usize::from(*word)];
                format!("{} of {}", word.name, word.from)
            }
            Move::Restarted => "the second reader begins here".to_owned(),
        }
    }
}

/// All that a reader acts on.
fn seen(
    reader: &Sequence,
) -> (
    Option<Phase>,
    u32,
    [u8; 32],
    Vec<u32>,
    Vec<u32>,
    Option<[u8; 32]>,
) {
    let evidence = reader.evidence();
    let (phase, run, ctx) = (reader.phase(), reader.run_number(), reader.ctx_r());
    (phase, run, ctx, reader.roster(), reader.awaited(), evidence)
}

fn apply(reader: &mut Sequence, row: &Row) -> Verdict {
    let (from, time_ms, head, message) = row;
    let entry = Entry {
        from: Some(*from),
        time_ms: *time_ms,
        head: *head,
    };
    reader.apply(entry, message)
}

/// Mirrors `persist_sequence` and the replay of rows after a restart.
fn restart(live: &Sequence, rows: &[Row]) -> Sequence {
    let snapshot = live.snapshot();
    let is_whole = snapshot.is_some();
    let stored = snapshot.unwrap_or_else(|| live.checkpoint()).encode();
    let stored = SequenceState::decode(&stored).expect("a stored state can be read");
    let mut second = Sequence::restore(stored).expect("a stored state is sound");
    if !is_whole {
        for row in rows {
            let _ = apply(&mut second, row);
        }
    }
    second
}

fn rank(message: &Message) -> u8 {
    match message {
        Message::Join(_) | Message::Kem(_) | Message::Slot(_) | Message::Dc(_) | Message::Go(_) => {
            0
        }
        Message::Nogo(_) => 1,
        Message::Reveal(_) | Message::Release(_) => 2,
        Message::Close(_) | Message::Leave(_) | Message::GiveUp(_) => 3,
    }
}

fn everybody(view: ViewId) -> Vec<Speech> {
    let speech = Speech {
        reached: vec![(Hand::default(), view)],
        left: false,
    };
    vec![speech; 2]
}

/// The view in which a phase begins, and what was said up to it.
fn played_to(logs: &Logs, phase: Phase) -> (ViewId, Vec<Row>) {
    let mut view = logs.start(0, &[0, 1, 2]);
    let mut rows = Vec::new();
    while logs.with(view, |view| view.phase) != Some(phase) {
        let outcomes = logs.outcomes(view, &everybody(view));
        let now = logs.with(view, |view| view.phase);
        // A NOGO of the cheat leads to the roots.
        let accused = phase == Phase::Reveals && now == Some(Phase::Verdicts);
        let mut ways = outcomes.iter();
        let way = ways.find(|outcome| match outcome.how {
            How::Complete => !accused,
            How::Accused(_) => accused,
            How::Ended { .. } => false,
        });
        let outcome = way.expect("an honest run goes on").clone();
        let (time_ms, head) = logs.with(view, |v| (v.sequence.phase_began_ms(), v.sequence.head()));
        for said in outcome.by {
            let (from, message) = logs.message(said);
            rows.push((from, time_ms, head, message));
        }
        view = outcome.to;
    }
    (view, rows)
}

/// Everything that members and the cheat can put into the log from here on.
fn words(logs: &Logs, view: ViewId) -> Vec<Word> {
    let (ctx, now, deadline, phase) = logs.with(view, |view| {
        let sequence = &view.sequence;
        (
            sequence.ctx_r(),
            sequence.phase_began_ms(),
            sequence.deadline_ms(),
            sequence.phase(),
        )
    });
    let word = |name, from, time_ms, message| Word {
        name,
        from,
        time_ms,
        message,
    };
    let mut words = Vec::new();
    let outcomes = logs.outcomes(view, &everybody(view));
    for outcome in outcomes.iter() {
        let name = match outcome.how {
            How::Complete => "the message of this phase",
            How::Accused(_) => "NOGO",
            How::Ended { .. } if phase != Some(Phase::Reveals) => continue,
            // Blame: everybody's root.
            How::Ended { .. } => "REVEAL",
        };
        for said in &outcome.by {
            let (from, message) = logs.message(*said);
            words.push(word(name, from, now, message));
        }
        if let How::Accused(_) = outcome.how {
            let root = logs
                .says(outcome.to, 0, Hand::default())
                .map(|said| logs.message(said));
            words.extend(root.map(|(from, message)| word("REVEAL", from, now, message)));
        }
        if logs.with(outcome.to, |view| view.may_release()) {
            let share = logs
                .says(outcome.to, 1, Hand::default())
                .map(|said| logs.message(said));
            words.extend(share.map(|(from, message)| word("RELEASE", from, now, message)));
        }
    }
    words.dedup_by(|a, b| a.from == b.from && a.message == b.message);
    words.extend(odd_words(ctx, now, deadline, phase.unwrap_or(Phase::Joins)));
    words
}

/// What is said too early, too late, or in another history.
fn odd_words(ctx: round::Hash, now: u64, deadline: u64, phase: Phase) -> Vec<Word> {
    let word = |name, from, time_ms, message| Word {
        name,
        from,
        time_ms,
        message,
    };
    let other = [7; 32];
    Vec::from([
        word("CLOSE", 0, deadline, Message::Close(Close { ctx, phase })),
        word(
            "CLOSE too early",
            2,
            now,
            Message::Close(Close { ctx, phase }),
        ),
        word("LEAVE", 2, now, Message::Leave(Leave { ctx })),
        word(
            "GO of another history",
            2,
            now,
            Message::Go(Go { ctx, t4: other }),
        ),
        word("GIVE-UP", 2, deadline, Message::GiveUp(GiveUp { ctx })),
        word(
            "NOGO of another history",
            1,
            now,
            Message::Nogo(Nogo {
                ctx,
                phase: Phase::Vectors,
                evidence: other,
            }),
        ),
    ])
}
