//! Every way to attack a Round that is played, by name: what it needs, and what must come of it.

mod relays;
mod runs;
pub(crate) mod sharing;
mod sides;
mod words;

use rand_core::{Rng as _, SeedableRng as _};
use round::Phase;

use crate::liars::{Cheat, Runs, Trick};
use crate::script::Script;
use crate::template::Kind;

/// What must become of whoever cheats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Blame names the culprits as disruptors.
    Blamed,
    /// The culprits are left out, as absent or as disruptors.
    Out,
    /// Nothing need happen to it.
    Free,
    /// Nobody loses its place by it, the culprits included.
    Harmless,
    /// The Round waits for a share, until somebody gives it up.
    Stuck,
}

/// What is played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Seats.
    pub n: usize,
    /// What is collected.
    pub kind: Kind,
    /// Seats that cheat, and how.
    pub liars: Vec<(usize, Vec<Trick>)>,
    /// What the relay and the network do.
    pub script: Script,
    /// The convenor's node is on.
    pub convenor: bool,
    /// When it is over, further Rounds are opened for these seats, and everybody wants to say the same
    /// again.
    pub again: Vec<Vec<usize>>,
    /// What must come of it.
    pub expect: Expect,
    /// For whom.
    pub culprits: Vec<usize>,
    /// One rule of the protocol is taken out.
    pub without: Option<Out>,
}

/// A rule that is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// Of the Round.
    Round(round::rules::Rule),
    /// Two of the Round, of which each alone does what the other is for.
    Both(round::rules::Rule, round::rules::Rule),
    /// Of the room.
    Room(room::rules::Rule),
}

/// One case.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The phases in which it can be played; where it has none, `ANY`.
    pub phases: &'static [Phase],
    /// Draws what is played.
    pub plan: fn(&mut Draw) -> Plan,
}

/// For cases that no phase belongs to.
pub const ANY: &[Phase] = &[Phase::Joins];
/// All phases up to GO.
pub const TO_GO: &[Phase] = &[
    Phase::Joins,
    Phase::Kems,
    Phase::Slots,
    Phase::Vectors,
    Phase::Verdicts,
];
/// All phases.
pub const ALL: &[Phase] = &[
    Phase::Joins,
    Phase::Kems,
    Phase::Slots,
    Phase::Vectors,
    Phase::Verdicts,
    Phase::Releases,
    Phase::Reveals,
];

/// All cases, in a fixed order.
pub fn all() -> Vec<Case> {
    let mut cases = words::cases();
    cases.extend(sharing::cases());
    cases.extend(runs::cases());
    cases.extend(relays::cases());
    cases.extend(sides::cases());
    cases
}

/// Bugs that were put in on purpose: each must be found. Never drawn, only asked for by name.
pub fn canaries() -> Vec<Case> {
    crate::canaries::cases()
}

/// What the protocol does not hold. Never drawn, only asked for by name.
pub fn limits() -> Vec<Case> {
    crate::canaries::limits()
}

/// What a seed decides.
pub struct Draw {
    rng: chacha20::ChaCha20Rng,
    /// The phase.
    pub phase: Phase,
}

impl Draw {
    /// From a seed.
    pub fn new(seed: u64, phase: Phase) -> Draw {
        Draw {
            rng: chacha20::ChaCha20Rng::seed_from_u64(seed),
            phase,
        }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.rng.next_u64().checked_rem(n).unwrap_or(0)
    }

    /// Whether one of `n` comes.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// How many seats: five to twelve, mostly few.
    pub fn seats(&mut self) -> usize {
        const OFTEN: [usize; 16] = [5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7, 7, 7, 8, 9, 12];
        let at = usize::try_from(self.below(OFTEN.len() as u64)).unwrap_or(0);
        let n = OFTEN.get(at).copied().unwrap_or(6);
        if n == 12 && self.one_in(2) { 11 } else { n }
    }

    /// Seats that can lose one member and go on.
    pub fn seats_with_room(&mut self) -> usize {
        self.seats().max(6)
    }

    /// `k` different seats out of 1..=n.
    pub fn some(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut seats: Vec<usize> = (1..=n).collect();
        for at in (1..seats.len()).rev() {
            let other = usize::try_from(self.below(at as u64 + 1)).unwrap_or(0);
            seats.swap(at, other);
        }
        seats.truncate(k);
        seats
    }

    /// All seats but at most `k`.
    pub fn all_but(&mut self, n: usize, k: usize) -> Vec<usize> {
        let less = usize::try_from(self.below(k as u64 + 1)).unwrap_or(0);
        self.some(n, n - less)
    }

    /// An honest network, fast or slow.
    pub fn network(&mut self) -> Script {
        let (up, down) = match self.below(4) {
            0 => (1, 1),
            1 => (200, 300),
            _ => (15, 25),
        };
        let mut script = Script::honest(up, down);
        if self.one_in(6) {
            script.clocks_ms = 4_000;
        }
        script
    }

    /// A trick in this draw's phase.
    pub fn trick(&self, cheat: Cheat, runs: Runs) -> Trick {
        Trick {
            cheat,
            phase: self.phase,
            runs,
        }
    }

    /// A plan in which one seat cheats in the draw's phase of the first run, or of every run.
    pub fn one_liar(&mut self, cheat: Cheat, expect: Expect) -> Plan {
        let n = self.seats();
        let runs = if self.one_in(2) {
            Runs::First
        } else {
            Runs::Every
        };
        let trick = self.trick(cheat, runs);
        let seat = self.some(n, 1);
        self.plan(n, seat.into_iter().map(|seat| (seat, vec![trick])), expect)
    }

    /// A plan with an honest network.
    pub fn plan(
        &mut self,
        n: usize,
        liars: impl IntoIterator<Item = (usize, Vec<Trick>)>,
        expect: Expect,
    ) -> Plan {
        let liars: Vec<_> = liars.into_iter().collect();
        let again = match self.one_in(16) {
            true => vec![self.all_but(n, 1)],
            false => Vec::new(),
        };
        Plan {
            n,
            kind: Kind::Statement,
            culprits: liars.iter().map(|(seat, _)| *seat).collect(),
            liars,
            script: self.network(),
            convenor: !again.is_empty() || self.one_in(4),
            again,
            expect,
            without: None,
        }
    }
}
