//! All secrets that the honest can draw in one run, counted through, and what each lets a coalition see.

use super::run::Run;
use super::scene::{Mutant, Scene, ShownSums};
use super::view::Views;

/// Secrets of a run that are not counted through, because another run has the same.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub(super) tags: Option<Vec<u64>>,
    pub(super) seals: Option<Vec<u64>>,
    /// By pair, then slot.
    pub(super) bytes: Option<Vec<u64>>,
}

/// All lists of `length` numbers below `radix`.
pub(super) fn numbers(radix: u64, length: usize) -> impl Iterator<Item = Vec<u64>> {
    (0..radix.pow(length as u32)).map(move |mut code| {
        let mut list = vec![0; length];
        for digit in &mut list {
            (*digit, code) = (code % radix, code / radix);
        }
        list
    })
}

impl<const P: u64> Scene<P> {
    /// The pairs of honest seats, which alone have pads that the coalition does not know.
    pub(super) fn pairs(&self) -> Vec<(usize, usize)> {
        let honest = self.honest().len();
        (0..honest)
            .flat_map(|a| (a + 1..honest).map(move |b| (a, b)))
            .collect()
    }

    /// All tags: the nonzero elements, for each honest seat.
    pub(super) fn all_tags(&self) -> Vec<Vec<u64>> {
        let plus_one = |tags: Vec<u64>| tags.into_iter().map(|tag| tag + 1).collect();
        numbers(P - 1, self.honest().len()).map(plus_one).collect()
    }

    /// All e, by honest seat; the second DC of the mutant is sealed with the last of them.
    pub(super) fn all_seals(&self) -> Vec<Vec<u64>> {
        let honest = self.honest().len();
        if self.does(Mutant::Unsealed) {
            return vec![vec![0; honest]];
        }
        let twice = usize::from(self.does(Mutant::DcAgainWithFreshSeal));
        numbers(1 << self.bits, honest * (1 + twice)).collect()
    }

    /// All payload pads, by pair, then slot.
    pub(super) fn all_bytes(&self) -> Vec<Vec<u64>> {
        let length = self.pairs().len() * self.n();
        if self.does(Mutant::NoPadBetweenTheHonest) {
            return vec![vec![0; length]];
        }
        numbers(1 << self.bits, length).collect()
    }

    /// All slot pads, by pair, then power.
    fn all_words(&self) -> Vec<Vec<u64>> {
        let (pairs, n) = (self.pairs().len(), self.n());
        if self.does(Mutant::NoPadBetweenTheHonest) || self.shown == ShownSums::Total {
            return vec![vec![0; pairs * n]];
        }
        if self.does(Mutant::PadWordReused) {
            let repeat = |words: Vec<u64>| words.iter().flat_map(|word| vec![*word; n]).collect();
            return numbers(P, pairs).map(repeat).collect();
        }
        numbers(P, pairs * n).collect()
    }

    /// The multiset of what is seen, over all secrets. `payloads` are by person.
    pub(super) fn views(&self, payloads: &[u8], kept: &Kept) -> Views {
        let or_all = |kept: &Option<Vec<u64>>, all: fn(&Self) -> Vec<Vec<u64>>| {
            kept.clone().map_or_else(|| all(self), |kept| vec![kept])
        };
        let all_tags = or_all(&kept.tags, Self::all_tags);
        let all_seals = or_all(&kept.seals, Self::all_seals);
        let all_bytes = or_all(&kept.bytes, Self::all_bytes);
        let all_words = self.all_words();
        let mut seen = Vec::new();
        for tags in &all_tags {
            for words in &all_words {
                let run = Run::new(self, tags, words);
                if run.is_over() {
                    // No seal and no payload pad is part of it.
                    seen.push((run.without_vectors(), 1));
                    continue;
                }
                for seals in &all_seals {
                    let sealed = run.seal(payloads, seals);
                    seen.extend(all_bytes.iter().map(|bytes| (run.view(&sealed, bytes), 1)));
                }
            }
        }
        Views::count(seen)
    }
}
