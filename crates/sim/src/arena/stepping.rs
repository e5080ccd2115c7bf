//! What a node does with an input: its step is written, sent, and cut short where it stops.

use participant::{Alarm, Frame, Input, Notice, Op, Participant, Step, Subscription};
use round::{Message, Phase};
use wire::Timestamp;

use super::node::CrashPoint;
use super::{Arena, Event};

impl Arena {
    /// Gives a node an input, and lets its liar speak.
    pub(super) fn input(&mut self, node: usize, input: Input) {
        match self.nodes[node].handle(input, self.now) {
            Some(Ok(step)) => self.finish(node, step),
            Some(Err(error)) => self.stumble(node, error.to_string()),
            None => {}
        }
        if self.nodes[node].liar.is_some() {
            // A liar whose own group refuses its words says nothing.
            if let Some(Ok(step)) = self.nodes[node].lie(self.now, &self.record.said) {
                self.finish(node, step);
            }
            self.schedule_wake(node);
        }
    }

    /// The driver drops a core that fails, and loads it again from the vault.
    fn stumble(&mut self, node: usize, error: String) {
        let (seat, honest) = (self.nodes[node].seat, self.nodes[node].liar.is_none());
        if honest {
            self.record.errors.push(format!("seat {seat}: {error}"));
        }
        self.nodes[node].stop();
        self.later(20, Event::Start(node));
    }

    /// Does what a step says, in its order.
    pub(super) fn finish(&mut self, node: usize, step: Step) {
        let crash = self.crash_point(node, &step);
        if crash == Some(CrashPoint::BeforePersist) {
            return self.crash(node);
        }
        let order = self.record.number();
        let (seat, honest) = (self.nodes[node].seat, self.nodes[node].liar.is_none());
        let alarm = |notice: &Notice| matches!(notice, Notice::Alarm(Alarm::RestoredCopy));
        if step.notify.iter().any(alarm) {
            self.nodes[node].restored_since = Some(order);
        }
        let rows = step.persist.rows;
        self.record.note_rows(order, node, seat, honest, &rows);
        self.nodes[node].keep(rows, step.persist.durable);
        self.look(node);
        if crash == Some(CrashPoint::AfterPersist) {
            return self.crash(node);
        }
        for frame in step.send {
            self.send(order, node, frame);
        }
        if crash == Some(CrashPoint::AfterSend) {
            return self.crash(node);
        }
        self.nodes[node].wake_at = step.wake_at;
        self.schedule_wake(node);
    }

    fn schedule_wake(&mut self, node: usize) {
        let Some(at) = self.nodes[node].wakes() else {
            return;
        };
        let at = at.max(self.now);
        if self.nodes[node].alarm != Some(at) {
            self.nodes[node].alarm = Some(at);
            self.at(at, Event::Wake(node));
        }
    }

    fn crash_point(&mut self, node: usize, step: &Step) -> Option<CrashPoint> {
        if !step.persist.durable {
            return None;
        }
        let phase = self.nodes[node].phase();
        let plan = self.nodes[node].crash.as_mut()?;
        if phase != Some(plan.phase) {
            return None;
        }
        if plan.skip > 0 {
            plan.skip -= 1;
            return None;
        }
        Some(plan.point)
    }

    fn crash(&mut self, node: usize) {
        let off_ms = self.nodes[node]
            .crash
            .take()
            .map_or(100, |plan| plan.off_ms);
        self.struck = true;
        let seat = self.nodes[node].seat;
        self.record
            .trace(|| format!("node {node} seat {seat} stops"));
        self.nodes[node].stop();
        self.later(off_ms, Event::Start(node));
    }

    /// Notes what an honest node has in its memory now.
    fn look(&mut self, node: usize) {
        let here = &mut self.nodes[node];
        let Some(core) = &here.core else { return };
        if let Some((_, fold)) = core.sequence() {
            self.record.note_run(fold);
            here.began = true;
        }
        if let Some(liar) = &here.liar {
            if let (Some((ctx, x)), Some(leaf)) = (liar.share(), core.leaf()) {
                self.record.liar_shares.insert((ctx, leaf, node), x);
            }
            return;
        }
        if let Some(contributor) = core.contributor()
            && here.seen != Some(contributor.step())
        {
            here.seen = Some(contributor.step());
            self.record.note_secrets(node, contributor.secrets());
        }
    }

