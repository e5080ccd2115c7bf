//! The world's clock and network: everything happens in an order that the seed fixes.

use participant::{Command, Frame, Input, Op, Subscription};
use wire::{CreationSecret, Fingerprint, Refusal, RelayAddress, Timestamp};

use crate::host::Host;
use crate::mood::Mood;
use crate::seat::Seat;

/// What a relay does not want to do, and its answer.
pub type Unwilling = Box<dyn Fn(&Op) -> Option<Refusal>>;

/// Seats around one relay.
pub struct World {
    /// All nodes.
    pub seats: Vec<Seat>,
    /// The relay.
    pub host: Host,
    /// What the relay refuses, against its own rules.
    pub unwilling: Option<Unwilling>,
    /// What else it does against them.
    pub mood: Mood,
    /// The world's time.
    pub now: Timestamp,
}

/// Steps of the network without time passing, before the world is called a loop.
const STEPS_MAX: usize = 1_000_000;

impl World {
    /// `n` fresh nodes.
    pub fn new(n: u64, seed: u64) -> World {
        let seats = (0..n)
            .map(|i| Seat::new(seed.wrapping_mul(1000).wrapping_add(i)))
            .collect();
        World::of(seats, Host::new(creation()), Timestamp::from_ms(1_000_000))
    }

    /// Nodes and a relay as they are at a time.
    pub fn of(seats: Vec<Seat>, host: Host, now: Timestamp) -> World {
        World {
            seats,
            host,
            unwilling: None,
            mood: Mood::default(),
            now,
        }
    }

    /// Where the relay is.
    pub fn relay(&self) -> RelayAddress {
        RelayAddress {
            host: "127.0.0.1".into(),
            port: 1,
            fingerprint: Fingerprint::new([7; 32]),
        }
    }

    /// Opens a dialogue at seat 0.
    pub fn convene(&mut self, sides: &[&str]) {
        let command = Command::Convene {
            title: "The Sound".into(),
            sides: sides.iter().map(|s| (*s).to_owned()).collect(),
            name: "Convenor".into(),
            relay: self.relay(),
            creation: creation(),
        };
        self.command(0, command);
    }

    /// A command that must not be refused.
    pub fn command(&mut self, seat: usize, command: Command) {
        let done = self.seats[seat].command(command, self.now);
        done.expect("the command is allowed");
        self.run();
    }

    /// The smallest thing that can happen without time passing, if there is any.
    pub fn one_step(&mut self) {
        let _ = (0..self.seats.len()).any(|seat| self.advance(seat));
    }

