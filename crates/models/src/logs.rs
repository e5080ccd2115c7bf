//! Logs as honest members are shown them, over the real fold: one [`View`] for all logs that mean the
//! same. What members say on a view is what the real contributor says on it; nothing here decides.

mod cheat;
mod ends;
mod outcomes;
mod seeds;
mod view;

pub use outcomes::{How, Outcome, Speech};
pub use view::{Hand, SaidId, View, ViewId};

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use round::{Member, Message, Said, Sequence, Terms, Time};

use outcomes::Effect;
pub(crate) use seeds::{named, seeded};

/// Bytes of a slot in every world.
pub(crate) const SLOT: u32 = 64;
const PHASE_MS: u64 = 1000;

/// Who is there, and what the cheats may try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// Honest members: leaves from 0.
    pub honest: u32,
    /// Cheats: the leaves after them. They act as one.
    pub cheats: u32,
    /// Fewest members of a run.
    pub floor: u16,
    /// JOINs of the first cheat: different keys, so different transcripts from phase 1 on.
    pub joins: u8,
    /// Harmless vectors of the first cheat: different T4 from phase 5 on.
    pub vectors: u8,
    /// Vectors that damage one slot, each slot in turn.
    pub damage: bool,
    /// Two cheats change their vectors so that the sum stays.
    pub equal_sum: bool,
    /// A ciphertext, and power sums, that do not follow from the root.
    pub bad_tags: bool,
    /// A root that is not the announced one.
    pub bad_root: bool,
}

impl World {
    /// Nothing that the cheats could choose.
    pub const fn plain(honest: u32, cheats: u32, floor: u16) -> Self {
        Self {
            honest,
            cheats,
            floor,
            joins: 1,
            vectors: 1,
            damage: false,
            equal_sum: false,
            bad_tags: false,
            bad_root: false,
        }
    }

    /// Everybody's leaf.
    pub fn leaves(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.honest + self.cheats
    }

    /// Whether a leaf is an honest member's.
    pub fn is_honest(&self, leaf: u32) -> bool {
        leaf < self.honest
    }
}

/// All logs of a world, as far as anybody has looked.
pub struct Logs {
    world: World,
    cells: Mutex<Cells>,
}

#[derive(Default)]
struct Cells {
    views: Vec<View>,
    messages: Vec<(u32, Message)>,
    by_content: HashMap<(u32, Vec<u8>), SaidId>,
    by_step: HashMap<(ViewId, view::Step), ViewId>,
    runs: HashMap<([u8; 32], bool), ViewId>,
    spoken: HashMap<(ViewId, u32, Hand), Option<SaidId>>,
    effects: HashMap<(ViewId, SaidId), Effect>,
    outcomes: HashMap<(ViewId, Vec<Speech>), std::sync::Arc<Vec<Outcome>>>,
    plans: HashMap<ViewId, Vec<Vec<SaidId>>>,
}

impl Logs {
    /// Before anybody has said anything.
    pub fn new(world: World) -> Self {
        Self {
            world,
            cells: Mutex::default(),
        }
    }

    /// Who is there.
    pub fn world(&self) -> World {
        self.world
    }

    fn cells(&self) -> MutexGuard<'_, Cells> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many views there are so far.
    pub fn len(&self) -> usize {
        self.cells().views.len()
    }

    /// Whether nobody has looked yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Looks at a view.
    pub fn with<T>(&self, view: ViewId, look: impl FnOnce(&View) -> T) -> T {
        look(&self.cells().views[view as usize])
    }

    /// A Round's first run. Whoever is shown a START with these members shares its context.
    ///
    /// # Panics
    /// With fewer members than a run needs.
    pub fn start(&self, round: u8, members: &[u32]) -> ViewId {
        let (terms, at) = self.terms(round, None, members);
        let sequence = Sequence::begin(terms, at).expect("a world has playable terms");
        self.cells().run(sequence, round)
    }

    /// The first run of one side.
    ///
    /// # Panics
    /// With fewer members than a run needs.
    pub fn start_of_side(&self, side: u16, members: &[u32]) -> ViewId {
        let (terms, at) = self.terms(0, Some(side), members);
        let sequence = Sequence::begin(terms, at).expect("a world has playable terms");
        self.cells().run(sequence, 0)
    }

    /// What a START freezes.
    pub fn terms(&self, round: u8, side: Option<u16>, members: &[u32]) -> (Terms, Time) {
        let member = |leaf: &u32| Member {
            leaf: *leaf,
            signature_key: vec![u8::try_from(leaf + 1).unwrap_or(u8::MAX); 32],
        };
        let terms = Terms {
            ctx0: named("round", &[round]),
            side,
            lanes: 1,
            slot_bytes: SLOT,
            phase_ms: PHASE_MS,
            opening: members.iter().map(member).collect(),
            floor: self.world.floor,
        };
        let at = Time {
            time_ms: 0,
            head: named("start", &[round]),
        };
        (terms, at)
    }

    /// What a member says on reaching a view, if anything.
    pub fn says(&self, view: ViewId, leaf: u32, hand: Hand) -> Option<SaidId> {
        self.cells().says(view, leaf, hand)
    }

