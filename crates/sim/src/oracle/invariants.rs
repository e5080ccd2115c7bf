//! The three invariants, on everything that was said and written, over all forks and copies.

use std::collections::{BTreeMap, BTreeSet};

use round::{Decision, Hash, Message};

use super::{Failure, Oracle};
use crate::arena::Arena;
use crate::knowledge::Part;
use crate::record::{Said, kind, phase_of};

pub(super) fn judge(arena: &Arena, parts: &[Part]) -> Vec<Failure> {
    let mut failures = Vec::new();
    failures.extend(revealed_and_released(arena));
    failures.extend(two_rosters(arena, parts));
    failures.extend(spoke_twice(arena));
    failures.extend(copy_speaks(arena));
    failures.extend(undecided_join(arena));
    failures.extend(revealed_unasked(arena));
    failures.extend(proof_shows_share(arena));
    let early = arena.record.early_releases.first();
    failures.extend(early.map(|node| Oracle::ReleasedEarly.failed(format!("node {node}"))));
    let commits = arena.record.commits_in_runs.first();
    failures.extend(commits.map(|node| Oracle::CommitInRun.failed(format!("node {node}"))));
    failures.extend(secret_on_disk(arena));
    failures.extend(sizes_differ(arena));
    failures
}

fn honest(arena: &Arena) -> impl Iterator<Item = &Said> {
    arena.record.said.iter().filter(|said| said.honest)
}

/// I1.
fn revealed_and_released(arena: &Arena) -> Option<Failure> {
    let mut said: BTreeMap<(usize, Hash), &str> = BTreeMap::new();
    for word in honest(arena) {
        let which = match &*word.message {
            Message::Reveal(_) | Message::Release(_) => kind(&word.message),
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_) => continue,
        };
        let key = (word.seat, *word.message.ctx());
        if *said.entry(key).or_insert(which) != which {
            let what = format!("seat {} in one run", word.seat);
            return Some(Oracle::RevealedAndReleased.failed(what));
        }
    }
    None
}

/// Two proofs with one R: from one x follows the other, and from two of one x the x itself.
fn proof_shows_share(arena: &Arena) -> Option<Failure> {
    let mut seen: BTreeMap<Hash, Hash> = BTreeMap::new();
    for word in honest(arena) {
        let Message::Join(join) = &*word.message else {
            continue;
        };
        let (commitment, response) = (join.pop.commitment, join.pop.response);
        if *seen.entry(commitment).or_insert(response) != response {
            let what = format!("of seat {}", word.seat);
            return Some(Oracle::ProofShowsShare.failed(what));
        }
    }
    None
}

/// A node that joins a run has decided about every run that it joined before.
fn undecided_join(arena: &Arena) -> Option<Failure> {
    let rows = decisions(arena);
    for word in honest(arena) {
        let Message::Join(join) = &*word.message else {
            continue;
        };
        let of_seat = rows
            .iter()
            .filter(|d| d.1 == word.seat && d.0 <= word.order);
        let joined = of_seat
            .clone()
            .filter(|d| d.3 == Decision::None as u8 && d.2 != join.ctx);
        for earlier in joined {
            let decided =
                |d: &&(u64, usize, Hash, u8)| d.2 == earlier.2 && d.3 != Decision::None as u8;
            if !of_seat.clone().any(|d| decided(&d)) {
                let what = format!("seat {} joins with a run undecided", word.seat);
                return Some(Oracle::UndecidedJoin.failed(what));
            }
        }
    }
    None
}

/// Nobody shows its root but in answer to a NOGO, with the evidence of that one.
fn revealed_unasked(arena: &Arena) -> Option<Failure> {
    let asked: BTreeSet<(Hash, Hash)> = arena
        .record
        .said
        .iter()
        .filter_map(|said| match &*said.message {
            Message::Nogo(nogo) => Some((nogo.ctx, nogo.evidence)),
            Message::Join(_)
            | Message::Kem(_)
            | Message::Slot(_)
            | Message::Dc(_)
            | Message::Go(_)
            | Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => None,
        })
        .collect();
    for word in honest(arena) {
        if let Message::Reveal(reveal) = &*word.message
            && !asked.contains(&(reveal.ctx, reveal.evidence))
        {
            let what = format!("seat {}", word.seat);
            return Some(Oracle::RevealedUnasked.failed(what));
        }
    }
    None
}

/// A decision of a node, and when it was written.
fn decisions(arena: &Arena) -> Vec<(u64, usize, Hash, u8)> {
    let rows = arena.record.rows.iter().filter_map(|row| {
        let ctx = row.key.strip_prefix(b"decision/".as_slice())?;
        let seat = arena.nodes.get(row.node)?.seat;
        Some((row.order, seat, ctx.try_into().ok()?, *row.value.first()?))
    });
    rows.collect()
}

/// I2: before a text is sealed for another roster, every earlier run with it has ended unread.
fn two_rosters(arena: &Arena, parts: &[Part]) -> Option<Failure> {
    let decisions = decisions(arena);
    let mut by_text: BTreeMap<(usize, &str), Vec<&Part>> = BTreeMap::new();
    for part in parts {
        if let Some(text) = &part.text {
            by_text.entry((part.seat, text)).or_default().push(part);
        }
    }
    for ((seat, text), parts) in by_text {
        for later in &parts {
            for earlier in parts.iter().filter(|part| part.order < later.order) {
                if arena.roster(&earlier.ctx) == arena.roster(&later.ctx) {
                    continue;
                }
                let of_run = decisions
                    .iter()
                    .filter(|d| d.1 == seat && d.2 == earlier.ctx);
                let dead = [Decision::Ended as u8, Decision::Reveal as u8];
                let ended = of_run
                    .clone()
                    .any(|d| d.0 <= later.order && dead.contains(&d.3));
                let released = of_run.clone().any(|d| d.3 == Decision::Release as u8);
                if released || !ended {
                    let what = format!("seat {seat} gave {text:?} to two rosters");
                    return Some(Oracle::TwoRosters.failed(what));
                }
            }
        }
    }
    None
}

