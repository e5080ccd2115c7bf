//! One attempt: its context, its members, and what is known of it so far.

use std::collections::BTreeMap;

use crate::hash::Hash;
use crate::roster::{Member, MemberIndex, Roster};
use crate::terms::Terms;
use crate::transcript::run_context;
use crate::verdict::Cause;

/// What all phases of a run share.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) number: u32,
    pub(crate) ctx: Hash,
    pub(crate) roster: Roster,
    /// The log head that settled the run before, or zeros.
    pub(crate) settled: Hash,
    pub(crate) began_ms: u64,
    pub(crate) phase_began_ms: u64,
    /// T1 to T4, as far as their phases are complete.
    pub(crate) transcripts: [Option<Hash>; 4],
    /// The message hashes of the phase that was completed last, by index. A contributor finds its
    /// own among them, or somebody else speaks in its name.
    pub(crate) said: Vec<Hash>,
    pub(crate) absent: BTreeMap<MemberIndex, Cause>,
}

impl Run {
    pub(crate) fn begin(
        terms: &Terms,
        number: u32,
        members: Vec<Member>,
        settled: Hash,
        began_ms: u64,
    ) -> Self {
        let ctx = run_context(terms, number, &members, &settled);
        Self {
            number,
            ctx,
            roster: Roster::place(&ctx, &members),
            settled,
            began_ms,
            phase_began_ms: began_ms,
            transcripts: [None; 4],
            said: Vec::new(),
            absent: BTreeMap::new(),
        }
    }

    /// The number of members; [`Terms::check`] keeps it at 100 or fewer.
    pub(crate) fn size(&self) -> u16 {
        u16::try_from(self.roster.len()).unwrap_or(u16::MAX)
    }
}
