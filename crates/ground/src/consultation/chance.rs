//! Numbers that look like chance and come from the input alone: equal input, equal numbers.

use rayon::prelude::*;

use super::votes::{Cast, Votes};

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Starts from what was hashed.
    pub fn from_seed(seed: u64) -> Chance {
        Chance(seed)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let value = (self.bits() >> 11) as f64;
        value / 9_007_199_254_740_992.0
    }

    /// Below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.bits()) * (bound as u128);
        (wide >> 64) as usize
    }
}

fn mix(value: u64) -> u64 {
    let z = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Of one person's votes.
pub fn hash_of(votes: &[Cast]) -> u64 {
    votes.iter().fold(0x517c_c1b7_2722_0a95, |hash, cast| {
        mix(hash ^ u64::from(cast.bits())).wrapping_add(0x9e37_79b9_7f4a_7c15)
    })
}

/// Of all votes, whatever the order of people.
pub fn seed_of(votes: &Votes) -> u64 {
    let people = (0..votes.people()).into_par_iter();
    let hashes = people.map(|person| hash_of(votes.of(person)));
    mix(hashes.reduce(|| 0, u64::wrapping_add))
}

/// At most `limit` people, chosen and ordered by a hash of what they voted, so that the order of rows
/// changes nothing. Who voted the same is the same here.
pub fn chosen(votes: &Votes, among: &[usize], limit: usize) -> Vec<usize> {
    let mut hashed: Vec<(u64, usize)> = among
        .par_iter()
        .map(|person| (hash_of(votes.of(*person)), *person))
        .collect();
    if hashed.len() > limit {
        hashed.select_nth_unstable_by(limit, |a, b| a.0.cmp(&b.0));
        // Ties at the edge: the rest of them must not depend on the order of rows.
        let edge = hashed.get(limit).map_or(u64::MAX, |last| last.0);
        let below = hashed.iter().filter(|(hash, _)| *hash < edge).count();
        let mut kept: Vec<(u64, usize)> = hashed
            .iter()
            .filter(|(hash, _)| *hash < edge)
            .copied()
            .collect();
        let ties = hashed.iter().filter(|(hash, _)| *hash == edge).copied();
        kept.extend(ties.take(limit - below));
        hashed = kept;
    }
    hashed.sort_by(|a, b| {
        let content = || votes.of(a.1).cmp(votes.of(b.1));
        a.0.cmp(&b.0).then_with(content)
    });
    hashed.into_iter().map(|(_, person)| person).collect()
}
