//! What this seat decides about a run: once, durable before the next entry is read, and kept by the
//! run's context. The share is released or the root revealed, never both; absence reveals nothing.

use room::RoundId;
use round::rules::{Rule, holds};
use round::{Decision, Leave, Message, Phase, Said, Sequence};

use crate::locks::Locks;
use crate::out::Out;
use crate::participant::SEAT_AREA;
use crate::play::Play;
use crate::post::Body;
use crate::room_log::RoomLog;

impl RoomLog {
    /// The N-th GO of the own sequence: the decision, the share and the lock become durable together.
    /// RELEASE is something to send only once the gate is open.
    pub(crate) fn release(&mut self, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        if let (Some(mut contributor), Some(own)) = (play.contributor.take(), play.own()) {
            let mut none = Vec::new;
            if let Some(Said::Release(share)) = contributor.next(own, &mut none, out.ctx.rng) {
                let key = share_key(&share.ctx_r());
                self.decide(&mut play, Decision::Release, out);
                out.write(self.area, key, share.encode().to_vec());
                play.share = Some(share);
            }
        }
        // The lock stays for good: forget only which one it was.
        play.sealed_text = None;
        out.remove(self.area, "sealed");
        play.own_run = None;
        self.play = Some(play);
        self.pass_gate(out);
    }

    /// Every sequence of the Round has its GOs or was dropped: what was decided may be said.
    pub(crate) fn pass_gate(&mut self, out: &mut Out) {
        if let Some(mut play) = self.play.take() {
            self.say_release(&mut play, out);
            self.play = Some(play);
        }
    }

    /// What was decided is said once, through the gate, and not while the relay's clock jumps.
    pub(crate) fn say_release(&mut self, play: &mut Play, out: &mut Out) {
        let gate = play.collection.gate_is_open() || !holds(Rule::GateBeforeRelease);
        if !gate || self.relay_clock.has_jumped() {
            return;
        }
        if let Some(share) = play.share.take() {
            self.post_round(play.round, &share.message(), out);
        }
    }

    /// A NOGO counts: the content share is destroyed with the contributor, the decision and REVEAL
    /// become durable together, and the text is free again. Without a contributor, after a restart,
    /// there is nothing to reveal.
    pub(crate) fn reveal(&mut self, locks: &mut Locks, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        if let (Some(mut contributor), Some(own)) = (play.contributor.take(), play.own()) {
            let mut none = Vec::new;
            if let Some(Said::Reveal(message)) = contributor.next(own, &mut none, out.ctx.rng) {
                self.decide(&mut play, Decision::Reveal, out);
                self.free_text(&mut play, locks, out);
                self.post_round(play.round, &message, out);
            }
        }
        self.play = Some(play);
    }

    /// A run of the own sequence ended without release: its secrets are destroyed and its text is
    /// free again.
    pub(crate) fn run_over(&mut self, ended_ctx: &[u8; 32], locks: &mut Locks, out: &mut Out) {
        let Some(mut play) = self.play.take() else {
            return;
        };
        play.contributor = None;
        play.speak_at = None;
        play.own_run = play.own().map(Sequence::run_number);
        self.free_text(&mut play, locks, out);
        // What was decided before is final: a run that was revealed stays so.
        if play.decision == Decision::None && holds(Rule::DecidedBeforeJoin) {
            let decision = Decision::Ended as u8;
            out.write(self.area, decision_key(ended_ctx), [decision]);
            out.durable();
        }
        play.decision = Decision::None;
        self.play = Some(play);
    }

    /// A run that was given up is decided as well: a node whose share died with an earlier process has
    /// not done so.
    pub(crate) fn given_up(&mut self, ctx: &[u8; 32], out: &mut Out) {
        let Some(play) = &mut self.play else { return };
        if play.decision == Decision::None {
            play.decision = Decision::Ended;
            out.write(self.area, decision_key(ctx), [Decision::Ended as u8]);
            out.durable();
        }
    }

    fn free_text(&self, play: &mut Play, locks: &mut Locks, out: &mut Out) {
        if let Some(text) = play.sealed_text.take() {
            locks.free(SEAT_AREA, &text, out);
            out.remove(self.area, "sealed");
        }
    }

    pub(crate) fn decide(&self, play: &mut Play, decision: Decision, out: &mut Out) {
        play.decision = decision;
        if let Some(own) = play.own() {
            out.write(self.area, decision_key(&own.ctx_r()), [decision as u8]);
            out.durable();
        }
    }

    /// A restarted node cannot go on in a run begun before: it says so, and the run is repeated.
    pub(crate) fn leave(&mut self, play: &mut Play, out: &mut Out) {
        let Some((run, ctx)) = play.own().map(|own| (own.run_number(), own.ctx_r())) else {
            return;
        };
        if !self.must_leave(play) || play.left_run == Some(run) {
            return;
        }
        play.left_run = Some(run);
        let round = play.round;
        self.outbox
            .withdraw(self.area, |body| speaks_in(body, round), out);
        self.decide(play, Decision::Ended, out);
        self.post_round(round, &Message::Leave(Leave { ctx }), out);
    }

    /// Whether a run is on that began before this process, and in which this seat cannot go on. Where
    /// the decision to reveal is durable REVEAL waits in the outbox, and nothing else is to be said.
    fn must_leave(&self, play: &Play) -> bool {
        let Some(own) = play.own() else { return false };
        let open = own.phase().is_some_and(|phase| phase != Phase::Releases);
        let concerned = own.roster().contains(&self.own_leaf().0);
        !play.is_own_run() && open && concerned && play.decision != Decision::Reveal
    }

    /// What an earlier process said in a run that this one leaves is not said again: a GO that comes
    /// after all would wait for a share that died with that process.
    pub(crate) fn withhold(&mut self, out: &mut Out) {
        let Some(play) = &self.play else { return };
        if self.must_leave(play) && play.left_run.is_none() {
            let round = play.round;
            self.outbox
                .withdraw(self.area, |body| speaks_in(body, round), out);
        }
    }

    /// A sequence that was given up stays closed as far as this seat can help it: what has not left is
    /// not sent any more, and the share is destroyed.
    pub(crate) fn keep_back(&mut self, round: RoundId, out: &mut Out) {
        self.outbox
            .withdraw(self.area, |body| speaks_in(body, round), out);
        if let Some(play) = &mut self.play {
            play.share = None;
            if let Some(own) = play.own() {
                out.remove(self.area, share_key(&own.ctx_r()));
            }
        }
    }
}

/// The vault keeps decisions by the run's context, never by its number.
pub(crate) fn decision_key(ctx: &[u8; 32]) -> Vec<u8> {
    [b"decision/".as_slice(), ctx].concat()
}

pub(crate) fn share_key(ctx: &[u8; 32]) -> Vec<u8> {
    [b"share/".as_slice(), ctx].concat()
}

fn speaks_in(body: &Body, in_round: RoundId) -> bool {
    match body {
        Body::Round { round, .. } => *round == in_round,
        Body::Event(_) => false,
    }
}
