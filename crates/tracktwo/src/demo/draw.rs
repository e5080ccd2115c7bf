//! Choices by seed: the same seed tells the same story on every machine.
//! For names and texts only; nothing secret may ever come from here.

/// A sequence of choices (SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
pub struct Draw {
    state: u64,
}

impl Draw {
    /// A sequence of its own for each `purpose`, so that one never shifts another.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a spreads the purpose over the state.
        let spread = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let state = purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, spread);
        let mut draw = Draw { state };
        draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An index below `count`; 0 where there is none.
    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// One of `choices`; empty where there is none.
    pub fn one<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices
            .get(self.below(choices.len()))
            .copied()
            .unwrap_or("")
    }

    /// All of `items` in another order.
    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_a_purpose_stands_alone() {
        let numbers = |seed, purpose| -> Vec<usize> {
            let mut draw = Draw::new(seed, purpose);
            (0..20).map(|_| draw.below(1000)).collect()
        };
        assert_eq!(numbers(7, "names"), numbers(7, "names"));
        assert_ne!(numbers(7, "names"), numbers(8, "names"));
        assert_ne!(numbers(7, "names"), numbers(7, "texts"));
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut shuffled = Draw::new(1, "x").shuffled((0..50).collect::<Vec<_>>());
        assert_ne!(shuffled, (0..50).collect::<Vec<_>>());
        shuffled.sort_unstable();
        assert_eq!(shuffled, (0..50).collect::<Vec<_>>());
    }
}
