//! Commits that this node makes: whom they add and remove, and how they get into the log.
//! What becomes of a commit there is in `judging`, for the own ones and those of others alike.

use room::{Commits, Digest, Progress, RequestId};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use wire::{LogHead, TokenHash};

use crate::epoch_keys::staged_token;
use crate::limits::{COMMITS_IN_AN_EPOCH, LETTER_BYTES};
use crate::mls::{CheckedKeyPackage, Kind, MlsError, ReceivedCommit, SeatKey};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::post::Seen;
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::standing::Standing;
use crate::step::Op;

const AAD_VERSION: u8 = 1;

/// A commit's authenticated data: in which epoch it means to stand, what it relies on, and what its author
/// had seen. It may stand anywhere in that epoch: whoever writes while it is on its way does not harm it.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct CommitAad {
    version: u8,
    /// The log's head after the entry that began the epoch.
    pub(crate) epoch: [u8; 32],
    /// In a caucus: the last event of the plenary by which it is to be judged. Else 0.
    pub(crate) follows: u64,
    next: u64,
    head: [u8; 32],
    digest: [u8; 32],
}

impl CommitAad {
    pub(crate) fn parse(bytes: &[u8]) -> Option<CommitAad> {
        let aad = CommitAad::tls_deserialize_exact_bytes(bytes).ok()?;
        (aad.version == AAD_VERSION).then_some(aad)
    }

    /// What its author had seen of the log.
    pub(crate) fn seen(&self) -> Seen {
        Seen {
            next: self.next,
            head: LogHead::new(self.head),
            digest: Digest(self.digest),
        }
    }
}

/// A commit of this node on its way to the log. It stays, and is sent again as identical bytes, until it
/// stands there or the epoch is over: a relay could show it at any time, and nobody could follow its own
/// commit that it had dropped.
pub(crate) struct Pending {
    pub(crate) entry: Vec<u8>,
    /// This seat's number for it.
    pub(crate) number: u32,
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
    /// See [`CommitAad::follows`].
    pub(crate) follows: u64,
}

impl Wanted {
    pub(crate) fn is_empty(&self) -> bool {
        self.adds.is_empty() && self.removes.is_empty()
    }
}

/// Why no commit was made; nothing is changed then.
pub(crate) enum NotMade {
    /// What its newcomers would have to be handed fits in no entry.
    TooLargeToJoin,
    /// The library cannot make it, or it fits in no entry.
    Failed,
}

impl From<MlsError> for NotMade {
    fn from(_: MlsError) -> NotMade {
        NotMade::Failed
    }
}

impl RoomLog {
    /// Makes a commit and sends it, unless one is on its way or it is too early to try again. Back come
    /// the requests that cannot be committed, by nobody: whoever kept them lets them go.
    pub(crate) fn commit(
        &mut self,
        wanted: Wanted,
        key: &SeatKey,
        out: &mut Out,
    ) -> Result<Vec<RequestId>, MlsError> {
        if wanted.is_empty() || self.pending.is_some() || !self.may_change_seats(out) {
            return Ok(Vec::new());
        }
        let due = self.attempts.commits.due(out.now());
        if out.now() < due {
            out.wake_at(due);
            return Ok(Vec::new());
        }
        if self.numbers.of_next_own(Kind::Commit) >= COMMITS_IN_AN_EPOCH {
            // Others could not open another one: this seat commits again in the next epoch.
            return Ok(Vec::new());
        }
        self.attempts.commits.tried(out.now());
        let bad = match self.try_commit(&wanted, key, out) {
            Ok(()) => return Ok(Vec::new()),
            Err(NotMade::TooLargeToJoin) => {
                out.notify(Notice::Alarm(Alarm::TooLargeToJoin));
                Vec::new()
            }
            // Everything is as it was, and who is in the way is found out.
            Err(NotMade::Failed) => self.bad_requests(&wanted, key, out)?,
        };
        let both = !wanted.adds.is_empty() && !wanted.removes.is_empty();
        if bad.is_empty() && both {
            // Whoever is to go does not stay because of those who are to come.
            let adds = Vec::new();
            let alone = self.try_commit(&Wanted { adds, ..wanted }, key, out);
            if alone.is_ok() {
                return Ok(bad);
            }
        }
        out.wake_at(self.attempts.commits.due(out.now()));
        Ok(bad)
    }

    /// Connected and caught up, or on the way to it by a reset of this node's own: between two void
    /// rotations whoever makes them must not keep the founder from removing it. Not while a Round is
    /// collected; but whoever keeps its last message back keeps nobody in the room by that.
    fn may_change_seats(&self, out: &mut Out) -> bool {
        if self.state.commits_of(self.own_leaf()) == Commits::AreVoid {
            return false;
        }
        let resets = self.standing == Standing::Member && self.reset.is_some();
        (self.may_speak() || resets) && self.is_past_waiting(out)
    }

