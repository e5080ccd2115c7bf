//! Commits: who may be added and removed, the epochs they begin, and the tokens that go with them.
//! The first valid commit of an epoch in log order wins; valid is what every member finds valid.

use room::{Added, Event, Leaf, Name, RequestId, RoomKind, SeatsChanged};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use wire::{Entry, EntryKind, LogHead, TokenHash};

use crate::cursor::Cursor;
use crate::envelope::MarkKey;
use crate::epoch_keys::{EpochKeys, pending_token, staged_token};
use crate::fold::{After, World};
use crate::limits::RETRY_MS;
use crate::mls::{CheckedKeyPackage, Membership, MlsError, ReceivedCommit, SeatKey};
use crate::out::Out;
use crate::outbox::{EntryHash, entry_hash};
use crate::room_log::{RoomLog, Standing};
use crate::step::Op;

const AAD_VERSION: u8 = 1;

/// A commit's authenticated data: where it means to stand, and what it relies on.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct CommitAad {
    version: u8,
    /// The log's head that it must follow.
    expected: [u8; 32],
    /// In a caucus: the place in the plenary's log by which it is to be judged.
    plenary_next: u64,
}

/// A commit of this node on its way to the log.
pub(crate) struct Pending {
    pub(crate) frame: u64,
    pub(crate) entry: Vec<u8>,
    pub(crate) entry_hash: EntryHash,
    pub(crate) expected: LogHead,
    pub(crate) next: TokenHash,
    pub(crate) plenary_next: u64,
    pub(crate) made: Made,
}

/// Whom a commit of this node added, and the Welcome for them.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) requests: Vec<RequestId>,
    pub(crate) welcome: Option<Vec<u8>>,
}

/// A commit of another member, opened and not yet judged.
pub(crate) struct ForeignCommit {
    pub(crate) by: Leaf,
    pub(crate) aad: Vec<u8>,
    pub(crate) commit: ReceivedCommit,
}

/// Whom to add and to remove.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) adds: Vec<(RequestId, CheckedKeyPackage)>,
    pub(crate) removes: Vec<u32>,
    pub(crate) plenary_next: u64,
}

impl Wanted {
    pub(crate) fn is_empty(&self) -> bool {
        self.adds.is_empty() && self.removes.is_empty()
    }
}

impl RoomLog {
    /// Makes a commit and sends it, unless one is on its way or it is too early to try again.
    pub(crate) fn commit(
        &mut self,
        wanted: Wanted,
        key: &SeatKey,
        mark: &MarkKey,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if wanted.is_empty() || self.pending.is_some() || !self.may_speak() || self.play.is_some() {
            return Ok(());
        }
        if out.now() < self.commit_after {
            out.wake_at(self.commit_after);
            return Ok(());
        }
        let aad = CommitAad {
            version: AAD_VERSION,
            expected: *self.cursor.head.as_bytes(),
            plenary_next: wanted.plenary_next,
        };
        let aad = aad.tls_serialize_detached().expect("41 bytes");
        let (requests, packages): (Vec<RequestId>, Vec<CheckedKeyPackage>) =
            wanted.adds.into_iter().unzip();
        let made = self.group.commit(key, &packages, &wanted.removes, aad)?;
        let Ok(entry) = self.keys.envelope.seal(&made.commit, mark, out.ctx.rng) else {
            self.group.clear_pending()?;
            return Err(MlsError::too_large());
        };
        let mut pending = Pending {
            frame: 0,
            entry_hash: entry_hash(&entry),
            entry,
            expected: self.cursor.head,
            next: pending_token(&self.group)?.hash(),
            plenary_next: wanted.plenary_next,
            made: Made {
                requests,
                welcome: made.welcome,
            },
        };
        out.write(self.area, "pending", crate::records::pending_row(&pending));
        self.send_pending(&mut pending, out);
        self.pending = Some(pending);
        self.persist(out)
    }

    fn send_pending(&self, pending: &mut Pending, out: &mut Out) {
        let op = Op::Rotate {
            token: self.keys.token.clone(),
            bytes: pending.entry.clone(),
            expected: pending.expected,
            next: pending.next,
        };
        pending.frame = out.send(self.mailbox, op);
    }

    /// After a reconnection: the same bytes again, which the relay recognises.
    pub(crate) fn resend_pending(&mut self, out: &mut Out) {
        if let Some(mut pending) = self.pending.take() {
            self.send_pending(&mut pending, out);
            self.pending = Some(pending);
        }
    }

    /// Somebody wrote first, or the relay could not: the commit is made anew a little later.
    pub(crate) fn drop_pending(&mut self, wait_ms: u64, out: &mut Out) -> Result<(), MlsError> {
        if self.pending.take().is_some() {
            out.remove(self.area, "pending");
            self.group.clear_pending()?;
            self.commit_after = out.now().plus_ms(wait_ms);
            out.wake_at(self.commit_after);
            self.persist(out)?;
        }
        Ok(())
    }

