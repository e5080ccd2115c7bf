//! What a coalition of all liars and the relay makes of everything that was ever said: it takes away
//! every pad that it knows, subtracts what it can, and looks whether anybody stands alone.

use std::collections::{BTreeMap, BTreeSet};

use round::parts::{self, Pair, Secrets};
use round::{Hash, Message, OpenedSlot};

use crate::arena::Arena;
use crate::oracle::{Failure, Oracle};
use crate::record::Said;

/// What one honest node contributed to one run.
pub struct Part<'a> {
    /// Whose.
    pub seat: usize,
    /// Which node.
    pub node: usize,
    /// The run.
    pub ctx: Hash,
    /// When DC left.
    pub order: u64,
    /// Its transcript of tags.
    pub t3: Hash,
    /// What it kept to itself.
    pub secrets: &'a Secrets,
    /// DC as it was sent.
    pub vector: &'a [u8],
    /// What it really put into each lane.
    pub lanes: Vec<Lane>,
    /// The text that it sealed, as far as all shares of its run exist anywhere.
    pub text: Option<String>,
    /// Everybody who is honest in the run released: the coalition can read it.
    pub readable: bool,
    /// Honest seats of the run.
    pub crowd: BTreeSet<usize>,
}

/// One lane of a contribution, without the pads.
#[derive(Clone, Default)]
pub struct Lane {
    /// Its tag.
    pub tag: u64,
    /// The slot in which it wrote; none where that is not one alone.
    pub slot: Option<u16>,
    /// What it wrote there.
    pub sealed: Vec<u8>,
}

/// Everything that honest members contributed in phase 4.
pub fn parts_of(arena: &Arena) -> Vec<Part<'_>> {
    let record = &arena.record;
    let honest = record.said.iter().filter(|said| said.honest);
    let mut parts: Vec<Part> = Vec::new();
    for said in honest {
        let Message::Dc(dc) = &*said.message else {
            continue;
        };
        let Some(secrets) = record.secrets.get(&(said.node, dc.ctx)) else {
            continue;
        };
        let crowd = crowd(arena, &dc.ctx);
        let mut part = Part {
            seat: said.seat,
            node: said.node,
            ctx: dc.ctx,
            order: said.order,
            t3: dc.t3,
            secrets,
            vector: dc.vector.as_slice(),
            lanes: Vec::new(),
            text: None,
            readable: crowd.iter().all(|seat| released(arena, *seat, &dc.ctx)),
            crowd,
        };
        part.lanes = lanes_of(arena, said, &part);
        part.text = text_of(arena, &part);
        parts.push(part);
    }
    parts
}

/// What stands in each lane, all pads taken away.
fn lanes_of(arena: &Arena, said: &Said, part: &Part) -> Vec<Lane> {
    let lanes = part.secrets.tags.len().max(1);
    let members = run_size(arena, &part.ctx).max(1);
    let bare = strip(part, |_| true);
    let size = (bare.len() / lanes / members).max(1);
    let tags = bare_tags(arena, said, part.secrets, members);
    let vectors = bare.chunks(size * members).map(|lane| {
        let slot = only_slot(lane, size);
        let own = slot.and_then(|slot| lane.chunks(size).nth(usize::from(slot)));
        (slot, own.unwrap_or_default().to_vec())
    });
    vectors
        .zip(tags)
        .map(|((slot, sealed), tag)| Lane { tag, slot, sealed })
        .collect()
}

fn run_size(arena: &Arena, ctx: &Hash) -> usize {
    arena.record.runs.get(ctx).map_or(0, |run| run.leaves.len())
}

/// The honest seats of a run.
fn crowd(arena: &Arena, ctx: &Hash) -> BTreeSet<usize> {
    let leaves = arena.record.runs.get(ctx).map(|run| run.leaves.as_slice());
    let seats = leaves.unwrap_or_default().iter();
    let seats = seats.filter_map(|leaf| arena.seat_at(*leaf));
    seats.filter(|seat| !arena.is_liar(*seat)).collect()
}

fn released(arena: &Arena, seat: usize, ctx: &Hash) -> bool {
    arena.record.said.iter().any(|said| {
        let share = matches!(&*said.message, Message::Release(release) if release.ctx == *ctx);
        said.seat == seat && share
    })
}

