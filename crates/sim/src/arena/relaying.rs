//! What the relay and the network make of a frame: where it is shown, and when.

use participant::{Frame, Input, Op};
use round::Message;
use wire::{Refusal, Timestamp};

use super::node::Node;
use super::{Arena, Event};
use crate::script::{Carry, Facts, Fork};

/// How long the relay keeps the last message of a phase back, ms.
const HELD_MS: u64 = 600;
/// How much messages are mixed up where they come in any order, ms.
const SHUFFLE_MS: u64 = 300;

impl Arena {
    /// Decides about a frame that a node sent.
    pub(super) fn dispatch(&mut self, node: usize, frame: Frame) {
        let Op::Append { token, bytes } = frame.op else {
            // Commits and resets go to the face that their node sees.
            let (view, from) = (self.nodes[node].view, Some((node, frame.id)));
            // A relay that is a liar's friend lets its commits pass first.
            let friend = self.nodes[node].liar.is_some();
            let ms = if friend { 0 } else { self.up_ms() };
            let ms = self.in_order(node, ms);
            return self.later(
                ms,
                Event::Arrive {
                    view,
                    op: frame.op,
                    from,
                },
            );
        };
        let content = self.record.content(&bytes).cloned();
        let message = content.and_then(|content| content.message);
        let run = message.as_ref().and_then(|m| self.record.runs.get(m.ctx()));
        let members = run.map_or(0, |run| run.leaves.len());
        let facts = Facts {
            seat: self.nodes[node].seat,
            run: run.map_or(0, |run| run.number),
            message: message.as_deref(),
        };
        let count = self.count_first_run(&facts);
        self.begin_what_is_due(&facts, count);
        if self.script.drops(&facts) {
            self.struck = true;
            return;
        }
        let ms = self.delay(&facts);
        let ms = match self.script.shuffled {
            Some(_) => ms,
            None => self.in_order(node, ms),
        };
        let own = self.nodes[node].view;
        let last = count == members && self.script.last_held.is_some_and(|p| facts.is_of(p));
        for view in 0..self.views.len() {
            if view != own && !self.carries(node) {
                continue;
            }
            let more = if view == own { 0 } else { 1 + self.draw(10) };
            let op = Op::Append {
                token: token.clone(),
                bytes: bytes.clone(),
            };
            let from = (view == own).then_some((node, frame.id));
            if view == 0 && last {
                self.struck = true;
                self.held.push(op);
                self.later(HELD_MS, Event::ShowHeld);
                continue;
            }
            if self.script.twice.is_some_and(|phase| facts.is_of(phase)) {
                self.struck = true;
                let again = ms + more + 1 + self.draw(60);
                let bytes = bytes.clone();
                self.later(again, Event::Show { view, bytes });
            }
            self.later(ms + more, Event::Arrive { view, op, from });
        }
    }

    fn up_ms(&mut self) -> u64 {
        let most = self.script.up_ms;
        1 + self.draw(most.max(1))
    }

    /// A connection keeps the order of what is sent over it.
    fn in_order(&mut self, node: usize, ms: u64) -> u64 {
        let at = self.now.plus_ms(ms).max(self.nodes[node].sent_until);
        self.nodes[node].sent_until = at;
        at.ms() - self.now.ms()
    }

    fn delay(&mut self, facts: &Facts) -> u64 {
        let extra = self.script.delay_ms(facts);
        let shuffled = self.script.shuffled.is_some_and(|phase| facts.is_of(phase));
        self.struck |= extra > 0 || shuffled;
        let mixed = if shuffled { self.draw(SHUFFLE_MS) } else { 0 };
        self.up_ms() + extra + mixed
    }

    /// A liar has words of its own at every face, unless it speaks at one alone.
    fn carries(&mut self, node: usize) -> bool {
        let speaks_in_last = self
            .script
            .fork
            .as_ref()
            .is_some_and(|fork| fork.speak_in_last);
        if self.nodes[node].liar.is_some() && !speaks_in_last {
            return false;
        }
        match self.script.fork.as_ref().map(|fork| fork.carry) {
            Some(Carry::Everything) => true,
            Some(Carry::Half) => self.draw(2) == 0,
            Some(Carry::Nothing) | None => false,
        }
    }

    /// How many messages of its phase have been sent in the first run, with this one.
    fn count_first_run(&mut self, facts: &Facts) -> usize {
        let phase = facts.message.and_then(crate::record::phase_of);
        match phase {
            Some(phase) if facts.run == 1 => self.count(phase),
            Some(_) | None => 0,
        }
    }

    /// What the script wants to happen when a phase comes.
    fn begin_what_is_due(&mut self, facts: &Facts, count: usize) {
        if count == 0 {
            return;
        }
        if let Some((phase, ms)) = self.script.jump
            && count == 1
            && facts.is_of(phase)
        {
            self.struck = true;
            self.views.iter_mut().for_each(|view| view.ahead_ms += ms);
        }
        if self.script.frozen.is_some_and(|phase| facts.is_of(phase)) {
            self.struck = true;
            self.views.iter_mut().for_each(|view| view.frozen = true);
        }
        if let Some((seat, phase, ms)) = self.script.cut
            && count == 1
            && facts.is_of(phase)
        {
            self.cut(seat, ms);
        }
        let fork = self.script.fork.clone();
        if let Some(fork) = fork.filter(|fork| facts.is_of(fork.phase) && count > fork.after)
            && !self.forked
        {
            self.fork(&fork);
        }
        self.copy_vault(facts, count);
    }