    /// A message, and who said it.
    pub fn message(&self, said: SaidId) -> (u32, Message) {
        self.cells().messages[said as usize].clone()
    }

    /// Everything that a member has said in a run up to a view.
    pub fn said_up_to(&self, view: ViewId, leaf: u32, hand: Hand) -> Vec<SaidId> {
        let mut cells = self.cells();
        let path = cells.path(view);
        path.into_iter()
            .filter_map(|at| cells.says(at, leaf, hand))
            .collect()
    }

    /// What happened to a log, in words.
    pub fn told(&self, leaf: u32, how: &How, to: ViewId) -> String {
        let (run, phase, roster) = self.with(to, |view| {
            let phase = view.phase.map(|phase| format!("{phase:?}"));
            (
                view.place(),
                phase.unwrap_or("the end".into()),
                view.roster.clone(),
            )
        });
        let how = match how {
            How::Complete => "all messages of the phase".to_owned(),
            How::Accused(by) => format!("a NOGO of {by} that counts"),
            How::Ended { out, for_cause } if for_cause.is_empty() => {
                format!("the run's end without {out:?}")
            }
            How::Ended { out, for_cause } => {
                format!("the run's end without {out:?}, {for_cause:?} called disruptors")
            }
        };
        let (round, run) = (run.0 + 1, run.1);
        format!(
            "the log of {leaf} shows {how} -> {phase} (Round {round}, run {run} of {roster:?}, view {to})"
        )
    }

    /// The views of a run from its beginning to this one.
    pub fn path(&self, view: ViewId) -> Vec<ViewId> {
        self.cells().path(view)
    }

    /// Everything that the relay and the cheats can make of this view, given what the honest have said
    /// in its run.
    pub fn outcomes(&self, view: ViewId, speech: &[Speech]) -> std::sync::Arc<Vec<Outcome>> {
        let mut cells = self.cells();
        if let Some(known) = cells.outcomes.get(&(view, speech.to_vec())) {
            return std::sync::Arc::clone(known);
        }
        let found = std::sync::Arc::new(cells.find_outcomes(&self.world, view, speech));
        cells
            .outcomes
            .insert((view, speech.to_vec()), std::sync::Arc::clone(&found));
        found
    }
}

impl Cells {
    fn sequence(&self, view: ViewId) -> &Sequence {
        &self.views[view as usize].sequence
    }

    fn roster(&self, view: ViewId) -> Vec<u32> {
        self.views[view as usize].roster.clone()
    }

    /// The view in which a run begins, or in which a Round is over.
    fn run(&mut self, sequence: Sequence, round: u8) -> ViewId {
        let key = (sequence.ctx_r(), sequence.is_over());
        if let Some(known) = self.runs.get(&key) {
            return *known;
        }
        let id = self.push(|id| View::first(sequence, round, id));
        self.runs.insert(key, id);
        id
    }

    fn push(&mut self, make: impl FnOnce(ViewId) -> View) -> ViewId {
        let id = ViewId::try_from(self.views.len()).expect("a model has fewer than 2^32 views");
        self.views.push(make(id));
        id
    }

    fn keep(&mut self, from: u32, message: Message) -> SaidId {
        let next = SaidId::try_from(self.messages.len()).expect("fewer than 2^32 messages");
        let messages = &mut self.messages;
        let known = self.by_content.entry((from, message.encode()));
        *known.or_insert_with(|| {
            messages.push((from, message));
            next
        })
    }

    fn path(&self, view: ViewId) -> Vec<ViewId> {
        let mut path = vec![view];
        while let Some(parent) = self.views[path[path.len() - 1] as usize].parent {
            path.push(parent);
        }
        path.reverse();
        path
    }

    fn says(&mut self, view: ViewId, leaf: u32, hand: Hand) -> Option<SaidId> {
        if let Some(known) = self.spoken.get(&(view, leaf, hand)) {
            return *known;
        }
        let said = self.replay(view, leaf, hand);
        let said = said.map(|message| self.keep(leaf, message));
        self.spoken.insert((view, leaf, hand), said);
        said
    }

    /// A contributor cannot be copied: it is played again from its JOIN, with the same chance.
    fn replay(&self, view: ViewId, leaf: u32, hand: Hand) -> Option<Message> {
        let path = self.path(view);
        let first = self.sequence(path[0]);
        let mut chance = seeded(&first.ctx_r(), leaf, hand.instance, 0);
        let (mut member, join) = round::Contributor::join(first, leaf, &mut chance).ok()?;
        let mut chance = seeded(&first.ctx_r(), leaf, hand.instance, hand.vector + 1);
        let mut payloads = || view::payload_of(leaf);
        let mut last = Some(Said::Message(join));
        for at in &path[1..] {
            last = member.next(self.sequence(*at), &mut payloads, &mut chance);
        }
        last.map(|said| match said {
            Said::Message(message) | Said::Reveal(message) => message,
            Said::Release(share) => share.message(),
        })
    }
}