/// Whether a seat's blame secret of a run was ever said.
fn revealed(arena: &Arena, seat: usize, ctx: &Hash) -> bool {
    arena.record.said.iter().any(|said| {
        let root = matches!(&*said.message, Message::Reveal(reveal) if reveal.ctx == *ctx);
        said.seat == seat && root
    })
}

/// The first sum of each lane of this node's SLOT without its pads: its tag.
fn bare_tags(arena: &Arena, dc: &Said, secrets: &Secrets, members: usize) -> Vec<u64> {
    let mut slots = arena.record.said.iter().filter(|said| said.node == dc.node);
    let found = slots.find_map(|said| match &*said.message {
        Message::Slot(slot) if slot.ctx == secrets.ctx => Some(slot.sums.clone()),
        Message::Slot(_)
        | Message::Join(_)
        | Message::Kem(_)
        | Message::Dc(_)
        | Message::Go(_)
        | Message::Nogo(_)
        | Message::Release(_)
        | Message::Close(_)
        | Message::Leave(_)
        | Message::GiveUp(_)
        | Message::Reveal(_) => None,
    });
    let mut sums = found.unwrap_or_default();
    let lanes = sums.chunks_mut(members).zip(0u16..);
    lanes
        .map(|(sums, lane)| {
            for (peer, key) in &secrets.pairs {
                Pair::of(secrets.index, *peer, *key).strip_sums(lane, sums);
            }
            sums.first().copied().unwrap_or(0)
        })
        .collect()
}

/// A vector without the pads to some peers.
fn strip(part: &Part, takes: impl Fn(u16) -> bool) -> Vec<u8> {
    let mut bytes = part.vector.to_vec();
    let lanes = part.secrets.tags.len().max(1);
    let size = (bytes.len() / lanes).max(1);
    for (lane, bytes) in (0u16..).zip(bytes.chunks_mut(size)) {
        for (peer, key) in part.secrets.pairs.iter().filter(|(peer, _)| takes(*peer)) {
            Pair::of(part.secrets.index, *peer, *key).pad_vector(&part.t3, lane, bytes);
        }
    }
    bytes
}

/// The one slot that is not zero.
fn only_slot(bytes: &[u8], size: usize) -> Option<u16> {
    let chunks = bytes.chunks(size.max(1)).zip(0u16..);
    let mut used = chunks.filter(|(chunk, _)| chunk.iter().any(|byte| *byte != 0));
    match (used.next(), used.next()) {
        (Some((_, slot)), None) => Some(slot),
        _ => None,
    }
}

/// Whether nearly all of some bytes are zero: then it is no noise.
fn is_sparse(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    zeros * 4 > bytes.len()
}

/// The text of a statement. Ballots are not bound to a roster: the room's own rule guards them.
fn text_of(arena: &Arena, part: &Part) -> Option<String> {
    if part.lanes.len() != 1 {
        return None;
    }
    match opened(arena, part)?.pop()? {
        OpenedSlot::Text { text, .. } if text.len() > 1 => Some(text),
        OpenedSlot::Text { .. } | OpenedSlot::Blank | OpenedSlot::Void => None,
    }
}

/// What a member sealed, by lane, each by itself, as far as all shares of its run exist anywhere.
pub fn opened(arena: &Arena, part: &Part) -> Option<Vec<OpenedSlot>> {
    let run = arena.record.runs.get(&part.ctx)?;
    let view = arena.nodes.get(part.node)?.view;
    let shares: Option<Vec<[u8; 32]>> = run
        .leaves
        .iter()
        .map(|leaf| arena.share_of(*leaf, &part.ctx, view))
        .collect();
    let shares = shares?;
    let lanes = part.lanes.iter().zip(0u16..);
    lanes
        .map(|(lane, number)| {
            let at = (number, lane.slot?, lane.tag);
            Some(parts::open(&lane.sealed, &part.t3, at, &shares))
        })
        .collect()
}

