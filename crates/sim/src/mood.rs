//! What a relay does against its own rules, and what a member does at the very moment when somebody
//! else's request comes in. Nothing of it is done unless a test asks for it.

use std::collections::BTreeSet;

use chacha20::ChaCha20Rng;
use participant::Op;
use participant::rogue::Rogue;
use wire::{FounderSecret, MailboxId, Refusal, Timestamp, Token};

use crate::host::Host;

/// Some kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Appends.
    Appends,
    /// Rotations.
    Rotations,
    /// Resets.
    Resets,
    /// All requests.
    Everything,
}

impl What {
    fn is(self, op: &Op) -> bool {
        match op {
            Op::Append { .. } => matches!(self, What::Appends | What::Everything),
            Op::Rotate { .. } => matches!(self, What::Rotations | What::Everything),
            Op::Reset { .. } => matches!(self, What::Resets | What::Everything),
            Op::Create { .. } | Op::Grant { .. } => self == What::Everything,
        }
    }
}

/// Requests that the relay does not carry out.
#[derive(Clone, Debug)]
pub struct Refusing {
    /// For which mailbox; for all of them if none.
    pub mailbox: Option<MailboxId>,
    /// Which.
    pub what: What,
    /// What it says instead.
    pub answer: Refusal,
}

/// What a member does just before somebody else's request.
pub enum Ambush {
    /// Appends rubbish, so many entries of this size.
    Rubbish(u32, usize),
    /// Resets the mailbox to a token of its own.
    Reset(FounderSecret),
    /// Rotates the mailbox to a token that nobody knows.
    Rotates,
    /// Appends what somebody is about to append, sealed by itself.
    Copies(Box<(Rogue, ChaCha20Rng)>),
}

/// A member that waits for others' requests.
pub struct Lurks {
    /// Whose requests are let through.
    pub seat: usize,
    /// For what it waits, and in which mailbox.
    pub what: What,
    /// In which mailbox.
    pub mailbox: MailboxId,
    /// What it does then.
    pub ambush: Ambush,
    /// How often.
    pub left: u32,
}

/// How the relay behaves.
#[derive(Default)]
pub struct Mood {
    /// What it refuses.
    pub refuses: Vec<Refusing>,
    /// How far its clock is off.
    pub leap_ms: i64,
    /// Mailboxes that it does not know any more.
    pub forgotten: BTreeSet<MailboxId>,
    /// Of so many answers one is lost, with its connection.
    pub loses_one_in: Option<u64>,
    /// A seat that is shown nothing new of a mailbox.
    pub kept_back: Option<(MailboxId, usize)>,
    /// Seats that do not reach the relay of a mailbox.
    pub cut_off: BTreeSet<(MailboxId, usize)>,
    /// Members that wait for somebody's requests.
    pub lurks: Vec<Lurks>,
    carried: u64,
    rubbish: u32,
}

impl Mood {
    /// The relay's own time.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        let leap = self.leap_ms.unsigned_abs();
        match self.leap_ms < 0 {
            true => Timestamp::from_ms(now.ms().saturating_sub(leap)),
            false => now.plus_ms(leap),
        }
    }

    /// Whether the relay shows this mailbox to this seat as it is.
    pub fn keeps_back(&self, mailbox: &MailboxId, seat: usize) -> bool {
        self.kept_back == Some((*mailbox, seat))
    }

    /// Carries out a request; none where its answer is lost.
    pub fn carry_out(
        &mut self,
        host: &mut Host,
        (mailbox, op): (MailboxId, Op),
        now: Timestamp,
    ) -> Option<Result<u64, Refusal>> {
        self.carried = self.carried.wrapping_add(1);
        if self.forgotten.contains(&mailbox) {
            return Some(Err(Refusal::Unauthorised));
        }
        let here = |one: &&Refusing| one.mailbox.is_none_or(|of| of == mailbox);
        let refusing = self.refuses.iter().filter(here);
        if let Some(refusing) = refusing.into_iter().find(|one| one.what.is(&op)) {
            return Some(Err(refusing.answer));
        }
        let done = host.request(mailbox, op, self.clock(now));
        let lost = self
            .loses_one_in
            .is_some_and(|n| self.carried.is_multiple_of(n));
        (!lost).then_some(done)
    }

    /// Before a request of `seat` comes in: whoever waits for it acts, by its own token.
    pub fn lurk(
        &mut self,
        host: &mut Host,
        (seat, mailbox, op): (usize, MailboxId, &Op),
        token_of: impl Fn(usize) -> Option<Token>,
        now: Timestamp,
    ) {
        let now = self.clock(now);
        for lurks in &mut self.lurks {
            let here = lurks.mailbox == mailbox && lurks.seat != seat && lurks.what.is(op);
            if !here || lurks.left == 0 {
                continue;
            }
            lurks.left -= 1;
            let token = token_of(lurks.seat);
            for op in acts(&mut lurks.ambush, op, token, &mut self.rubbish) {
                // Where the relay refuses it, it is refused.
                let _refused = host.request(mailbox, op, now);
            }
        }
    }
}

fn acts(ambush: &mut Ambush, other: &Op, token: Option<Token>, number: &mut u32) -> Vec<Op> {
    let Some(token) = token else {
        return Vec::new();
    };
    let append = |bytes: Vec<u8>| Op::Append {
        token: token.clone(),
        bytes,
    };
    match ambush {
        Ambush::Rubbish(entries, size) => {
            let first = *number;
            *number = number.wrapping_add(*entries);
            (first..*number)
                .map(|one| append(rubbish(one, *size)))
                .collect()
        }
        Ambush::Reset(founder) => vec![Op::Reset {
            founder: founder.clone(),
            token: Token::new([99; 32]).hash(),
            from: 0,
        }],
        Ambush::Rotates => {
            *number = number.wrapping_add(1);
            vec![Op::Rotate {
                bytes: rubbish(*number, 1024),
                next: Token::new([66; 32]).hash(),
                token,
                founder: None,
            }]
        }
        Ambush::Copies(copies) => {
            let (rogue, rng) = &mut **copies;
            match other {
                Op::Append { bytes, .. } if rogue.reads(bytes) => {
                    let content = rogue.open(bytes);
                    vec![append(rogue.seal(&content, 0, rng))]
                }
                Op::Append { .. }
                | Op::Create { .. }
                | Op::Grant { .. }
                | Op::Rotate { .. }
                | Op::Reset { .. } => Vec::new(),
            }
        }
    }
}

/// Bytes that mean nothing; each number has others.
pub fn rubbish(number: u32, size: usize) -> Vec<u8> {
    let mut bytes = vec![7; size];
    for (at, byte) in bytes.iter_mut().zip(number.to_be_bytes()) {
        *at = byte;
    }
    bytes
}
