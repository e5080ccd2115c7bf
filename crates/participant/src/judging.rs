//! What becomes of a commit in the log, the own ones and those of others alike: all members come to the
//! same verdict, and whoever cannot says so. The first valid commit of an epoch in log order wins.

use room::rules::{Rule, holds};
use room::{
    Added, CommitName, Commits, Event, Leaf, RequestId, Role, RoomKind, SeatsChanged, SideId,
};
use wire::{Entry, EntryKind, TokenHash};

use crate::commits::CommitAad;
use crate::cursor::Cursor;
use crate::epoch_keys::{EpochKeys, staged_token};
use crate::fold::{After, Plenary, World};
use crate::mls::{Kind, Membership, MlsError, Opened, ReceivedCommit};
use crate::out::Out;
use crate::roll::Follows;
use crate::room_log::RoomLog;
use crate::signed::Signed;
use crate::standing::Standing;

/// Where a commit may stand, by its author and what it says in the clear.
#[derive(PartialEq, Eq)]
enum Stands {
    Here,
    Nowhere,
    /// It names an event of the plenary that had not come when it was made.
    AheadOfThePlenary,
    /// It names an event of the plenary that is not folded here yet.
    Later,
}

/// A commit that all members find valid.
struct Judged {
    commit: ReceivedCommit,
    event: SeatsChanged,
}

impl RoomLog {
    /// Judged by what stands in the clear before it is opened: whoever has to wait opens it later.
    pub(crate) fn on_commit(
        &mut self,
        entry: &Entry,
        signed: &Signed,
        place: &Cursor,
        world: &World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let by = Leaf(signed.leaf);
        let incoming = self.group.read(signed.message());
        let incoming = incoming.filter(|incoming| incoming.kind == Kind::Commit);
        let read = incoming.and_then(|incoming| {
            let aad = CommitAad::parse(&incoming.aad)?;
            Some((incoming, aad))
        });
        let name = CommitName(signed.hash());
        let stands = read.as_ref().map_or(Stands::Nowhere, |(_, aad)| {
            self.may_stand(by, aad, name, world)
        });
        if stands == Stands::Later {
            return Ok(After {
                held: Some(name),
                ..After::default()
            });
        }
        self.count(Kind::Commit, signed, out);
        if stands == Stands::AheadOfThePlenary {
            self.state.deny_commits(by);
            self.persist_state(out);
        }
        if let Some((_, aad)) = &read {
            self.compare(by, &aad.seen(), out);
        }
        let is_own = by == self.own_leaf();
        let own = self
            .pending
            .take_if(|own| is_own && own.number == signed.number);
        if own.is_some() {
            out.remove(self.area, "pending");
        }
        let judged = match read.filter(|_| stands == Stands::Here) {
            None => None,
            Some((_, aad)) if own.is_some() => {
                self.judge(by, &aad, ReceivedCommit::Pending, place, world)
            }
            Some((incoming, aad)) => match self.group.open(incoming, by.0)? {
                Opened::Commit(commit) => self.judge(by, &aad, commit, place, world),
                // What this node made and dropped is as unreadable to it as what was broken for it.
                Opened::Nothing if is_own => return self.fall_behind(entry, &aad, world, out),
                Opened::Unreadable => return self.fall_behind(entry, &aad, world, out),
                Opened::Message(_) | Opened::Nothing => None,
            },
        };
        let Some(judged) = judged else {
            if own.is_some() {
                self.group.clear_pending()?;
            }
            return self.void(entry, out);
        };
        let after = self.follow_commit(entry, judged, place, out)?;
        Ok(After {
            welcome: own.map(|own| own.made),
            ..after
        })
    }

    /// Is this the epoch that the commit means, may its author commit, and does this node know all that
    /// it is judged by?
    fn may_stand(&self, by: Leaf, aad: &CommitAad, name: CommitName, world: &World) -> Stands {
        let author = self.state.by_leaf(by).map(|seat| seat.role);
        let running = self.run_is_on() && holds(Rule::NoCommitDuringRuns);
        if aad.epoch != *self.epoch_head.as_bytes()
            || self.state.commits_of(by) == Commits::AreVoid
            || running
        {
            return Stands::Nowhere;
        }
        let plenary = match (self.state.room(), &world.plenary) {
            (RoomKind::Plenary, _) if author == Some(Role::Convenor) => return Stands::Here,
            (RoomKind::Plenary, _) | (RoomKind::Caucus(_), None) => return Stands::Nowhere,
            (RoomKind::Caucus(_), Some(plenary)) => plenary,
        };
        if aad.follows < self.state.follows() {
            return Stands::Nowhere;
        }
        match plenary.roll.follows(name, aad.follows, plenary.events) {
            Follows::It => Stands::Here,
            Follows::Nothing => Stands::AheadOfThePlenary,
            Follows::Unknown => Stands::Later,
        }
    }

    fn judge(
        &self,
        by: Leaf,
        aad: &CommitAad,
        commit: ReceivedCommit,
        place: &Cursor,
        world: &World,
    ) -> Option<Judged> {
        let membership = self.group.membership(&commit, by.0).ok()?;
        let event = self.seats_changed(by, aad.follows, &membership, world)?;
        let allowed = self.state.may_commit(&event, place.clock.ms());
        allowed.is_ok().then_some(Judged { commit, event })
    }

