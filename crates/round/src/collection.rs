//! All runs of one Round: one sequence for the whole roster, or one for each side, behind one gate.
//! Nobody releases before every sequence has its N-th GO or was dropped: else the later side would
//! answer knowing what the earlier one had said.

use std::borrow::Cow;
use std::fmt;

use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserialize, TlsDeserializeBytes, TlsSerialize,
    TlsSize, VLBytes,
};

use crate::hash::Hash;
use crate::message::{InvalidBytes, Message, Phase};
use crate::sequence::{BadState, Entry, Sequence, SequenceState, Time};
use crate::terms::{BadTerms, Terms};
use crate::verdict::{Verdict, Void};

const VERSION: u8 = 1;

/// The sequences of one Round.
#[derive(Clone)]
pub struct Collection {
    sequences: Vec<Sequence>,
    gate_is_open: bool,
}

/// What one entry did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Folded {
    /// To which sequence, by its place in the list of terms.
    pub sequence: usize,
    /// What it meant there.
    pub verdict: Verdict,
    /// With it every sequence has its GOs or is over: shares may be released from now on.
    pub gate_opened: bool,
}

/// A stored collection.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
pub struct CollectionState {
    version: u8,
    gate_is_open: bool8::Flag,
    sequences: Vec<VLBytes>,
}

impl CollectionState {
    /// The canonical bytes, version first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.tls_serialize_detached()
            .expect("a state is far shorter than 2^30 bytes")
    }

    /// Reads exactly one state.
    ///
    /// # Errors
    /// Another version, a short input or trailing bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, InvalidBytes> {
        let state = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| InvalidBytes)?;
        match state.version == VERSION {
            true => Ok(state),
            false => Err(InvalidBytes),
        }
    }
}

/// There is no such sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchSequence;

impl fmt::Display for NoSuchSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Round has no such sequence of runs")
    }
}

impl std::error::Error for NoSuchSequence {}

impl Collection {
    /// Begins with the first run of each sequence; `at` is the entry that is START. The rosters of the
    /// sequences have nobody in common.
    ///
    /// # Errors
    /// Terms that cannot be played, or none at all.
    pub fn begin(terms: Vec<Terms>, at: Time) -> Result<Self, BadTerms> {
        let sequences: Result<Vec<Sequence>, BadTerms> = terms
            .into_iter()
            .map(|terms| Sequence::begin(terms, at))
            .collect();
        let sequences = sequences?;
        match sequences.is_empty() {
            true => Err(BadTerms::Members),
            false => Ok(Self {
                sequences,
                gate_is_open: false,
            }),
        }
    }