    /// A frame leaves a node.
    fn send(&mut self, order: u64, node: usize, frame: Frame) {
        if frame.mailbox != self.mailbox || !self.nodes[node].live {
            return;
        }
        if let Op::Append { bytes, .. } = &frame.op
            && let Some(content) = self.record.content(bytes).cloned()
        {
            let honest = self.nodes[node].liar.is_none();
            let releases = matches!(content.message.as_deref(), Some(Message::Release(_)));
            if honest && releases && self.gate_is_closed(node) {
                self.record.early_releases.push(node);
            }
            let by = (node, self.nodes[node].copy);
            self.record.note_said(order, by, honest, &content);
        }
        self.dispatch(node, frame);
    }

    fn gate_is_closed(&self, node: usize) -> bool {
        let core = self.nodes[node].core.as_ref();
        let collection = core.and_then(Participant::collection);
        collection.is_some_and(|collection| !collection.gate_is_open())
    }

    /// How many sit in the room, while a run is on.
    fn seats_in_run(&self, node: usize) -> Option<usize> {
        let core = self.nodes[node].core.as_ref()?;
        let runs = core.collection()?.sequences().iter();
        let mut on = runs.filter(|fold| !fold.is_over() && fold.phase() != Some(Phase::Releases));
        on.next()?;
        Some(core.state()?.seats().len())
    }

    /// A connection stands: all that is there is read, and then the node is live.
    pub(super) fn connect(&mut self, node: usize) {
        let mailbox = self.mailbox;
        if self.nodes[node].core.is_none() {
            return;
        }
        self.nodes[node].fed_from = Timestamp::from_ms(0);
        self.input(node, Input::Connected { mailbox });
        while self.feed_one(node) {}
        self.nodes[node].live = true;
        self.input(node, Input::CaughtUp { mailbox });
        self.read_other_rooms(node);
    }

    /// The other rooms are as the template left them: nothing is played in them.
    fn read_other_rooms(&mut self, node: usize) {
        let Some(core) = &self.nodes[node].core else {
            return;
        };
        let others: Vec<Subscription> = core
            .subscriptions()
            .into_iter()
            .filter(|other| other.mailbox != self.mailbox)
            .collect();
        for Subscription { mailbox, from, .. } in others {
            self.input(node, Input::Connected { mailbox });
            let at = usize::try_from(from).unwrap_or(usize::MAX);
            let log = self.others.get(&mailbox).and_then(|log| log.get(at..));
            for entry in log.unwrap_or_default().to_vec() {
                self.input(node, Input::Log { mailbox, entry });
            }
            self.input(node, Input::CaughtUp { mailbox });
        }
    }

    /// The next entry reaches a node, if it is on and there is one.
    pub(super) fn feed(&mut self, node: usize) {
        if self.nodes[node].live {
            self.feed_one(node);
        }
    }

    fn feed_one(&mut self, node: usize) -> bool {
        let Some(core) = &self.nodes[node].core else {
            return false;
        };
        let at = usize::try_from(core.folded()).unwrap_or(usize::MAX);
        let Some(entry) = self.views[self.nodes[node].view].shown.get(at).cloned() else {
            return false;
        };
        let view = &self.views[self.nodes[node].view];
        if view.rotated {
            let all = core.subscriptions();
            let own = all.iter().find(|own| own.mailbox == self.mailbox);
            if !own.is_some_and(|own| view.is_readable(&own.token, own.from)) {
                return false;
            }
        }
        let seat = self.nodes[node].seat;
        self.record.trace_delivery(self.now, node, seat, &entry);
        let mailbox = self.mailbox;
        let before = self.seats_in_run(node);
        self.input(node, Input::Log { mailbox, entry });
        let after = self.seats_in_run(node);
        if before.is_some() && after.is_some() && before != after {
            self.record.commits_in_runs.push(node);
        }
        // Where the fold does not go on, it has stopped for good.
        let folded = self.nodes[node].core.as_ref().map(|core| core.folded());
        folded.is_some_and(|folded| folded > at as u64)
    }
}