    fn seats_changed(
        &self,
        by: Leaf,
        follows: u64,
        membership: &Membership,
        world: &World,
    ) -> Option<SeatsChanged> {
        let mut added = Vec::new();
        for add in &membership.added {
            let (key, request) = (&add.leaf.signature_key, RequestId(add.request));
            let name = match (self.state.room(), &world.plenary) {
                (RoomKind::Plenary, _) => None,
                (RoomKind::Caucus(side), Some(plenary)) => {
                    let seated = plenary.roll.seated(key, side, follows)?;
                    let by_it = seated.key_package == Some(request);
                    Some(by_it.then(|| seated.name.clone())?)
                }
                (RoomKind::Caucus(_), None) => return None,
            };
            added.push(Added {
                leaf: Leaf(add.leaf.leaf),
                signature_key: key.clone(),
                request,
                name,
            });
        }
        let removed: Vec<Leaf> = membership.removed.iter().copied().map(Leaf).collect();
        if let (RoomKind::Caucus(side), Some(plenary)) = (self.state.room(), &world.plenary) {
            let goes = |leaf: &Leaf| self.must_go(*leaf, side, follows, plenary, &added);
            removed.iter().all(goes).then_some(())?;
        }
        Some(SeatsChanged {
            added,
            removed,
            by,
            follows,
        })
    }

    /// A seat goes from a caucus once it is gone from the plenary, or to come back in the same commit by
    /// another key package, which it has published because it could not follow.
    fn must_go(
        &self,
        leaf: Leaf,
        side: SideId,
        follows: u64,
        plenary: &Plenary,
        added: &[Added],
    ) -> bool {
        let Some(seat) = self.state.by_leaf(leaf) else {
            return false;
        };
        let gone = plenary
            .roll
            .seated(&seat.signature_key, side, follows)
            .is_none();
        let mut back = added
            .iter()
            .filter(|add| add.signature_key == seat.signature_key);
        gone || back.any(|add| seat.key_package != Some(add.request))
    }

    fn follow_commit(
        &mut self,
        entry: &Entry,
        judged: Judged,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let Judged { commit, event } = judged;
        if event.removed.contains(&self.own_leaf()) {
            // Whoever is removed cannot check that the others could follow: should the log go on for
            // this seat after all, it was not removed.
            self.stand(Standing::Removed, out);
            return self.void_post();
        }
        if self.pending.take().is_some() {
            out.remove(self.area, "pending");
        }
        let token = staged_token(&self.group, self.mailbox, &commit)?.hash();
        self.group.merge(commit)?;
        let after = self.enter_epoch(event, place, out)?;
        let after = after.and(self.end_deserted(place, out)?);
        if !names_token(entry, token) {
            self.reset_due(out);
        }
        Ok(after)
    }

    fn enter_epoch(
        &mut self,
        event: SeatsChanged,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let by = event.by;
        let event = Event::SeatsChanged(event);
        // `judge` asked the state for everything that `apply` checks.
        let effect = self.state.apply(None, place.clock.ms(), &event);
        let effect = effect.map_err(|_| MlsError::inconsistent())?;
        self.keys =
            EpochKeys::beginning(&self.group, (&self.relay, self.mailbox), place, &self.state)?;
        self.state.await_seated(self.keys.begun_hash());
        self.forget_moved(out);
        self.outbox.enter_epoch(self.area, out);
        self.numbers.enter_epoch(self.area, out);
        self.epoch_start = place.next;
        self.epoch_head = place.head;
        self.reset = None;
        for patience in [
            &mut self.attempts.commits,
            &mut self.attempts.resends,
            &mut self.attempts.repeats,
        ] {
            patience.ease();
        }
        self.changed(out);
        out.durable();
        Ok(After {
            effects: vec![(by, event, effect)],
            ..After::default()
        })
    }

    /// An epoch begins with everything that its commit's entry did: so whoever was added by it finds it.
    pub(crate) fn begin_with_all(&mut self, after: &After, place: &Cursor) -> Result<(), MlsError> {
        let mut effects = after.effects.iter();
        let begins = effects.any(|(_, event, _)| matches!(event, Event::SeatsChanged(_)));
        if begins && after.effects.len() > 1 {
            self.state = self.state.before_awaiting(self.keys.begun_hash());
            let here = (&self.relay, self.mailbox);
            self.keys = EpochKeys::beginning(&self.group, here, place, &self.state)?;
            self.state.await_seated(self.keys.begun_hash());
        }
        Ok(())
    }

    /// Others may be able to follow this commit, and this node cannot: it says so, and waits. Where the
    /// log goes on for it, nobody could.
    fn fall_behind(
        &mut self,
        entry: &Entry,
        aad: &CommitAad,
        world: &World,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let possible = match (self.state.room(), &world.plenary) {
            (RoomKind::Plenary, _) => true,
            (RoomKind::Caucus(side), Some(plenary)) => self.lags_behind(side, aad.follows, plenary),
            (RoomKind::Caucus(_), None) => false,
        };
        if !possible {
            return self.void(entry, out);
        }
        self.stand(Standing::LeftBehind, out);
        self.void_post()
    }

    /// Is there anybody for a commit to add or remove?
    fn lags_behind(&self, side: SideId, follows: u64, plenary: &Plenary) -> bool {
        let seats = self.state.seats();
        let gone = seats.iter().any(|seat| {
            plenary
                .roll
                .seated(&seat.signature_key, side, follows)
                .is_none()
        });
        let missing = plenary.roll.side(side, follows).any(|(key, seated)| {
            let sits = self
                .state
                .by_signature_key(key)
                .and_then(|seat| seat.key_package);
            seated.key_package.is_some() && seated.key_package != sits
        });
        gone || missing
    }
}

fn names_token(entry: &Entry, token: TokenHash) -> bool {
    match entry.kind {
        EntryKind::Rotate { next } => next == token,
        EntryKind::Append | EntryKind::Reset { .. } => false,
    }
}
