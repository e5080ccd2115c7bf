//! The relays of a dialogue, in the order in which they are tried: at least one, and a few at most.

use wire::RelayAddress;

use crate::limits::RELAYS_OF_A_DIALOGUE;

/// One to [`RELAYS_OF_A_DIALOGUE`] addresses, none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relays {
    first: RelayAddress,
    others: Vec<RelayAddress>,
}

impl Relays {
    /// A dialogue with one relay.
    pub fn one(first: RelayAddress) -> Relays {
        Relays {
            first,
            others: Vec::new(),
        }
    }

    /// In this order; `None` for no address, too many, or one that comes twice.
    pub fn parse(mut all: Vec<RelayAddress>) -> Option<Relays> {
        let mut earlier = (1_usize..).zip(&all);
        let twice = earlier.any(|(next, one)| all.iter().skip(next).any(|other| other == one));
        if all.is_empty() || all.len() > RELAYS_OF_A_DIALOGUE || twice {
            return None;
        }
        let others = all.split_off(1);
        let first = all.pop()?;
        Some(Relays { first, others })
    }

    /// The one that is tried first.
    pub fn first(&self) -> &RelayAddress {
        &self.first
    }

    /// All of them, in order.
    pub fn all(&self) -> impl Iterator<Item = &RelayAddress> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The same with another one in front; the last one goes where they would be too many.
    pub(crate) fn beginning_with(&self, first: RelayAddress) -> Relays {
        let others = self.all().filter(|relay| **relay != first);
        let others = others.take(RELAYS_OF_A_DIALOGUE.saturating_sub(1));
        Relays {
            others: others.cloned().collect(),
            first,
        }
    }

    /// The one for an attempt, from 0: after the last comes the first.
    pub(crate) fn of_attempt(&self, attempt: usize) -> &RelayAddress {
        let count = self.others.len().saturating_add(1);
        let at = attempt.checked_rem(count).unwrap_or_default();
        self.all().nth(at).unwrap_or(&self.first)
    }

    /// For the vault: one line each.
    pub(crate) fn to_lines(&self) -> String {
        let lines: Vec<String> = self.all().map(RelayAddress::to_string).collect();
        lines.join("\n")
    }

    pub(crate) fn of_lines(bytes: &[u8]) -> Option<Relays> {
        let lines = std::str::from_utf8(bytes).ok()?.lines();
        let all: Option<Vec<RelayAddress>> = lines.map(|line| line.parse().ok()).collect();
        Relays::parse(all?)
    }
}
