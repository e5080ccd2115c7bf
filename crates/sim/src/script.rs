//! What the relay and the network do in one play: when a message arrives, where it is shown, and
//! when the log divides.

use round::{Message, Phase};

use crate::arena::node::CrashPlan;
use crate::liars::Runs;
use crate::record::phase_of;

/// Some messages.
#[derive(Clone, Debug)]
pub struct Pick {
    /// By whom.
    pub seats: Vec<usize>,
    /// Of which phase.
    pub phase: Phase,
    /// Of which runs.
    pub runs: Runs,
}

impl Pick {
    fn takes(&self, facts: &Facts) -> bool {
        self.seats.contains(&facts.seat) && facts.is_of(self.phase) && self.runs.include(facts.run)
    }
}

/// What is carried from one fork to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Nothing.
    Nothing,
    /// Everything, a little later.
    Everything,
    /// Every second message, by chance.
    Half,
}

/// The log divides.
#[derive(Clone, Debug)]
pub struct Fork {
    /// When the first run's messages of this phase come.
    pub phase: Phase,
    /// After so many of them.
    pub after: usize,
    /// Who sees the second face, the third and so on; liars see all.
    pub groups: Vec<Vec<usize>>,
    /// What else they see.
    pub carry: Carry,
    /// The liars speak in the last fork alone, and listen in the others.
    pub speak_in_last: bool,
}

/// A copy of a vault comes back.
#[derive(Clone, Debug)]
pub struct Restore {
    /// Whose.
    pub seat: usize,
    /// It was made when the first message of this phase was sent.
    pub phase: Phase,
    /// How long the seat goes on before the copy is put in its place.
    pub after_ms: u64,
    /// The copy runs beside the original instead.
    pub beside: bool,
}

/// Everything that the relay and the network do.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// A message takes so long to the relay at most, ms.
    pub up_ms: u64,
    /// And so long from there, ms.
    pub down_ms: u64,
    /// The clocks of nodes are ahead by so much at most, ms.
    pub clocks_ms: u64,
    /// Never shown to anybody.
    pub dropped: Vec<Pick>,
    /// Shown so much later, ms.
    pub delayed: Vec<(Pick, u64)>,
    /// Messages of this phase are shown twice.
    pub twice: Option<Phase>,
    /// Messages of this phase come in any order.
    pub shuffled: Option<Phase>,
    /// The last message of this phase is kept from the first face until a NOGO stands there.
    pub last_held: Option<Phase>,
    /// The log divides.
    pub fork: Option<Fork>,
    /// The log's time jumps when this phase begins, ms.
    pub jump: Option<(Phase, u64)>,
    /// The log's time stands still from this phase on.
    pub frozen: Option<Phase>,
    /// A seat loses its connection in a phase for so long, ms.
    pub cut: Option<(usize, Phase, u64)>,
    /// A node stops.
    pub crash: Option<(usize, CrashPlan)>,
    /// A vault comes back.
    pub restore: Option<Restore>,
    /// A seat's generator gives the same 64 bytes again and again.
    pub repeats: Option<usize>,
    /// Seats whose builds have tables of a later version of Unicode.
    pub later: Vec<usize>,
}

/// What the relay and its friends know of a frame.
pub struct Facts<'a> {
    /// Whose.
    pub seat: usize,
    /// Which run it belongs to; 0 if none.
    pub run: u32,
    /// What it says.
    pub message: Option<&'a Message>,
}

impl Facts<'_> {
    /// Whether it is a message of a phase.
    pub fn is_of(&self, phase: Phase) -> bool {
        self.message.and_then(phase_of) == Some(phase)
    }
}

impl Script {
    /// An honest network with some delay.
    pub fn honest(up_ms: u64, down_ms: u64) -> Script {
        Script {
            up_ms,
            down_ms,
            ..Script::default()
        }
    }

    /// Whether the relay never shows it.
    pub fn drops(&self, facts: &Facts) -> bool {
        self.dropped.iter().any(|pick| pick.takes(facts))
    }

    /// How much later it is shown.
    pub fn delay_ms(&self, facts: &Facts) -> u64 {
        let delayed = self.delayed.iter().filter(|(pick, _)| pick.takes(facts));
        delayed.map(|(_, ms)| *ms).sum()
    }

    /// Whether nothing at all goes wrong.
    pub fn is_plain(&self) -> bool {
        let machines = self.cut.is_none() && self.crash.is_none() && self.restore.is_none();
        self.relay_is_honest() && self.shuffled.is_none() && machines
    }

    /// Whether the relay itself keeps the protocol: then runs are bounded.
    pub fn relay_is_honest(&self) -> bool {
        let silent = self.dropped.is_empty() && self.delayed.is_empty();
        let one_log = self.fork.is_none() && self.last_held.is_none() && self.twice.is_none();
        silent && one_log && self.jump.is_none() && self.frozen.is_none()
    }
}
