//! Commits: who may be added and removed, the epochs they begin, and the tokens that go with them.
//! The first valid commit of an epoch in log order wins; valid is what every member finds valid.

use room::{Added, Event, Leaf, Name, RequestId, RoomKind, SeatsChanged};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use wire::{Entry, EntryKind, LogHead, TokenHash};

use crate::cursor::Cursor;
use crate::epoch_keys::{EpochKeys, staged_token};
use crate::fold::{After, World};
use crate::limits::RETRY_MS;
use crate::mls::{CheckedKeyPackage, Kind, Membership, MlsError, Opened, ReceivedCommit, SeatKey};
use crate::out::Out;
use crate::room_log::{RoomLog, Standing};
use crate::signed::Signed;
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
    /// This seat's number for it.
    pub(crate) number: u32,
    pub(crate) expected: LogHead,
    pub(crate) next: TokenHash,
    pub(crate) made: Made,
}

/// Whom a commit of this node added, and the Welcome for them.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) requests: Vec<RequestId>,
    pub(crate) welcome: Option<Vec<u8>>,
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
        let number = self.numbers.of_next_own();
        let signed = Signed::sign(
            key,
            &self.group,
            self.mailbox,
            number,
            Kind::Commit,
            made.commit,
        )?;
        let Ok(entry) = self.keys.envelope.seal(&signed.to_bytes(), out.ctx.rng) else {
            self.group.clear_pending()?;
            return Err(MlsError::too_large());
        };
        self.numbers.give(self.area, number, signed.hash(), out);
        let mut pending = Pending {
            frame: 0,
            number,
            entry,
            expected: self.cursor.head,
            next: staged_token(&self.group, &ReceivedCommit::Pending)?.hash(),
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

    /// Judged by what stands in the clear before it is opened: whoever has to wait opens it later.
    pub(crate) fn on_commit(
        &mut self,
        entry: &Entry,
        signed: &Signed,
        place: &Cursor,
        world: &mut World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let incoming = self.group.read(signed.message());
        let incoming = incoming.filter(|incoming| incoming.kind == Kind::Commit);
        let aad = incoming
            .as_ref()
            .and_then(|incoming| CommitAad::parse(&incoming.aad));
        let (Some(incoming), Some(aad)) = (incoming, aad) else {
            self.count(signed, out);
            return self.void_commit(entry, signed, out);
        };
        match self.may_stand(&aad, world) {
            Stands::Here => {}
            Stands::Nowhere => {
                self.count(signed, out);
                return self.void_commit(entry, signed, out);
            }
            Stands::Later => {
                return Ok(After {
                    held: true,
                    ..After::default()
                });
            }
        }
        self.count(signed, out);
        let mut pending = self
            .pending
            .take_if(|own| signed.leaf == self.group.own_leaf() && own.number == signed.number);
        let commit = match &pending {
            Some(_) => Some(ReceivedCommit::Pending),
            None => match self.group.open(incoming, signed.leaf)? {
                Opened::Commit(commit) => Some(commit),
                Opened::Message(_) | Opened::Unreadable | Opened::Nothing => None,
            },
        };
        let by = Leaf(signed.leaf);
        let judged = commit.and_then(|commit| {
            let membership = self.group.membership(&commit).ok()?;
            let removed = membership.removed.contains(&self.group.own_leaf());
            let event = self.judge(by, &aad, &membership, world)?;
            Some((commit, event, removed))
        });
        let Some((commit, event, removed)) = judged else {
            return self.drop_void(entry, pending.is_some(), out);
        };
        if !removed && !names_token(entry, staged_token(&self.group, &commit)?.hash()) {
            return self.drop_void(entry, pending.is_some(), out);
        }
        if pending.is_some() || self.pending.take().is_some() {
            out.remove(self.area, "pending");
        }
        self.group.merge(commit)?;
        let after = self.enter_epoch(by, event, removed, aad.plenary_next, place, out)?;
        Ok(After {
            welcome: pending.take().map(|pending| pending.made),
            ..after
        })
    }

    /// A commit that nobody opens. If it is this node's own, another one is made.
    fn void_commit(
        &mut self,
        entry: &Entry,
        signed: &Signed,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let own = self
            .pending
            .take_if(|own| signed.leaf == self.group.own_leaf() && own.number == signed.number);
        self.drop_void(entry, own.is_some(), out)
    }

    fn drop_void(&mut self, entry: &Entry, own: bool, out: &mut Out) -> Result<After, MlsError> {
        if own {
            out.remove(self.area, "pending");
            self.group.clear_pending()?;
        }
        self.void(entry, out)
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
            self.numbers.enter_epoch(self.area, out);
            self.commit_after = out.now();
        }
        self.changed(out);
        out.durable();
        Ok(After {
            effects: vec![(by, event, effect)],
            ..After::default()
        })
    }

    /// Is this the place that the commit means, and does this node know all that it is judged by?
    fn may_stand(&self, aad: &CommitAad, world: &World) -> Stands {
        if aad.expected != *self.cursor.head.as_bytes() {
            return Stands::Nowhere;
        }
        match (self.state.room(), world.plenary) {
            (RoomKind::Plenary, _) => Stands::Here,
            (RoomKind::Caucus(_), None) => Stands::Nowhere,
            (RoomKind::Caucus(_), Some(_)) if aad.plenary_next < self.plenary_seen => {
                Stands::Nowhere
            }
            (RoomKind::Caucus(_), Some((_, next))) if aad.plenary_next > next => Stands::Later,
            (RoomKind::Caucus(_), Some(_)) => Stands::Here,
        }
    }

    /// The change of seats, where all members find the commit valid.
    fn judge(
        &self,
        by: Leaf,
        aad: &CommitAad,
        membership: &Membership,
        world: &World,
    ) -> Option<SeatsChanged> {
        let event = match (self.state.room(), world.plenary) {
            (RoomKind::Plenary, _) => seats_changed(by, membership, |_| None),
            (RoomKind::Caucus(_), None) => return None,
            (RoomKind::Caucus(side), Some((roll, _))) => {
                let at = aad.plenary_next;
                let gone = |leaf: &u32| {
                    let seat = self.state.by_leaf(Leaf(*leaf));
                    seat.is_some_and(|s| roll.departed(&s.signature_key, at))
                };
                let seated = |key: &[u8]| roll.seated(key, side, at).cloned();
                let mut added = membership.added.iter();
                let fits = membership.removed.iter().all(gone)
                    && added.all(|add| seated(&add.leaf.signature_key).is_some());
                if !fits {
                    return None;
                }
                seats_changed(by, membership, seated)
            }
        };
        let allowed = self.state.may_commit(by, &event.added, &event.removed);
        allowed.is_ok().then_some(event)
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

/// Where a commit may stand, by its authenticated data.
enum Stands {
    Here,
    Nowhere,
    /// It names a place in the plenary's log that is not folded here yet.
    Later,
}

impl CommitAad {
    fn parse(bytes: &[u8]) -> Option<CommitAad> {
        let aad = CommitAad::tls_deserialize_exact_bytes(bytes).ok()?;
        (aad.version == AAD_VERSION).then_some(aad)
    }
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