/// All that the coalition could find out.
pub fn attack(arena: &Arena, parts: &[Part]) -> Vec<Failure> {
    let mut found = Vec::new();
    for part in parts {
        found.extend(slot_known(arena, part));
    }
    for part in parts {
        found.extend(blame_shows_text(arena, part));
    }
    found.extend(cell_too_small(arena));
    found.extend(crowd_divides(arena, parts));
    found.extend(crowd_shrinks(parts));
    found.extend(tags_repeat(parts));
    found.extend(vectors_subtract(parts));
    found.extend(pads_repeat(arena));
    found.extend(points_repeat(parts));
    found
}

fn is_known(arena: &Arena, part: &Part, peer: u16) -> bool {
    let leaf = arena.leaf_at(&part.ctx, peer);
    let seat = leaf.and_then(|leaf| arena.seat_at(leaf));
    seat.is_none_or(|seat| arena.is_liar(seat) || revealed(arena, seat, &part.ctx))
}

/// (a) In a run that can be read nobody's slot is known.
fn slot_known(arena: &Arena, part: &Part) -> Option<Failure> {
    if !part.readable || part.crowd.len() < 2 {
        return None;
    }
    let exposed = revealed(arena, part.seat, &part.ctx);
    let left = strip(part, |peer| exposed || is_known(arena, part, peer));
    is_sparse(&left).then(|| {
        let what = format!("seat {} alone uses one slot of a readable run", part.seat);
        Oracle::SlotKnown.failed(what)
    })
}

/// The root that blame shows opens no seal.
fn blame_shows_text(arena: &Arena, part: &Part) -> Option<Failure> {
    let root = part
        .secrets
        .root
        .filter(|_| revealed(arena, part.seat, &part.ctx))?;
    let point = parts::point_of(&root);
    let mut sealed = part.lanes.iter().map(|lane| lane.sealed.as_slice());
    sealed.any(|sealed| sealed.starts_with(&point)).then(|| {
        let what = format!("the root of seat {} opens what it sealed", part.seat);
        Oracle::BlameShowsText.failed(what)
    })
}

/// Tallies of rosters that overlap can be subtracted: every cell of their Venn diagram is empty or
/// has five members.
fn cell_too_small(arena: &Arena) -> Option<Failure> {
    let runs = arena.record.runs.iter();
    let ballots = runs.filter(|(ctx, run)| {
        let mut crowd = crowd(arena, ctx).into_iter();
        run.is_ballot && crowd.all(|seat| released(arena, seat, ctx))
    });
    let rosters: BTreeSet<&Vec<u32>> = ballots.map(|(_, run)| &run.leaves).collect();
    let mut cells: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    let leaves: BTreeSet<u32> = rosters
        .iter()
        .flat_map(|leaves| leaves.iter().copied())
        .collect();
    for leaf in leaves {
        let cell = rosters
            .iter()
            .map(|roster| roster.contains(&leaf))
            .collect();
        *cells.entry(cell).or_default() += 1;
    }
    let small = cells.values().find(|size| **size < 5)?;
    Some(Oracle::CellTooSmall.failed(format!("{small} of {} rosters", rosters.len())))
}

/// (a) Nor is it known of a part of the honest members which slots are theirs.
fn crowd_divides(arena: &Arena, parts: &[Part]) -> Option<Failure> {
    let mut runs: BTreeMap<(Hash, Hash), Vec<&Part>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.readable) {
        runs.entry((part.ctx, part.t3)).or_default().push(part);
    }
    for members in runs.values().filter(|members| members.len() > 1) {
        let mut reached = BTreeSet::from([0]);
        let mut to_visit = vec![0];
        while let Some(at) = to_visit.pop() {
            for (other, part) in members.iter().enumerate() {
                let hidden = !is_known(arena, members[at], part.secrets.index)
                    && !revealed(arena, members[at].seat, &part.ctx)
                    && shares_pad(members[at], part);
                if hidden && reached.insert(other) {
                    to_visit.push(other);
                }
            }
        }
        if reached.len() < members.len() {
            let what = format!("{} of {} honest", reached.len(), members.len());
            return Some(Oracle::CrowdDivides.failed(what));
        }
    }
    None
}