/// I3, what is said. A copy of a vault, of before `joined`, may join the same run once more: then all that follows is bound to another T1, and what is bound to the same one is its own.
fn spoke_twice(arena: &Arena) -> Option<Failure> {
    let mut said: BTreeMap<(usize, u32, Hash, Hash, u8), &Message> = BTreeMap::new();
    for word in honest(arena) {
        let Some(phase) = phase_of(&word.message) else {
            continue;
        };
        let (copy, bound) = match &*word.message {
            Message::Kem(kem) => (0, kem.t1),
            Message::Slot(slot) => (0, slot.t2),
            Message::Dc(dc) => (0, dc.t3),
            Message::Join(_)
            | Message::Go(_)
            | Message::Nogo(_)
            | Message::Release(_)
            | Message::Close(_)
            | Message::Leave(_)
            | Message::GiveUp(_)
            | Message::Reveal(_) => (word.copy, [0; 32]),
        };
        let key = (word.seat, copy, *word.message.ctx(), bound, phase as u8);
        let first = *said.entry(key).or_insert(&word.message);
        if *first != *word.message {
            let what = format!("seat {}: {} twice", word.seat, kind(&word.message));
            return Some(Oracle::SpokeTwice.failed(what));
        }
    }
    None
}

/// A copy of a vault says nothing any more once it has seen that it is one.
fn copy_speaks(arena: &Arena) -> Option<Failure> {
    let silent = arena.nodes.iter().zip(0..).filter_map(|(node, at)| {
        let since = node.restored_since.or(node.is_older_since)?;
        let mut later = honest(arena).filter(move |word| word.node == at && word.order > since);
        later.next()
    });
    let word = silent.into_iter().next()?;
    let what = format!("seat {}: {}", word.seat, kind(&word.message));
    Some(Oracle::CopySpeaks.failed(what))
}

/// I3, what is written: no secret of a run stands in any row before the transaction of its decision.
fn secret_on_disk(arena: &Arena) -> Option<Failure> {
    let decisions = decisions(arena);
    let from = |seat: usize, ctx: Hash, decision: Decision| {
        let of_run = decisions.iter().filter(|d| d.1 == seat && d.2 == ctx);
        of_run.filter(|d| d.3 == decision as u8).map(|d| d.0).min()
    };
    let mut secrets: BTreeMap<[u8; 8], Vec<([u8; 32], u64, String)>> = BTreeMap::new();
    let mut known: BTreeSet<[u8; 32]> = BTreeSet::new();
    for ((node, ctx), kept) in &arena.record.secrets {
        let Some(seat) = arena.nodes.get(*node).map(|node| node.seat) else {
            continue;
        };
        let root = (kept.root, from(seat, *ctx, Decision::Reveal), "root");
        // One that draws the same x again and again gives away with one run's share what was another's.
        let x = kept.x.filter(|_| arena.script.repeats != Some(seat));
        let x = (x, from(seat, *ctx, Decision::Release), "share");
        let pairs = kept
            .pairs
            .iter()
            .map(|(_, key)| (Some(*key), None, "pair key"));
        for (secret, allowed, name) in [root, x].into_iter().chain(pairs) {
            let Some(secret) = secret else { continue };
            let head = *secret.first_chunk().expect("it has 32 bytes");
            let what = format!("{name} of seat {seat}");
            known.insert(secret);
            let entry = (secret, allowed.unwrap_or(u64::MAX), what);
            secrets.entry(head).or_default().push(entry);
        }
    }
    let filter: Vec<bool> = filter_of(secrets.keys());
    for row in &arena.record.rows {
        for (at, window) in row.value.windows(8).enumerate() {
            if !filter[usize::from(u16::from_le_bytes([window[0], window[1]]))] {
                continue;
            }
            let head: [u8; 8] = window.try_into().expect("eight bytes");
            for (secret, allowed, what) in secrets.get(&head).into_iter().flatten() {
                let whole = row.value.get(at..at + 32) == Some(secret.as_slice());
                if whole && row.order < *allowed {
                    let key = String::from_utf8_lossy(&row.key).into_owned();
                    let what = format!("the {what} in row {key:?}");
                    return Some(Oracle::SecretOnDisk.failed(what));
                }
            }
        }
    }
    None
}

/// Which first two bytes any secret has.
fn filter_of<'a>(heads: impl Iterator<Item = &'a [u8; 8]>) -> Vec<bool> {
    let mut filter = vec![false; 1 << 16];
    for head in heads {
        filter[usize::from(u16::from_le_bytes([head[0], head[1]]))] = true;
    }
    filter
}

/// (f) All honest messages of a phase of a run have one size.
fn sizes_differ(arena: &Arena) -> Option<Failure> {
    let mut sizes: BTreeMap<(Hash, &str), usize> = BTreeMap::new();
    for word in honest(arena) {
        let (key, size) = (
            (*word.message.ctx(), kind(&word.message)),
            word.message.encode().len(),
        );
        if *sizes.entry(key).or_insert(size) != size {
            let what = format!("{} of seat {}", kind(&word.message), word.seat);
            return Some(Oracle::SizesDiffer.failed(what));
        }
    }
    None
}
