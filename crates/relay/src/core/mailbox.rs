//! One mailbox: where its log ends, and which token reads which part of it.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use wire::limits::{ENTRY_OVERHEAD, VISIT_MS};
use wire::{Entry, EntryKind, FounderHash, GrantHash, Timestamp, TokenHash};

/// What changes with every entry, and who may reset. Stored under the mailbox's id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct MailboxRow {
    /// The hash of the founder's secret.
    pub founder: FounderHash,
    /// The index of the next entry.
    pub next: u64,
    /// Bytes of all entries.
    pub bytes: u64,
    /// Rotations so far.
    pub rotations: u64,
    /// Resets so far.
    pub resets: u64,
    /// Where the last rotation stands that led to another token without the founder's secret, if no reset
    /// has taken it back.
    pub led_away: Option<u64>,
    /// When the last guard began.
    pub guard: Option<Timestamp>,
    /// By which grant it was made, if by one.
    pub grant: Option<GrantHash>,
    /// When it was made, or as long as it has no entry, when somebody with its token last came; to the day.
    pub visited: Timestamp,
}

/// By whom a mailbox is made, by which right, and when.
pub(super) struct Made {
    pub(super) founder: FounderHash,
    pub(super) grant: Option<GrantHash>,
    pub(super) now: Timestamp,
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

/// What an entry did to its mailbox's segments.
pub(super) struct Followed {
    /// The token that was current is so no longer.
    pub(super) ends_token: bool,
    /// First indices of segments that became a part of the one before.
    pub(super) merged: Vec<u64>,
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
    pub(super) fn new(token: TokenHash, made: Made) -> Self {
        let Made {
            founder,
            grant,
            now,
        } = made;
        let row = MailboxRow {
            founder,
            next: 0,
            bytes: 0,
            rotations: 0,
            resets: 0,
            led_away: None,
            guard: None,
            grant,
            visited: now,
        };
        Self {
            row,
            segments: vec![Segment { start: 0, token }],
        }
    }

    /// Moves on by one entry.
    pub(super) fn follow(&mut self, entry: &Entry, by_founder: bool) -> Followed {
        let current = self.segments.last().map(|last| last.token);
        self.row.next = entry.index.saturating_add(1);
        self.row.bytes = self.row.bytes.saturating_add(entry.bytes.len() as u64);
        let merged = match entry.kind {
            EntryKind::Append => Vec::new(),
            EntryKind::Rotate { next: token } => {
                self.row.rotations = self.row.rotations.saturating_add(1);
                if !by_founder && current != Some(token) {
                    self.row.led_away = Some(entry.index);
                }
                self.segments.push(Segment {
                    start: self.row.next,
                    token,
                });
                Vec::new()
            }
            EntryKind::Reset { token, from } => {
                self.row.resets = self.row.resets.saturating_add(1);
                if self.takes_back(&token, from) {
                    self.row.led_away = None;
                    self.row.guard = Some(entry.time);
                }
                self.merge(token, from)
            }
        };
        let ends_token = self.segments.last().map(|last| last.token) != current;
        Followed { ends_token, merged }
    }

    /// Whether a reset undoes a rotation that somebody made without the founder's secret.
    fn takes_back(&self, token: &TokenHash, from: u64) -> bool {
        if self.is_within_last(from) {
            return false;
        }
        let first = self.segments.get(self.first_reset(from));
        let (Some(first), Some(index)) = (first, self.row.led_away) else {
            return false;
        };
        let began = index.saturating_add(1);
        began > first.start || began == first.start && first.token != *token
    }

    /// For a while after such a reset nobody else rotates. A clock that was put back ends that.
    pub(super) fn is_guarded(&self, guard_ms: u64, now: Timestamp) -> bool {
        let guard = self.row.guard.filter(|began| *began <= now);
        guard.is_some_and(|began| now.since_ms(began) < guard_ms)
    }

    /// Whether anything was ever written to it.
    pub(super) fn is_empty(&self) -> bool {
        self.row.next == 0
    }

    /// Nobody has written to it, and nobody has come to it for so long that it gives way.
    pub(super) fn is_unused(&self, unused_ms: u64, now: Timestamp) -> bool {
        self.is_empty() && now.since_ms(self.row.visited) >= unused_ms
    }

    /// Somebody with its token is there. Whether that is to be noted.
    pub(super) fn visit(&mut self, now: Timestamp) -> bool {
        let notes = self.is_empty() && now.since_ms(self.row.visited) >= VISIT_MS;
        if notes {
            self.row.visited = now;
        }
        notes
    }

    /// What its entries would take with one more of that many bytes.
    pub(super) fn taken_with(&self, bytes: usize) -> u64 {
        let entries = self.row.next.saturating_add(1);
        let overhead = entries.saturating_mul(ENTRY_OVERHEAD);
        let bytes = self.row.bytes.saturating_add(bytes as u64);
        bytes.saturating_add(overhead)
    }

    /// One segment of all that begin at `from` or later, or else of what the last one has from there on: a commit may
    /// stand in its middle, and whoever has not read that far needs the token before. Returns where those began that are
    /// no segments of their own any more.
    fn merge(&mut self, token: TokenHash, from: u64) -> Vec<u64> {
        if self.is_within_last(from) {
            self.segments.push(Segment { start: from, token });
            return Vec::new();
        }
        let first = self.first_reset(from);
        let reset = self.segments.split_off(first);
        let mut starts = reset.iter().map(|segment| segment.start);
        if let Some(start) = starts.next() {
            self.segments.push(Segment { start, token });
        }
        starts.collect()
    }

    /// Whether `from` is behind the beginning of the last segment, and not behind the entry that was added last.
    fn is_within_last(&self, from: u64) -> bool {
        let last = self.segments.last();
        from < self.row.next && last.is_some_and(|last| last.start < from)
    }

    /// The place of the first segment that a reset from `from` on concerns.
    fn first_reset(&self, from: u64) -> usize {
        let first = self
            .segments
            .partition_point(|segment| segment.start < from);
        first.min(self.segments.len().saturating_sub(1))
    }

    /// Whether a reset to this token, from there on and standing at `index`, is all that could be done.
    pub(super) fn is_reset(&self, token: &TokenHash, from: u64, index: u64) -> bool {
        let is_last = self.first_reset(from).saturating_add(1) == self.segments.len();
        is_last && self.is_current(token) && self.is_in_last(index)
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
    fn is_in_last(&self, index: u64) -> bool {
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