    pub(crate) fn on_foreign_commit(
        &mut self,
        entry: &Entry,
        place: &Cursor,
        foreign: ForeignCommit,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let ForeignCommit { by, aad, commit } = foreign;
        let (Ok(aad), Ok(membership)) = (
            CommitAad::tls_deserialize_exact_bytes(&aad),
            self.group.membership(&commit),
        ) else {
            return self.void(entry, out);
        };
        let event = match self.judge(by, &aad, &membership, world) {
            Judged::Valid(event) => event,
            Judged::Void => return self.void(entry, out),
            Judged::Later => {
                return Ok(After {
                    held: true,
                    ..After::default()
                });
            }
        };
        let removed = membership.removed.contains(&self.group.own_leaf());
        if !removed && !names_token(entry, staged_token(&self.group, &commit)?.hash()) {
            return self.void(entry, out);
        }
        if self.pending.take().is_some() {
            out.remove(self.area, "pending");
        }
        self.group.merge(commit)?;
        self.enter_epoch(by, event, removed, aad.plenary_next, place, out)
    }

    pub(crate) fn on_own_commit(
        &mut self,
        entry: &Entry,
        place: &Cursor,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let Some(pending) = self.pending.take() else {
            return self.void(entry, out);
        };
        out.remove(self.area, "pending");
        let membership = self.group.pending_membership()?;
        let plenary_next = pending.plenary_next;
        let by = self.own_leaf();
        let aad = CommitAad {
            version: AAD_VERSION,
            expected: *pending.expected.as_bytes(),
            plenary_next,
        };
        let valid = match self.judge(by, &aad, &membership, world) {
            Judged::Valid(event) if names_token(entry, pending.next) => Some(event),
            Judged::Valid(_) | Judged::Void | Judged::Later => None,
        };
        let Some(event) = valid else {
            self.group.clear_pending()?;
            return self.void(entry, out);
        };
        self.group.merge_pending()?;
        let after = self.enter_epoch(by, event, false, plenary_next, place, out)?;
        Ok(After {
            welcome: Some(pending.made),
            ..after
        })
    }

    fn enter_epoch(
        &mut self,
        by: Leaf,
        event: SeatsChanged,
        removed: bool,
        plenary_next: u64,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let event = Event::SeatsChanged(event);
        // `judge` asked the state for everything that `apply` checks.
        let effect = self.state.apply(None, place.time.ms(), &event);
        let effect = effect.map_err(|_| MlsError::inconsistent())?;
        self.plenary_seen = self.plenary_seen.max(plenary_next);
        if removed {
            self.stand(Standing::Removed, out);
        } else {
            self.keys = EpochKeys::of(&self.group, self.mailbox)?;
            self.outbox.enter_epoch(self.area, out);
            self.commit_after = out.now();
        }
        self.changed(out);
        out.durable();
        Ok(After {
            effects: vec![(by, event, effect)],
            ..After::default()
        })
    }

    fn judge(
        &self,
        by: Leaf,
        aad: &CommitAad,
        membership: &Membership,
        world: &mut World,
    ) -> Judged {
        if aad.version != AAD_VERSION || aad.expected != *self.cursor.head.as_bytes() {
            return Judged::Void;
        }
        let event = match self.state.room() {
            RoomKind::Plenary => Some(seats_changed(by, membership, |_| None)),
            RoomKind::Caucus(side) => {
                let Some((roll, next)) = world.plenary else {
                    return Judged::Void;
                };
                if aad.plenary_next > next {
                    return Judged::Later;
                }
                let at = aad.plenary_next;
                let gone = |leaf: &u32| {
                    let seat = self.state.by_leaf(Leaf(*leaf));
                    seat.is_some_and(|s| roll.departed(&s.signature_key, at))
                };
                let seated = |key: &[u8]| roll.seated(key, side, at).cloned();
                let fits = at >= self.plenary_seen
                    && membership.removed.iter().all(gone)
                    && membership
                        .added
                        .iter()
                        .all(|a| seated(&a.leaf.signature_key).is_some());
                fits.then(|| seats_changed(by, membership, seated))
            }
        };
        match event {
            Some(event)
                if self
                    .state
                    .may_commit(by, &event.added, &event.removed)
                    .is_ok() =>
            {
                Judged::Valid(event)
            }
            Some(_) | None => Judged::Void,
        }
    }

    /// The founder's node puts the current token back where a rotation's commit is void.
    pub(crate) fn reset_rotation(&mut self, out: &mut Out) {
        if let (Some(founder), Standing::Member) = (&self.founder, self.standing) {
            let op = Op::Reset {
                founder: founder.clone(),
                token: self.keys.token.hash(),
            };
            out.send(self.mailbox, op);
        }
    }

    /// When to try again after the relay refused a commit.
    pub(crate) fn commit_refused(
        &mut self,
        head_moved: bool,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let wait_ms = if head_moved { 20 } else { RETRY_MS };
        self.drop_pending(wait_ms, out)
    }
}

enum Judged {
    Valid(SeatsChanged),
    Void,
    /// It names a place in the plenary's log that is not folded here yet.
    Later,
}

fn names_token(entry: &Entry, token: TokenHash) -> bool {
    match entry.kind {
        EntryKind::Rotate { next } => next == token,
        EntryKind::Append | EntryKind::Reset { .. } => false,
    }
}

fn seats_changed(
    by: Leaf,
    membership: &Membership,
    name: impl Fn(&[u8]) -> Option<Name>,
) -> SeatsChanged {
    let added = membership.added.iter().map(|add| Added {
        leaf: Leaf(add.leaf.leaf),
        signature_key: add.leaf.signature_key.clone(),
        request: RequestId(add.request),
        name: name(&add.leaf.signature_key),
    });
    let removed = membership.removed.iter().copied().map(Leaf).collect();
    SeatsChanged {
        added: added.collect(),
        removed,
        by,
    }
}
