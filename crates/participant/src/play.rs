//! This seat's part in one Round, from START to its end. The fold of the runs is public and is
//! rebuilt after a restart; the secret half lives in this process alone and dies with it.

use room::{RoundId, SideId};
use round::rules::{Rule, holds};
use round::{Collection, Contributor, Decision, Phase, ReleaseShare, Sequence};
use wire::Timestamp;

use crate::close_phase::Watch;
use crate::locks::TextHash;
use crate::view::Holding;

/// The Round that is being collected.
pub(crate) struct Play {
    pub(crate) round: RoundId,
    pub(crate) collection: Collection,
    /// Whose each sequence is, as the room's events name it.
    pub(crate) sides: Vec<Option<SideId>>,
    /// Log time of the window's end.
    pub(crate) window_end_ms: u64,
    /// Rows of the messages in the vault since a sequence's last record, by its place.
    pub(crate) rows: Vec<(usize, Vec<u8>)>,
    /// The place of the sequence that this seat takes part in, or took part in.
    pub(crate) own: Option<usize>,
    /// None before JOIN, after the run's end, and for ever in a run that began before a restart.
    pub(crate) contributor: Option<Contributor>,
    /// What this seat has decided about its current run: durable whenever it changes.
    pub(crate) decision: Decision,
    /// Decided to be released, and held until the gate opens.
    pub(crate) share: Option<ReleaseShare>,
    /// The run of the own sequence that this process may join: one that began while it was running.
    pub(crate) own_run: Option<u32>,
    /// (run, phase) of the own sequence as this node saw it last.
    pub(crate) step: (u32, Option<Phase>),
    /// When this seat's message of the step leaves; none before it was noticed.
    pub(crate) speak_at: Option<Timestamp>,
    /// Each sequence as this node watches it.
    pub(crate) watches: Vec<Watch>,
    /// The text that is sealed into the run under way.
    pub(crate) sealed_text: Option<TextHash>,
    /// The run that this restarted node has left.
    pub(crate) left_run: Option<u32>,
}

impl Play {
    /// A Round that starts while this process is running.
    pub(crate) fn new(
        round: RoundId,
        collection: Collection,
        sides: Vec<Option<SideId>>,
        window_end_ms: u64,
        own_leaf: u32,
    ) -> Play {
        let found = collection.of_leaf(own_leaf);
        let own = found.map(|(at, _)| at);
        let step = found.map_or((0, None), |(_, own)| (own.run_number(), own.phase()));
        let watches = collection.sequences().iter().map(Watch::begin).collect();
        Play {
            round,
            collection,
            sides,
            window_end_ms,
            rows: Vec::new(),
            own,
            contributor: None,
            decision: Decision::None,
            share: None,
            own_run: Some(step.0),
            step,
            speak_at: None,
            watches,
            sealed_text: None,
            left_run: None,
        }
    }

    /// A Round that an earlier process of this node saw: no step in its current run but LEAVE.
    pub(crate) fn resumed(self) -> Play {
        Play {
            own_run: self.own_run.filter(|_| !holds(Rule::NoStepAfterRestart)),
            ..self
        }
    }

    /// The sequence that this seat takes part in.
    pub(crate) fn own(&self) -> Option<&Sequence> {
        self.collection.sequences().get(self.own?)
    }

    /// Which holding of the Round it is: all sequences go by one START.
    pub(crate) fn held(&self) -> Option<Holding> {
        let first = self.collection.sequences().first();
        first.map(|sequence| sequence.terms().ctx0)
    }

    /// Whether the own sequence's current run began while this process was running.
    pub(crate) fn is_own_run(&self) -> bool {
        self.own_run.is_some() && self.own_run == self.own().map(Sequence::run_number)
    }

    /// For the vault: [`crate::records::play_of`] reads it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        crate::records::play_row(self)
    }

    /// Destroys what is secret, at once.
    pub(crate) fn forget(&mut self) {
        self.contributor = None;
        self.share = None;
        self.own_run = None;
    }
}