fn shares_pad(one: &Part, other: &Part) -> bool {
    let key = |part: &Part, peer: u16| {
        let mut pairs = part.secrets.pairs.iter();
        pairs.find(|(index, _)| *index == peer).map(|(_, key)| *key)
    };
    let (mine, theirs) = (one.secrets.index, other.secrets.index);
    mine == theirs || (key(one, theirs).is_some() && key(one, theirs) == key(other, mine))
}

/// (b) No text can be read in two runs whose honest rosters differ.
fn crowd_shrinks(parts: &[Part]) -> Option<Failure> {
    let mut crowds: BTreeMap<&str, Vec<&Part>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.readable) {
        if let Some(text) = &part.text {
            crowds.entry(text).or_default().push(part);
        }
    }
    for (text, parts) in crowds {
        let mut common = parts[0].crowd.clone();
        for part in &parts {
            common = common.intersection(&part.crowd).copied().collect();
        }
        if let Some(larger) = parts.iter().find(|part| part.crowd != common) {
            let what = format!(
                "{text:?}: {} of {} honest remain",
                common.len(),
                larger.crowd.len()
            );
            return Some(Oracle::CrowdShrinks.failed(what));
        }
    }
    None
}

/// (c) No tag comes twice.
fn tags_repeat(parts: &[Part]) -> Option<Failure> {
    let mut seen: BTreeMap<u64, (Hash, usize, usize)> = BTreeMap::new();
    for part in parts {
        for (at, lane) in part.lanes.iter().enumerate() {
            let here = (part.ctx, part.node, at);
            if *seen.entry(lane.tag).or_insert(here) != here {
                let what = format!("a tag of seat {} comes again", part.seat);
                return Some(Oracle::TagRepeats.failed(what));
            }
        }
    }
    None
}

/// (d) No two vectors of a member subtract to something that is no noise; nor do its sums.
fn vectors_subtract(parts: &[Part]) -> Option<Failure> {
    for (at, one) in parts.iter().enumerate() {
        for other in parts.iter().skip(at + 1).filter(|o| o.seat == one.seat) {
            let both = one.vector.iter().zip(other.vector);
            let difference: Vec<u8> = both.map(|(a, b)| a ^ b).collect();
            if one.vector != other.vector && is_sparse(&difference) {
                let what = format!("two vectors of seat {} have one pad", one.seat);
                return Some(Oracle::VectorsSubtract.failed(what));
            }
        }
    }
    None
}

/// (d) No pad key of a pair is used in two runs.
fn pads_repeat(arena: &Arena) -> Option<Failure> {
    let mut seen: BTreeMap<[u8; 32], Hash> = BTreeMap::new();
    for ((node, ctx), secrets) in &arena.record.secrets {
        for (_, key) in &secrets.pairs {
            if *seen.entry(*key).or_insert(*ctx) != *ctx {
                let seat = arena.nodes.get(*node).map_or(0, |node| node.seat);
                let what = format!("a pad of seat {seat} comes again");
                return Some(Oracle::PadRepeats.failed(what));
            }
        }
    }
    None
}

/// (e) No point of a seal comes twice.
fn points_repeat(parts: &[Part]) -> Option<Failure> {
    let mut seen: BTreeMap<&[u8], &[u8]> = BTreeMap::new();
    for part in parts {
        for lane in part.lanes.iter().filter(|lane| lane.sealed.len() > 32) {
            let (point, sealed) = lane.sealed.split_at(32);
            if *seen.entry(point).or_insert(sealed) != sealed {
                let what = format!("seat {} sealed twice with one e", part.seat);
                return Some(Oracle::PointRepeats.failed(what));
            }
        }
    }
    None
}

/// How many honest members sit in the slot of their own index, of how many, and how many chance
/// would put there.
pub fn in_order(arena: &Arena, parts: &[Part]) -> (u64, f64, u64) {
    let (mut hits, mut expected, mut of) = (0, 0.0, 0);
    for part in parts {
        for slot in part.lanes.iter().filter_map(|lane| lane.slot) {
            of += 1;
            expected += 1.0 / run_size(arena, &part.ctx).max(1) as f64;
            hits += u64::from(slot == part.secrets.index);
        }
    }
    (hits, expected, of)
}
