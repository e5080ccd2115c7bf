//! This seat's part in one Round, from START to its end. The fold of the run is public and is
//! rebuilt after a restart; the secret half lives in this process alone and dies with it.

use room::RoundId;
use round::{Contributor, Decision, Phase, Sequence};
use wire::Timestamp;

use crate::locks::TextHash;

/// The Round that is being collected.
pub(crate) struct Play {
    pub(crate) round: RoundId,
    pub(crate) sequence: Sequence,
    /// Log time of the window's end.
    pub(crate) window_end_ms: u64,
    /// Rows of the current run's messages in the vault.
    pub(crate) rows: Vec<Vec<u8>>,
    /// None before JOIN, after the run's end, and for ever in a run that began before a restart.
    pub(crate) contributor: Option<Contributor>,
    /// What this seat has decided about the current run: durable whenever it changes.
    pub(crate) decision: Decision,
    /// The run that this process may join: one that began while it was running.
    pub(crate) own_run: Option<u32>,
    /// (run, phase) as this node saw it last, and since when, by its own clock.
    pub(crate) step: (u32, Option<Phase>),
    pub(crate) step_began: Timestamp,
    /// When this seat's message of the step leaves; none once it is said.
    pub(crate) speak_at: Option<Timestamp>,
    /// No CLOSE before, by this node's clock.
    pub(crate) close_after: Timestamp,
    /// The text that is sealed into the run under way.
    pub(crate) sealed_text: Option<TextHash>,
    /// The run that this restarted node has left.
    pub(crate) left_run: Option<u32>,
}

impl Play {
    /// A Round that starts while this process is running.
    pub(crate) fn new(
        round: RoundId,
        sequence: Sequence,
        window_end_ms: u64,
        now: Timestamp,
    ) -> Play {
        let step = (sequence.run_number(), sequence.phase());
        Play {
            round,
            sequence,
            window_end_ms,
            rows: Vec::new(),
            contributor: None,
            decision: Decision::None,
            own_run: Some(step.0),
            step,
            step_began: now,
            speak_at: None,
            close_after: now,
            sealed_text: None,
            left_run: None,
        }
    }

    /// A Round that an earlier process of this node saw: no step in its current run but LEAVE.
    pub(crate) fn resumed(round: RoundId, sequence: Sequence, window_end_ms: u64) -> Play {
        let start = Play::new(round, sequence, window_end_ms, Timestamp::from_ms(0));
        Play {
            own_run: None,
            ..start
        }
    }

    /// For the vault: [`crate::records::play_of`] reads it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        crate::records::play_row(self)
    }

    /// Destroys what is secret, at once.
    pub(crate) fn forget(&mut self) {
        self.contributor = None;
        self.own_run = None;
    }
}
