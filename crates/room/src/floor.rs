//! The floors: how small a crowd may be. Nobody can lower them.

use crate::limits::{CROWD_MEMORY_MS, CROWD_MEMORY_ROUNDS, FLOOR_MIN, FLOOR_PERCENT};
use crate::open_round::Audience;
use crate::rounds::Crowd;
use crate::rules::{Rule, holds};

/// Fewest seats with which a Round of this opening roster runs: 5, 80 per cent
/// of the opening roster rounded up, or what OPEN asked for, whichever is most.
pub fn floor(opening: usize, asked: Option<u16>) -> usize {
    let asked = asked.map_or(0, usize::from);
    FLOOR_MIN.max(share_of(opening)).max(asked)
}

/// What a seat asks for itself unless its owner says otherwise: the floor that
/// the largest crowd of this kind would have had, of the last 30 days and of the last 8 Rounds. Days alone
/// would let a relay's clock that leaps by a month erase them.
pub fn default_own_minimum(crowds: &[Crowd], audience: Audience, now_ms: u64) -> usize {
    crowds
        .iter()
        .filter(|crowd| crowd.audience == audience && is_remembered(crowd, now_ms))
        .map(|crowd| floor(usize::from(crowd.size), None))
        .max()
        .unwrap_or(FLOOR_MIN)
}

/// Adds a crowd and drops those that no later question can depend on, so that
/// the list stays shorter than the largest roster for each kind of audience.
pub(crate) fn remember(crowds: &mut Vec<Crowd>, new: Crowd) {
    for old in crowds.iter_mut() {
        let same = old.audience == new.audience;
        old.later = old.later.saturating_add(u8::from(same));
    }
    crowds.retain(|old| {
        let is_outdone = old.audience == new.audience && old.size <= new.size;
        is_remembered(old, new.started_ms) && !is_outdone
    });
    crowds.push(new);
}

fn is_remembered(crowd: &Crowd, now_ms: u64) -> bool {
    let is_young = now_ms.saturating_sub(crowd.started_ms) <= CROWD_MEMORY_MS;
    is_young || (holds(Rule::CrowdsByRounds) && crowd.later < CROWD_MEMORY_ROUNDS)
}

fn share_of(opening: usize) -> usize {
    opening.saturating_mul(FLOOR_PERCENT).div_ceil(100)
}