    /// Lets everything happen that needs no time.
    pub fn run(&mut self) {
        for _ in 0..STEPS_MAX {
            let moved = (0..self.seats.len()).any(|seat| self.advance(seat));
            if !moved {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    /// Lets time pass, waking whoever wants to be woken.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        self.run();
        while let Some(next) = self.next_wake().filter(|next| *next <= until) {
            self.now = next.max(self.now);
            self.wake_due();
            self.run();
        }
        self.now = until;
        self.wake_due();
        self.run();
    }

    /// Lets time pass until something holds, looking after every small step; false if it never did.
    pub fn pass_until(&mut self, ms: u64, holds: impl Fn(&World) -> bool) -> bool {
        let until = self.now.plus_ms(ms);
        while self.now < until {
            self.now = self.now.plus_ms(1);
            self.wake_due();
            for _ in 0..STEPS_MAX {
                if holds(self) {
                    return true;
                }
                if !(0..self.seats.len()).any(|seat| self.advance(seat)) {
                    break;
                }
            }
        }
        false
    }

    /// Lets time pass; somebody looks after every small step, and may do something at once.
    pub fn pass_watched(&mut self, ms: u64, mut each: impl FnMut(&mut World)) {
        let until = self.now.plus_ms(ms);
        loop {
            for _ in 0..STEPS_MAX {
                if !(0..self.seats.len()).any(|seat| self.advance(seat)) {
                    break;
                }
                each(self);
            }
            let Some(next) = self.next_wake().filter(|next| *next <= until) else {
                break;
            };
            self.now = next.max(self.now);
            self.wake_due();
        }
        self.now = until;
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let running = self.seats.iter().filter(|seat| seat.participant.is_some());
        running.filter_map(|seat| seat.wake_at).min()
    }

    fn wake_due(&mut self) {
        for seat in &mut self.seats {
            if seat.participant.is_some() && seat.wake_at.is_some_and(|at| at <= self.now) {
                seat.wake_at = None;
                seat.input(Input::Woken, self.now);
            }
        }
    }

    /// One small step of one seat's network; false if there is none.
    fn advance(&mut self, index: usize) -> bool {
        let now = self.now;
        let seat = &mut self.seats[index];
        if seat.offline || seat.participant.is_none() {
            return false;
        }
        if !seat.outgoing.is_empty() {
            let frame = seat.outgoing.remove(0);
            let reached = !self.host.gone.contains(&frame.mailbox)
                && !self.mood.cut_off.contains(&(frame.mailbox, index));
            if seat.connected.contains(&frame.mailbox) && reached {
                self.carry(index, frame);
            }
            return true;
        }
        let subscriptions = seat.core().subscriptions();
        seat.close_links(&subscriptions);
        subscriptions
            .iter()
            .any(|subscription| self.follow(index, subscription, now))
    }

    /// One request reaches the relay, and its answer comes back, or the connection breaks.
    fn carry(&mut self, index: usize, frame: Frame) {
        let now = self.now;
        let World {
            seats,
            host,
            unwilling,
            mood,
            ..
        } = self;
        let Frame { mailbox, id, op } = frame;
        let token_of = |seat: usize| {
            let subscriptions = seats[seat].participant.as_ref()?.subscriptions();
            let mut here = subscriptions
                .into_iter()
                .filter(|one| one.mailbox == mailbox);
            here.next().map(|one| one.token)
        };
        mood.lurk(host, (index, mailbox, &op), token_of, now);
        let refused = unwilling.as_ref().and_then(|refuses| refuses(&op));
        let answer = match refused {
            Some(refusal) => Some(Err(refusal)),
            None => mood.carry_out(host, (mailbox, op), now),
        };
        match answer {
            Some(result) => {
                let input = Input::Answer {
                    mailbox,
                    id,
                    result,
                };
                seats[index].input(input, now);
            }
            None => seats[index].lose(mailbox, now),
        }
    }

    fn follow(&mut self, index: usize, subscription: &Subscription, now: Timestamp) -> bool {
        let World {
            seats, host, mood, ..
        } = self;
        let seat = &mut seats[index];
        let mailbox = subscription.mailbox;
        if host.gone.contains(&mailbox) || mood.cut_off.contains(&(mailbox, index)) {
            let was = seat.connected.remove(&mailbox);
            if was {
                seat.caught_up.remove(&mailbox);
                seat.input(Input::Lost { mailbox }, now);
            }
            return was;
        }
        if seat.connected.insert(mailbox) {
            seat.input(Input::Connected { mailbox }, now);
            return true;
        }
        if !subscription.exists {
            seat.caught_up.remove(&mailbox);
            seat.followed.remove(&mailbox);
            return false;
        }
        let token = subscription.token.clone();
        if seat.followed.insert(mailbox, token.clone()) != Some(token) {
            // Another token begins another subscription.
            seat.caught_up.remove(&mailbox);
            seat.refused.remove(&mailbox);
        }
        let from = subscription.from;
        let known = !mood.forgotten.contains(&mailbox);
        if known
            && !mood.keeps_back(&mailbox, index)
            && let Some(entry) = host.read(&mailbox, &subscription.token, from)
        {
            seat.input(Input::Log { mailbox, entry }, now);
            return true;
        }
        let admitted = known && host.admits(&mailbox, &subscription.token, from);
        if !admitted {
            seat.caught_up.remove(&mailbox);
            let first = seat.refused.insert(mailbox);
            if first {
                seat.input(Input::Refused { mailbox }, now);
            }
            return first;
        }
        seat.refused.remove(&mailbox);
        if seat.caught_up.insert(mailbox) {
            seat.input(Input::CaughtUp { mailbox }, now);
            return true;
        }
        false
    }
}

/// By which its mailboxes are made.
pub fn creation() -> CreationSecret {
    CreationSecret::new([9; 32])
}
