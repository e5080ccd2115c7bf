//! Commits that this node makes: whom they add and remove, and how they get into the log.
//! What becomes of a commit there is in `judging`, for the own ones and those of others alike.

use room::RequestId;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use wire::{LogHead, TokenHash};

use crate::epoch_keys::staged_token;
use crate::limits::{COMMITS_IN_AN_EPOCH, LETTER_BYTES, RETRY_MS};
use crate::mls::{CheckedKeyPackage, Kind, MlsError, ReceivedCommit, SeatKey};
use crate::notice::{Alarm, Notice};
use crate::out::Out;
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::step::Op;

const AAD_VERSION: u8 = 1;

/// After the first attempt that came too late, ms; doubled with each further one.
const HEAD_MOVED_MS: u64 = 20;

/// A commit's authenticated data: where it means to stand, and what it relies on.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct CommitAad {
    version: u8,
    /// The log's head that it must follow.
    pub(crate) expected: [u8; 32],
    /// In a caucus: the last event of the plenary by which it is to be judged. Else 0.
    pub(crate) follows: u64,
}

impl CommitAad {
    pub(crate) fn parse(bytes: &[u8]) -> Option<CommitAad> {
        let aad = CommitAad::tls_deserialize_exact_bytes(bytes).ok()?;
        (aad.version == AAD_VERSION).then_some(aad)
    }
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
    /// See [`CommitAad::follows`].
    pub(crate) follows: u64,
}

impl Wanted {
    pub(crate) fn is_empty(&self) -> bool {
        self.adds.is_empty() && self.removes.is_empty()
    }
}

/// Why no commit was made; nothing is changed then.
enum NotMade {
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
        if wanted.is_empty() || self.pending.is_some() || !self.may_speak() || self.play.is_some() {
            return Ok(Vec::new());
        }
        if out.now() < self.commit_after {
            out.wake_at(self.commit_after);
            return Ok(Vec::new());
        }
        if self.commits_made >= COMMITS_IN_AN_EPOCH {
            // Others could not open another one: this seat commits again in the next epoch.
            return Ok(Vec::new());
        }
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
            return self.commit(Wanted { adds, ..wanted }, key, out);
        }
        self.try_again_later(out);
        Ok(bad)
    }

    fn try_commit(&mut self, wanted: &Wanted, key: &SeatKey, out: &mut Out) -> Result<(), NotMade> {
        let adds = wanted.adds.iter();
        let (requests, packages) = adds.cloned().unzip::<_, _, Vec<_>, Vec<_>>();
        let aad = self.aad(wanted.follows);
        let made = self.group.commit(key, &packages, &wanted.removes, aad)?;
        self.commits_made = self.commits_made.saturating_add(1);
        let welcome = made.welcome.as_ref().map_or(0, Vec::len);
        if welcome > 0 && welcome.saturating_add(self.state.encode().len()) > LETTER_BYTES {
            self.group.clear_pending()?;
            self.persist(out)?;
            return Err(NotMade::TooLargeToJoin);
        }
        let (group, number) = (&self.group, self.numbers.of_next_own());
        let signed = Signed::sign(key, group, self.mailbox, number, Kind::Commit, made.commit)?;
        let Ok(entry) = self.keys.envelope.seal(&signed.to_bytes(), out.ctx.rng) else {
            self.group.clear_pending()?;
            self.persist(out)?;
            return Err(NotMade::Failed);
        };
        self.numbers.give(self.area, number, signed.hash(), out);
        let mut pending = Pending {
            frame: 0,
            number,
            entry,
            expected: self.cursor.head,
            next: staged_token(&self.group, self.mailbox, &ReceivedCommit::Pending)?.hash(),
            made: Made {
                requests,
                welcome: made.welcome,
            },
        };
        out.write(self.area, "pending", crate::records::pending_row(&pending));
        self.send_pending(&mut pending, out);
        self.pending = Some(pending);
        self.persist(out)?;
        Ok(())
    }

    pub(crate) fn aad(&self, follows: u64) -> Vec<u8> {
        let aad = CommitAad {
            version: AAD_VERSION,
            expected: *self.cursor.head.as_bytes(),
            follows,
        };
        aad.tls_serialize_detached().expect("41 bytes")
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

    fn send_pending(&self, pending: &mut Pending, out: &mut Out) {
        let op = Op::Rotate {
            token: self.keys.token.clone(),
            bytes: pending.entry.clone(),
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
    pub(crate) fn commit_refused(
        &mut self,
        head_moved: bool,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let Some(number) = self.pending.as_ref().map(|pending| pending.number) else {
            return Ok(());
        };
        self.drop_pending(number, out)?;
        match head_moved {
            true => self.try_again_soon(out),
            false => self.try_again_later(out),
        }
        self.persist(out)
    }

    /// This seat's commit by that number does not get into the log any more.
    pub(crate) fn drop_pending(&mut self, number: u32, out: &mut Out) -> Result<(), MlsError> {
        if self.pending.take_if(|own| own.number == number).is_some() {
            out.remove(self.area, "pending");
            self.group.clear_pending()?;
        }
        Ok(())
    }

    fn try_again_soon(&mut self, out: &mut Out) {
        let doubled = 1_u64
            .checked_shl(self.commits_made.saturating_sub(1))
            .unwrap_or(u64::MAX);
        let wait_ms = HEAD_MOVED_MS.saturating_mul(doubled).min(RETRY_MS);
        self.commit_after = out.now().plus_ms(wait_ms);
        out.wake_at(self.commit_after);
    }

    fn try_again_later(&mut self, out: &mut Out) {
        self.commit_after = out.now().plus_ms(RETRY_MS);
        out.wake_at(self.commit_after);
    }
}
