//! What the oracles and a play ask the arena.

use participant::{Command, Participant};
use room::{RoundId, SeatId};
use round::{Hash, Phase, Sequence};
use wire::Timestamp;

use super::Arena;

impl Arena {
    /// When the Round's window ends.
    pub fn window_ends(&self) -> Timestamp {
        self.ends
    }

    /// Who sits at a leaf.
    pub fn seat_at(&self, leaf: u32) -> Option<usize> {
        self.leaves.iter().position(|other| *other == leaf)
    }

    /// Whose a seat's number in the room is.
    pub fn seat_of(&self, id: SeatId) -> Option<usize> {
        let state = self
            .nodes
            .iter()
            .find_map(|node| node.core.as_ref()?.state())?;
        self.seat_at(state.seat(id)?.leaf.0)
    }

    /// Whether a seat cheats.
    pub fn is_liar(&self, seat: usize) -> bool {
        let mut nodes = self.nodes.iter();
        nodes.any(|node| node.seat == seat && node.liar.is_some())
    }

    /// The leaf at an index of a run.
    pub fn leaf_at(&self, ctx: &Hash, index: u16) -> Option<u32> {
        self.record
            .runs
            .get(ctx)?
            .by_index
            .get(usize::from(index))
            .copied()
    }

    /// The roster of a run.
    pub fn roster(&self, ctx: &Hash) -> Option<&[u32]> {
        Some(&self.record.runs.get(ctx)?.leaves)
    }

    /// The content secret of a leaf in a run, as the nodes at one face of the relay know it.
    pub fn share_of(&self, leaf: u32, ctx: &Hash, view: usize) -> Option<[u8; 32]> {
        let seat = self.seat_at(leaf)?;
        let nodes = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.seat == seat);
        let mut nodes: Vec<_> = nodes.collect();
        nodes.sort_by_key(|(_, node)| node.view != view);
        nodes.into_iter().find_map(|(at, _)| {
            let honest = self.record.secrets.get(&(at, *ctx)).and_then(|s| s.x);
            honest.or_else(|| self.record.liar_shares.get(&(*ctx, leaf, at)).copied())
        })
    }

    /// Every honest node that is on has no Round any more.
    pub fn is_over(&self) -> bool {
        let mut honest = self.nodes.iter().filter(|node| node.liar.is_none());
        honest.all(|node| {
            let fold = node.core.as_ref().map(|core| core.sequence().is_some());
            node.began && fold != Some(true)
        })
    }

    /// Every honest node that has a Round waits for a share, for longer than a phase lasts.
    pub fn is_stuck(&self) -> bool {
        let honest = self.nodes.iter().filter(|node| node.liar.is_none());
        let all = honest.filter_map(|node| node.core.as_ref()?.collection());
        let mut waits = all.map(|collection| {
            let mut open = collection.sequences().iter().filter(|fold| !fold.is_over());
            let late = |fold: &Sequence| {
                let deadline = fold.deadline_ms().saturating_add(500);
                fold.phase() == Some(Phase::Releases) && self.now.ms() > deadline
            };
            collection.gate_is_open() && open.all(late)
        });
        let first = waits.next();
        first == Some(true) && waits.all(|waits| waits)
    }

    /// Whether the log holds words of a node's seat that stand after the place up to which its vault
    /// has read: not even a copy that has read everything knows them.
    pub fn has_unknown_words(&self, node: usize) -> bool {
        let here = &self.nodes[node];
        let folded = here.core.as_ref().map_or(0, Participant::folded);
        let at = usize::try_from(folded).unwrap_or(usize::MAX);
        let shown = self.views[here.view].shown.get(at..).unwrap_or_default();
        let waits = self.record.waits_in(&here.disk);
        shown.iter().any(|entry| {
            let content = self.record.content(&entry.bytes);
            let own = content.is_some_and(|content| content.seat == here.seat);
            own && !waits.contains(&entry.bytes)
        })
    }

    /// Every node is switched off and on again.
    pub fn restart_all(&mut self) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].core.is_some() {
                self.nodes[node].sync();
                self.nodes[node].stop();
                self.nodes[node].start();
                self.connect(node);
            }
        }
    }

    /// Somebody honest gives the Round up.
    pub fn give_up(&mut self) {
        let round = self.round;
        for node in 0..self.nodes.len() {
            let here = &self.nodes[node];
            let member = here.liar.is_none() && here.seat > 0;
            let waits = member && here.phase() == Some(Phase::Releases);
            if waits && self.command(node, Command::GiveUp { round }) {
                return;
            }
        }
    }

    /// The Round that is open at a node.
    pub fn open_round(&self, node: usize) -> Option<RoundId> {
        let state = self.nodes[node].core.as_ref()?.state()?;
        state.open_round().map(|round| round.open.id)
    }
}
