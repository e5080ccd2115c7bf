//! One face of the relay: its core with its rules, and the log that it shows, which may hold more,
//! less, or later times than the rules would have it.

use participant::Op;
use wire::{Entry, EntryKind, MailboxId, Refusal, Timestamp, Token};

use crate::host::Host;

/// What one group of nodes is shown.
#[derive(Clone)]
pub struct View {
    host: Host,
    mailbox: MailboxId,
    /// The log as it is shown.
    pub shown: Vec<Entry>,
    /// Its timestamps are ahead of the true time by so much.
    pub ahead_ms: u64,
    /// Its timestamps stand still.
    pub frozen: bool,
    /// Tokens have changed: not everybody reads everything any more.
    pub rotated: bool,
}

impl View {
    /// Shows what an honest relay has.
    pub fn of(host: Host, mailbox: MailboxId) -> View {
        let shown = host.logs.get(&mailbox).cloned().unwrap_or_default();
        View {
            host,
            mailbox,
            shown,
            ahead_ms: 0,
            frozen: false,
            rotated: false,
        }
    }

    fn time(&self, now: Timestamp) -> Timestamp {
        let last = self.shown.last().map_or(Timestamp::from_ms(0), |e| e.time);
        if self.frozen {
            return last;
        }
        now.plus_ms(self.ahead_ms).max(last)
    }

    /// Carries out a request; true where the log has grown.
    pub fn request(&mut self, op: Op, now: Timestamp) -> Result<bool, Refusal> {
        let before = self.len_at_host();
        let rotates = matches!(op, Op::Rotate { .. } | Op::Reset { .. });
        self.host.request(self.mailbox, op, now)?;
        let new = self
            .host
            .logs
            .get(&self.mailbox)
            .and_then(|log| log.get(before..));
        let new: Vec<Entry> = new.unwrap_or_default().to_vec();
        let grown = !new.is_empty();
        self.rotated |= rotates && grown;
        for entry in new {
            self.append(entry.kind, entry.bytes, now);
        }
        Ok(grown)
    }

    /// Shows bytes that nobody asked it to show.
    pub fn show(&mut self, bytes: Vec<u8>, now: Timestamp) {
        self.append(EntryKind::Append, bytes, now);
    }

    /// Whether whoever shows this token may read from there.
    pub fn is_readable(&self, token: &Token, from: u64) -> bool {
        self.host.read(&self.mailbox, token, from).is_some()
    }

    fn append(&mut self, kind: EntryKind, bytes: Vec<u8>, now: Timestamp) {
        let entry = Entry {
            index: u64::try_from(self.shown.len()).unwrap_or(u64::MAX),
            time: self.time(now),
            kind,
            bytes,
        };
        self.shown.push(entry);
    }

    fn len_at_host(&self) -> usize {
        self.host.logs.get(&self.mailbox).map_or(0, Vec::len)
    }
}
