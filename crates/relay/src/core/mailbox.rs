//! One mailbox: where its log ends, and which token reads which part of it.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use wire::{Entry, EntryKind, FounderHash, LogHead, MailboxId, Timestamp, TokenHash};

/// What changes with every entry, and who may reset. Stored under the mailbox's id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct MailboxRow {
    /// The hash of the founder's secret.
    pub founder: FounderHash,
    /// The index of the next entry.
    pub next: u64,
    /// The hash chain so far.
    pub head: LogHead,
    /// The time of the last entry.
    pub time: Timestamp,
    /// Bytes of all entries.
    pub bytes: u64,
}

/// A part of the log that one token reads: from `start` until the next segment starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Its first index.
    pub start: u64,
    /// Its token.
    pub token: TokenHash,
}

/// A part of a log that may be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Readable {
    /// The first index.
    pub from: u64,
    /// The index after the last, if the token ends there.
    pub until: Option<u64>,
    /// The index of the mailbox's next entry.
    pub next: u64,
}

/// One mailbox, without its entries. Its segments are never empty and ascend.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mailbox {
    /// Where the log ends.
    pub row: MailboxRow,
    /// Which token reads what.
    pub segments: Vec<Segment>,
}

impl Mailbox {
    pub(super) fn new(id: &MailboxId, token: TokenHash, founder: FounderHash) -> Self {
        let (head, time) = (LogHead::start(id), Timestamp::default());
        let row = MailboxRow {
            founder,
            next: 0,
            head,
            time,
            bytes: 0,
        };
        Self {
            row,
            segments: vec![Segment { start: 0, token }],
        }
    }

    /// Moves on by one entry. Returns whether the token that was current is so no longer.
    pub(super) fn follow(&mut self, entry: &Entry) -> bool {
        self.row.head = self.row.head.after(entry);
        self.row.next = entry.index.saturating_add(1);
        self.row.time = entry.time;
        self.row.bytes = self.row.bytes.saturating_add(entry.bytes.len() as u64);
        match entry.kind {
            EntryKind::Append => false,
            EntryKind::Rotate { next: token } => {
                self.segments.push(Segment {
                    start: self.row.next,
                    token,
                });
                true
            }
            EntryKind::Reset { token } => {
                let changed = !self.is_current(&token);
                if let Some(last) = self.segments.last_mut() {
                    last.token = token;
                }
                changed
            }
        }
    }

    pub(super) fn was_made_with(&self, token: &TokenHash, founder: &FounderHash) -> bool {
        let first = self.segments.first();
        first.is_some_and(|first| first.token == *token) && self.row.founder == *founder
    }

    /// Whether the token reads any segment.
    pub(super) fn knows(&self, token: &TokenHash) -> bool {
        self.segments
            .iter()
            .rev()
            .any(|segment| segment.token == *token)
    }

    /// Whether the token writes.
    pub(super) fn is_current(&self, token: &TokenHash) -> bool {
        self.segments
            .last()
            .is_some_and(|last| last.token == *token)
    }

    /// Whether the entry at `index` stands in the segment that is written now.
    pub(super) fn is_in_last(&self, index: u64) -> bool {
        self.segments.last().is_some_and(|last| last.start <= index)
    }

    /// Whether the token reads the segment in which `index` stands.
    pub(super) fn token_reads(&self, token: &TokenHash, index: u64) -> bool {
        let after = self
            .segments
            .partition_point(|segment| segment.start <= index);
        let segment = after.checked_sub(1).and_then(|at| self.segments.get(at));
        segment.is_some_and(|segment| segment.token == *token)
    }

    /// What the token reads from `from` on: the first of its segments that does not end before,
    /// together with those right after it that have the same token.
    pub(super) fn readable(&self, token: &TokenHash, from: u64) -> Option<Readable> {
        let next = self.row.next;
        let ends = self
            .segments
            .iter()
            .skip(1)
            .map(|segment| Some(segment.start));
        let mut found: Option<Readable> = None;
        for (segment, until) in self.segments.iter().zip(ends.chain([None])) {
            let reads = segment.token == *token;
            match &mut found {
                Some(readable) if reads => readable.until = until,
                Some(_) => break,
                None if reads && until.is_none_or(|until| from < until) => {
                    found = Some(Readable {
                        from: from.max(segment.start),
                        until,
                        next,
                    });
                }
                None => {}
            }
        }
        found
    }
}