    /// Folds one entry. What a member contributes belongs to its own sequence, whatever run it names;
    /// what everybody may say belongs to the sequence of the run that it names.
    pub fn apply<'a>(&mut self, entry: Entry, message: impl Into<Cow<'a, Message>>) -> Folded {
        let message = message.into();
        let Some(at) = self.place_of(entry.from, &message) else {
            return self.nowhere();
        };
        for other in &mut self.sequences {
            other.pass(entry);
        }
        let held = !self.gate_is_open;
        let Some(sequence) = self.sequences.get_mut(at) else {
            return self.nowhere();
        };
        let released = sequence.phase() == Some(Phase::Releases);
        let verdict = match &*message {
            Message::Release(_) | Message::GiveUp(_) if held && released => {
                Verdict::Void(Void::Early)
            }
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => sequence.apply(entry, message),
        };
        Folded {
            sequence: at,
            verdict,
            gate_opened: self.open_gate(),
        }
    }

    /// An entry behind which nobody writes but whoever shut the log by it.
    pub fn shut(&mut self) {
        for sequence in &mut self.sequences {
            sequence.shut();
        }
    }

    /// An entry by which the log goes on for those who could not write: a reset, or the first one in another mailbox.
    pub fn reopened(&mut self, time_ms: u64) {
        for sequence in &mut self.sequences {
            sequence.reopened(time_ms);
        }
    }

    /// A rule of the room forbids the sequence's next run: it is over. Says whether that opened the
    /// gate.
    ///
    /// # Errors
    /// There is no such sequence.
    pub fn drop_out(&mut self, at: usize) -> Result<bool, NoSuchSequence> {
        self.sequences.get_mut(at).ok_or(NoSuchSequence)?.end();
        Ok(self.open_gate())
    }

    /// All sequences, in the order of their terms.
    #[must_use]
    pub fn sequences(&self) -> &[Sequence] {
        &self.sequences
    }

    /// The sequence in whose opening roster a leaf is, and its place.
    #[must_use]
    pub fn of_leaf(&self, leaf: u32) -> Option<(usize, &Sequence)> {
        let mut all = self.sequences.iter().enumerate();
        all.find(|(_, sequence)| sequence.terms().opening.iter().any(|m| m.leaf == leaf))
    }

    /// Whether shares may be released.
    #[must_use]
    pub fn gate_is_open(&self) -> bool {
        self.gate_is_open
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.sequences.iter().all(Sequence::is_over)
    }

    /// What a node keeps: of each sequence the present state from its N-th GO on, before that the
    /// beginning of its run, from which the messages since then are replayed.
    #[must_use]
    pub fn state(&self) -> CollectionState {
        let kept = |sequence: &Sequence| -> SequenceState {
            sequence.snapshot().unwrap_or_else(|| sequence.checkpoint())
        };
        let sequences = self.sequences.iter();
        CollectionState {
            version: VERSION,
            gate_is_open: bool8::Flag::from(self.gate_is_open),
            sequences: sequences.map(|one| kept(one).encode().into()).collect(),
        }
    }

    /// Goes on from a stored state.
    ///
    /// # Errors
    /// The state contradicts itself; nothing that [`Collection`] wrote does.
    pub fn restore(state: &CollectionState) -> Result<Self, BadState> {
        let one = |bytes: &VLBytes| {
            let state = SequenceState::decode(bytes.as_slice()).map_err(|_| BadState)?;
            Sequence::restore(state)
        };
        let sequences: Result<Vec<Sequence>, BadState> = state.sequences.iter().map(one).collect();
        let sequences = sequences?;
        match sequences.is_empty() {
            true => Err(BadState),
            false => Ok(Self {
                sequences,
                gate_is_open: state.gate_is_open.into(),
            }),
        }
    }

    fn place_of(&self, from: Option<u32>, message: &Message) -> Option<usize> {
        let own = || self.of_leaf(from?).map(|(at, _)| at);
        let named = || self.naming(message.ctx());
        match message {
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Leave(_)
            | Message::Reveal(_) => own(),
            Message::Release(_) | Message::Close(_) | Message::GiveUp(_) => named().or_else(own),
        }
    }

    /// The sequence that has, or had, a run with this context.
    fn naming(&self, ctx: &Hash) -> Option<usize> {
        self.sequences
            .iter()
            .position(|sequence| sequence.has_run(ctx))
    }

    fn nowhere(&self) -> Folded {
        Folded {
            sequence: 0,
            verdict: Verdict::Void(Void::NotInRoster),
            gate_opened: false,
        }
    }

    /// Phase 6 of all sequences begins together, when the last of them is decided.
    fn open_gate(&mut self) -> bool {
        let decided =
            |sequence: &Sequence| sequence.is_over() || sequence.phase() == Some(Phase::Releases);
        if self.gate_is_open || !self.sequences.iter().all(decided) {
            return false;
        }
        self.gate_is_open = true;
        for sequence in &mut self.sequences {
            sequence.begin_releases();
        }
        true
    }
}

/// A truth value of one byte, 0 or 1 and nothing else.
mod bool8 {
    use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

    #[derive(
        Clone,
        Copy,
        Debug,
        PartialEq,
        Eq,
        TlsSerialize,
        TlsDeserialize,
        TlsDeserializeBytes,
        TlsSize,
    )]
    #[repr(u8)]
    pub enum Flag {
        No = 0,
        Yes = 1,
    }

    impl From<bool> for Flag {
        fn from(value: bool) -> Self {
            if value { Self::Yes } else { Self::No }
        }
    }

    impl From<Flag> for bool {
        fn from(flag: Flag) -> Self {
            flag == Flag::Yes
        }
    }
}
