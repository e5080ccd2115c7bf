//! What a node reads of a Round: a member's message, its own stored state, its own stored share.

use std::sync::LazyLock;

use round::{Entry, Message, ReleaseShare, Sequence, SequenceState};

use crate::round_runs::{reader, recorded, stored};

/// A good run of one lane.
static RUN: LazyLock<Vec<(Entry, Message)>> = LazyLock::new(|| recorded(1));

/// A message of a run: alone, and as an entry of a log that is good otherwise.
pub fn round_message(bytes: &[u8]) {
    let Ok(message) = Message::decode(bytes) else {
        return;
    };
    assert_eq!(message.encode(), bytes);
    let mut fold = reader(1);
    let _ = fold.apply(RUN[0].0, &message);
}

/// A stored state, and what a node does with it: it goes on.
pub fn sequence_state(bytes: &[u8]) {
    let Ok(state) = SequenceState::decode(bytes) else {
        return;
    };
    assert_eq!(state.encode(), bytes);
    let Ok(mut fold) = Sequence::restore(state) else {
        return;
    };
    assert!(fold.roster().len() <= fold.terms().opening.len());
    let again = fold.snapshot().unwrap_or_else(|| fold.checkpoint());
    let again = Sequence::restore(again).expect("what a fold stores is whole");
    assert_eq!(again.ctx_r(), fold.ctx_r());
    assert_eq!(again.awaited(), fold.awaited());
    for (entry, message) in &*RUN {
        let _ = fold.apply(*entry, message);
    }
}

/// A stored share.
pub fn release_share(bytes: &[u8]) {
    if let Ok(share) = ReleaseShare::decode(bytes) {
        assert_eq!(share.encode().as_slice(), bytes);
        let message = share.message().encode();
        assert!(Message::decode(&message) == Ok(share.message()));
    }
}

/// Every message of a good run.
pub fn messages() -> Vec<Vec<u8>> {
    RUN.iter().map(|(_, message)| message.encode()).collect()
}

/// Every state of a good run.
pub fn states() -> Vec<Vec<u8>> {
    stored(1).iter().map(SequenceState::encode).collect()
}

/// The shares of a good run, as a node stores them.
pub fn shares() -> Vec<Vec<u8>> {
    let released = RUN.iter().filter_map(|(_, message)| {
        let Message::Release(release) = message else {
            return None;
        };
        Some(release)
    });
    released
        .map(|release| {
            let head = [1].into_iter().chain(release.ctx);
            let member = release.member.0.to_be_bytes();
            head.chain(member).chain(release.share).collect()
        })
        .collect()
}
