//! One run as the coalition stages it: who sits there, what the coalition adds, how the run ends.

use crate::field::Residue;
use crate::pads::powers;

/// A seat of a roster. The number names a person over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    Honest(usize),
    Coalition,
}

/// What is done wrongly within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutant {
    /// One pad word for all power sums.
    PadWordReused,
    /// The pads of the honest are zero.
    NoPadBetweenTheHonest,
    /// The slot is the member's index, not the rank of its tag.
    SlotsById,
    /// The payload itself stands in the slot.
    Unsealed,
    /// Who released its content share reveals its root as well (I1).
    RevealsAndReleases,
    /// After DC another DC under the same pads, sealed with another e (I3).
    DcAgainWithFreshSeal,
}

/// How far a run comes, and what is shown at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// After JOIN and KEM, which hold nothing but keys.
    AfterKeys,
    AfterSlots,
    AfterVectors,
    /// After the GOs and NOGOs of the honest: somebody is silent.
    AfterVerdicts,
    /// A NOGO counts, true or false, and these seats of the honest (0, 1, ...) show their roots.
    Revealed(Vec<usize>),
    /// Everybody releases, where everybody said GO. Else as [`End::AfterVerdicts`].
    Released,
}

/// What of SLOT is part of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownSums {
    /// Every message, over all pad words.
    Each,
    /// The total alone. That the messages show no more is what [`ShownSums::Each`] proves.
    Total,
}

/// One run. Pads between the coalition and the honest are known to the coalition, and left out.
///
/// A coalition that waits for the others' messages gains nothing over one that fixes its own
/// beforehand: where each fixed move leads to equal views, so does a move chosen by what was seen.
#[derive(Clone, Debug)]
pub(super) struct Scene<const P: u64> {
    pub(super) roster: Vec<Seat>,
    /// Bits of a slot.
    pub(super) bits: u32,
    /// What the coalition's SLOT messages add to the power sums.
    pub(super) sums: Vec<Residue<P>>,
    /// What the coalition's DC vectors add to the slots.
    pub(super) flips: Vec<u8>,
    pub(super) end: End,
    pub(super) shown: ShownSums,
    pub(super) mutant: Option<Mutant>,
}

impl<const P: u64> Scene<P> {
    /// The first `honest` seats of `n` are honest; the coalition follows the protocol with the tags
    /// 1, 2, ..., and all is released.
    pub(super) fn new(honest: usize, n: usize, bits: u32) -> Self {
        let people = (0..honest).map(Seat::Honest);
        let roster: Vec<Seat> = people.chain((honest..n).map(|_| Seat::Coalition)).collect();
        let mut sums = vec![Residue::ZERO; n];
        for tag in 1..=(n - honest) as u64 {
            let own = powers(Residue::reduce(tag), n as u16);
            sums = sums.into_iter().zip(own).map(|(a, b)| a + b).collect();
        }
        Self {
            roster,
            bits,
            sums,
            flips: vec![0; n],
            end: End::Released,
            shown: ShownSums::Total,
            mutant: None,
        }
    }

    pub(super) fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }

    pub(super) fn showing(self, shown: ShownSums) -> Self {
        Self { shown, ..self }
    }

    pub(super) fn flipping(self, flips: &[u8]) -> Self {
        let flips = flips.to_vec();
        Self { flips, ..self }
    }

    pub(super) fn adding(self, sums: Vec<Residue<P>>) -> Self {
        Self { sums, ..self }
    }

    pub(super) fn with(self, mutant: Mutant) -> Self {
        let mutant = Some(mutant);
        Self { mutant, ..self }
    }

    pub(super) fn n(&self) -> usize {
        self.roster.len()
    }

    /// Index in the run, and person, of each honest seat.
    pub(super) fn honest(&self) -> Vec<(usize, usize)> {
        let seats = self.roster.iter().enumerate();
        seats
            .filter_map(|(index, seat)| match seat {
                Seat::Honest(person) => Some((index, *person)),
                Seat::Coalition => None,
            })
            .collect()
    }

    pub(super) fn does(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }
}