    /// No Round is on, or it has waited for its last messages as long as a phase lasts.
    fn is_past_waiting(&self, out: &mut Out) -> bool {
        if self.run_is_on() {
            return false;
        }
        let round = self.state.open_round();
        let Some(end) = round.and_then(room::OpenRound::awaited_until_ms) else {
            return true;
        };
        if self.is_shut() {
            // No end comes meanwhile. Right behind a reset as well: by that there is a later one.
            return false;
        }
        let due = self.here(end);
        if out.now() < due {
            out.wake_at(due);
        }
        out.now() >= due
    }

    pub(crate) fn try_commit(
        &mut self,
        wanted: &Wanted,
        key: &SeatKey,
        out: &mut Out,
    ) -> Result<(), NotMade> {
        let adds = wanted.adds.iter();
        let (requests, packages) = adds.cloned().unzip::<_, _, Vec<_>, Vec<_>>();
        let aad = self.aad(wanted.follows);
        let made = self.group.commit(key, &packages, &wanted.removes, aad)?;
        let welcome = made.welcome.as_ref().map_or(0, Vec::len);
        if welcome > 0 && welcome.saturating_add(self.state.encode().len()) > LETTER_BYTES {
            self.group.go_back()?;
            return Err(NotMade::TooLargeToJoin);
        }
        let (group, number) = (&self.group, self.numbers.of_next_own(Kind::Commit));
        let signed = Signed::sign(
            key,
            group,
            self.cursor.start,
            number,
            Kind::Commit,
            made.commit,
        )?;
        let Ok(entry) = self.keys.envelope.seal(&signed.to_bytes(), out.ctx.rng) else {
            self.group.go_back()?;
            return Err(NotMade::Failed);
        };
        let place = (Kind::Commit, number);
        self.numbers.give(self.area, place, signed.hash(), out);
        let pending = Pending {
            number,
            entry,
            next: staged_token(&self.group, self.mailbox, &ReceivedCommit::Pending)?.hash(),
            made: Made {
                requests,
                welcome: made.welcome,
            },
        };
        out.write(self.area, "pending", crate::records::pending_row(&pending));
        self.pending = Some(pending);
        self.send_pending(out);
        self.persist(out)?;
        Ok(())
    }

    pub(crate) fn aad(&self, follows: u64) -> Vec<u8> {
        let aad = CommitAad {
            version: AAD_VERSION,
            epoch: *self.epoch_head.as_bytes(),
            follows,
            next: self.cursor.next,
            head: *self.cursor.head.as_bytes(),
            digest: self.state.digest().0,
        };
        aad.tls_serialize_detached().expect("113 bytes")
    }

    /// Of a commit that cannot be made: those whom no commit can add. One of them must not keep the
    /// others waiting.
    fn bad_requests(
        &mut self,
        wanted: &Wanted,
        key: &SeatKey,
        out: &mut Out,
    ) -> Result<Vec<RequestId>, MlsError> {
        let mut bad = Vec::new();
        for (request, package) in &wanted.adds {
            let (aad, package) = (self.aad(wanted.follows), package.clone());
            let alone = self.group.attempt_commit(key, &[package], &[], aad)?;
            let fits = alone.is_some_and(|made| {
                let entry = self.keys.envelope.seal(&made.commit, out.ctx.rng);
                entry.is_ok()
            });
            bad.extend((!fits).then_some(*request));
        }
        Ok(bad)
    }

    /// The same bytes each time, which the relay recognises. Not during a run, where they would be void, nor
    /// while last messages are on their way; it is asked for again afterwards.
    pub(crate) fn send_pending(&mut self, out: &mut Out) {
        let Some(op) = self.pending_op() else { return };
        if self.attempts.guard.keeps_back(out.now()) {
            return;
        }
        if self.is_past_waiting(out) {
            self.attempts.guard.commit_frame = Some(out.send(self.mailbox, op));
        } else {
            self.resend = true;
        }
    }

    pub(crate) fn pending_op(&self) -> Option<Op> {
        self.pending.as_ref().map(|pending| Op::Rotate {
            token: self.keys.token.clone(),
            bytes: pending.entry.clone(),
            next: pending.next,
            founder: self.right_to_rotate(),
        })
    }

    /// Between START and the N-th GO.
    pub(crate) fn run_is_on(&self) -> bool {
        let round = self.state.open_round();
        round.is_some_and(|round| matches!(round.progress, Progress::Running(_)))
    }

    /// This seat's commit by that number counts nowhere in the log any more.
    pub(crate) fn drop_pending(&mut self, number: u32, out: &mut Out) -> Result<(), MlsError> {
        if self.pending.take_if(|own| own.number == number).is_some() {
            out.remove(self.area, "pending");
            self.group.clear_pending()?;
        }
        Ok(())
    }
}
