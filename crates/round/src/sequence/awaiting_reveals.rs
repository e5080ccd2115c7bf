//! Phase 7, after a counting NOGO: everybody shows the blame root of a run that nobody can read any
//! more. With the last one everything is recomputed, and whoever said something impossible is out.

use std::collections::BTreeMap;

use tls_codec::VLBytes;

use super::Run;
use super::record::Record;
use super::stage::{Completed, Stage};
use crate::blame::{Evidence, judge};
use crate::field::Fe;
use crate::hash::Hash;
use crate::kem::Root;
use crate::message::{Phase, Reveal};
use crate::roster::MemberIndex;
use crate::terms::Terms;

/// The NOGO that counted.
#[derive(Clone, Copy)]
pub(crate) struct Charge {
    pub(crate) by: MemberIndex,
    /// Slots or Vectors.
    pub(crate) phase: Phase,
    /// What it showed: equal to what this reader found.
    pub(crate) evidence: Hash,
}

/// Everything that was said before the NOGO, and the roots so far.
#[derive(Clone)]
pub(crate) struct AwaitingReveals {
    charge: Charge,
    record: Record,
    tags: Vec<Vec<Fe>>,
    /// By index; empty where only phase 3 is in question.
    vectors: Vec<VLBytes>,
    roots: BTreeMap<MemberIndex, [u8; 32]>,
}

impl AwaitingReveals {
    pub(crate) fn new(
        charge: Charge,
        record: Record,
        tags: Vec<Vec<Fe>>,
        vectors: Vec<VLBytes>,
    ) -> Self {
        Self {
            charge,
            record,
            tags,
            vectors,
            roots: BTreeMap::new(),
        }
    }

    /// What the NOGO showed.
    pub(crate) fn evidence(&self) -> Hash {
        self.charge.evidence
    }

    pub(crate) fn has_heard(&self, member: MemberIndex) -> bool {
        self.roots.contains_key(&member)
    }

    /// Takes a root. Whether it is the right one shows when all are there.
    pub(crate) fn hear(&mut self, from: MemberIndex, reveal: &Reveal) {
        self.roots.insert(from, reveal.root);
    }

    /// Everybody has revealed: nothing of the run is hidden but what was sealed.
    pub(crate) fn complete(self, terms: &Terms, run: &Run) -> Completed {
        let roots = self.roots(run);
        let out = judge(&self.case(terms, run, &roots));
        Completed::Ends {
            stage: Stage::Reveals(self),
            out,
        }
    }

    /// By index: here everybody has revealed.
    pub(crate) fn roots(&self, run: &Run) -> Vec<Root> {
        let owned = |(member, root): (&MemberIndex, &[u8; 32])| {
            let id = run.roster.id(*member)?;
            Some(Root::revealed(*root, *id))
        };
        self.roots.iter().filter_map(owned).collect()
    }

    /// All that blame looks at.
    pub(crate) fn case<'a>(&'a self, terms: &Terms, run: &Run, roots: &'a [Root]) -> Evidence<'a> {
        Evidence {
            ctx: run.ctx,
            n: run.size(),
            lanes: terms.lanes,
            slot_bytes: terms.slot(),
            record: &self.record,
            tags: &self.tags,
            vectors: &self.vectors,
            roots,
            accuser: self.charge.by,
        }
    }
}
