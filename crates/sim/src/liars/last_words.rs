//! Cheats in phases 6 and 7: the share of the content, and the blame secret.

use round::{MemberIndex, Message, Release, Reveal, parts};

use super::Cheat;
use super::crook::{LiarRun, Scene, other};

pub(super) fn release(run: &LiarRun, cheat: Option<Cheat>) -> Option<Vec<Message>> {
    let mut release = Release {
        ctx: run.ctx,
        member: MemberIndex(run.me),
        share: run.drawn.x,
    };
    match cheat {
        Some(Cheat::Silent) => return Some(Vec::new()),
        Some(Cheat::WrongRelease) => release.share[0] ^= 1,
        Some(Cheat::NonCanonical) => release.share = [0xFF; 32],
        Some(Cheat::WrongTranscript) => release.ctx = other(release.ctx),
        Some(_) | None => {}
    }
    Some(vec![Message::Release(release)])
}

pub(super) fn reveal(run: &LiarRun, cheat: Option<Cheat>, scene: &Scene) -> Option<Vec<Message>> {
    let mut reveal = Reveal {
        ctx: run.ctx,
        evidence: parts::charge(scene.fold)?,
        root: run.drawn.root,
    };
    match cheat {
        Some(Cheat::Silent) => return Some(Vec::new()),
        Some(Cheat::WrongRoot) => reveal.root = other(reveal.root),
        Some(Cheat::WrongTranscript) => reveal.evidence = other(reveal.evidence),
        Some(_) | None => {}
    }
    Some(vec![Message::Reveal(reveal)])
}