    fn cut(&mut self, seat: usize, ms: u64) {
        let mailbox = self.mailbox;
        let Some(node) = self.node_of(seat) else {
            return;
        };
        self.struck = true;
        self.nodes[node].live = false;
        self.later(ms, Event::Connect(node));
        self.input(node, Input::Lost { mailbox });
    }

    /// The log divides: the groups see faces of their own, liars see every face.
    fn fork(&mut self, fork: &Fork) {
        self.forked = true;
        self.struck = true;
        self.record.trace(|| "the log divides".to_owned());
        let liars: Vec<usize> = (0..self.nodes.len())
            .filter(|node| self.nodes[*node].liar.is_some() && self.nodes[*node].copy == 0)
            .collect();
        for group in &fork.groups {
            let view = self.views.len();
            self.views.push(self.views[0].clone());
            let moved = self
                .nodes
                .iter_mut()
                .filter(|node| group.contains(&node.seat));
            moved.for_each(|node| node.view = view);
            for liar in &liars {
                self.seat_beside(*liar, view);
            }
        }
        let last = self.views.len() - 1;
        for node in self.nodes.iter_mut().filter(|_| fork.speak_in_last) {
            let view = node.view;
            if let Some(liar) = &mut node.liar {
                liar.listens = view != last;
            }
        }
    }

    /// A copy of a node, with its vault and its liar, at another face.
    fn seat_beside(&mut self, node: usize, view: usize) {
        self.nodes[node].sync();
        let original = &self.nodes[node];
        let (seat, disk) = (original.seat, original.disk.clone());
        let mut liar = original.liar.clone();
        if let Some(liar) = &mut liar {
            liar.in_other_fork = true;
        }
        let seed = self.draw(u64::MAX);
        let copy = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let mut beside = Node::load(seat, copy, view, disk, seed);
        beside.set_liar(liar);
        let at = self.nodes.len();
        self.nodes.push(beside);
        self.later(1, Event::Connect(at));
    }

    fn copy_vault(&mut self, facts: &Facts, count: usize) {
        let Some(restore) = self.script.restore.clone() else {
            return;
        };
        if count != 1 || !facts.is_of(restore.phase) {
            return;
        }
        let Some(node) = self.node_of(restore.seat) else {
            return;
        };
        self.struck = true;
        self.nodes[node].sync();
        let vault = Box::new(self.nodes[node].disk.clone());
        if restore.beside {
            let seed = self.draw(u64::MAX);
            let view = self.views.len() - 1;
            self.nodes
                .push(Node::load(restore.seat, 1, view, *vault, seed));
            let at = self.nodes.len() - 1;
            self.later(restore.after_ms, Event::Connect(at));
        } else {
            self.later(restore.after_ms, Event::Restore(node, vault));
        }
    }

    /// A request reaches a face of the relay.
    pub(super) fn arrive(&mut self, view: usize, op: Op, from: Option<(usize, u64)>) {
        let is_nogo = match &op {
            Op::Append { bytes, .. } => {
                let content = self.record.content(bytes);
                let message = content.and_then(|content| content.message.as_deref());
                matches!(message, Some(Message::Nogo(_)))
            }
            Op::Create { .. } | Op::Grant { .. } | Op::Rotate { .. } | Op::Reset { .. } => false,
        };
        match self.views[view].request(op, self.now) {
            Ok(true) => self.tell(view),
            Ok(false) => {}
            Err(refusal) => self.answer(from, refusal),
        }
        if is_nogo && view == 0 {
            self.show_held();
        }
    }

    fn answer(&mut self, from: Option<(usize, u64)>, refusal: Refusal) {
        let mailbox = self.mailbox;
        if let Some((node, id)) = from
            && self.nodes[node].live
        {
            let result = Err(refusal);
            self.input(
                node,
                Input::Answer {
                    mailbox,
                    id,
                    result,
                },
            );
        }
    }

    pub(super) fn show_held(&mut self) {
        for op in std::mem::take(&mut self.held) {
            self.arrive(0, op, None);
        }
    }

    /// Everybody at a face hears of its newest entry, each after a while of its own, in order.
    pub(super) fn tell(&mut self, view: usize) {
        let most = self.script.down_ms.max(1);
        for node in 0..self.nodes.len() {
            if self.nodes[node].view != view || !self.nodes[node].live {
                continue;
            }
            let at: Timestamp = self.now.plus_ms(1 + self.draw(most));
            let at = at.max(self.nodes[node].fed_from);
            self.nodes[node].fed_from = at;
            self.at(at, Event::Feed(node));
        }
    }
}
