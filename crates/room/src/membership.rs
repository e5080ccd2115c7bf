//! Who is in the room, who may come, who went; and what a commit may change.

use crate::eligibility::{count_more, needs};
use crate::event::{Added, SeatsChanged};
use crate::founding::{NewSeat, Role, RoomKind, is_key_length};
use crate::ids::{Leaf, RequestId, RoomVersion, SeatId, SideId};
use crate::limits;
use crate::looks::look_the_same;
use crate::rules::{Rule, holds};
use crate::seat::{Arrival, Commits, DepartedSeat, Seat};
use crate::state::{Approval, FIRST_VERSION};
use crate::text::Name;
use crate::void::Void;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// The part of the state that commits change.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Membership {
    /// How many commits changed it.
    pub(crate) version: u64,
    pub(crate) next_seat: u32,
    /// Who founded the mailbox that the log is in, and may reset it.
    pub(crate) keeper: SeatId,
    /// By side, ascending.
    pub(crate) seated: Vec<Seated>,
    pub(crate) seats: Vec<Seat>,
    pub(crate) departed: Vec<DepartedSeat>,
    pub(crate) approvals: Vec<Approval>,
}

/// How many seats a side has had, those that left among them.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Seated {
    pub(crate) side: SideId,
    pub(crate) ever: u32,
}

/// A membership after a commit, and what it did.
pub(crate) struct Change {
    pub(crate) next: Membership,
    pub(crate) seated: Vec<SeatId>,
    pub(crate) departed: Vec<SeatId>,
    pub(crate) now_counting: Vec<SeatId>,
}

impl Membership {
    pub(crate) fn found(founder: NewSeat) -> Self {
        let seat = Seat {
            id: SeatId(0),
            name: founder.name,
            counting_since: founder.role.side().map(|_| 0),
            role: founder.role,
            leaf: founder.leaf,
            signature_key: founder.signature_key,
            voucher: None,
            needs: 0,
            joined: 0,
            confirmed: None,
            speaks: FIRST_VERSION,
            key_package: None,
            arrival: Arrival::Here,
            commits: Commits::Count,
        };
        let seated = seat.role.side().map(|side| Seated { side, ever: 1 });
        Self {
            version: 0,
            next_seat: 1,
            keeper: SeatId(0),
            seated: seated.into_iter().collect(),
            seats: vec![seat],
            departed: vec![],
            approvals: vec![],
        }
    }

    pub(crate) fn by_leaf(&self, leaf: Leaf) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.leaf == leaf)
    }

    pub(crate) fn by_id(&self, id: SeatId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == id)
    }

    pub(crate) fn has_seats_of(&self, side: SideId) -> bool {
        self.seats.iter().any(|seat| seat.role.side() == Some(side))
    }

    /// The side of a seat, also where it has left; none for other seats and for who left long ago.
    pub(crate) fn side_of(&self, id: SeatId) -> Option<SideId> {
        let gone = self.departed.iter().find(|seat| seat.id == id);
        let role = self.by_id(id).map(|seat| seat.role);
        role.or(gone.map(|seat| seat.role)).and_then(Role::side)
    }

    /// How many seats the side has had before; from now on one more.
    fn seat_of(&mut self, side: SideId) -> u32 {
        match self
            .seated
            .binary_search_by_key(&side, |seated| seated.side)
        {
            Ok(at) => self.seated.get_mut(at).map_or(0, |seated| {
                let before = seated.ever;
                seated.ever = before.saturating_add(1);
                before
            }),
            Err(at) => {
                self.seated.insert(at, Seated { side, ever: 1 });
                0
            }
        }
    }

    pub(crate) fn approval(&self, request: RequestId) -> Option<&Approval> {
        self.approvals
            .iter()
            .find(|approval| approval.request == request)
    }

    /// Whether somebody of any side, or the convenor, has this name or one that looks the same.
    pub(crate) fn is_name_taken(&self, name: &Name) -> bool {
        let seats = self.seats.iter().map(|seat| &seat.name);
        let approved = self.approvals.iter().map(|approval| &approval.name);
        let mut names = seats.chain(approved);
        names.any(|taken| look_the_same(taken.as_str(), name.as_str()))
    }

    /// The membership after this commit, where the commit is valid.
    pub(crate) fn after(
        &self,
        room: RoomKind,
        change: &SeatsChanged,
        speaks: RoomVersion,
        event_number: u64,
    ) -> Result<Change, Void> {
        let SeatsChanged {
            added, removed, by, ..
        } = change;
        let committer = self.by_leaf(*by).ok_or(Void::NotSeated)?;
        if room == RoomKind::Plenary && committer.role != Role::Convenor {
            return Err(Void::NotTheConvenor);
        }
        if matches!(committer.arrival, Arrival::Awaited(_)) {
            return Err(Void::NotArrived);
        }
        if added.is_empty() && removed.is_empty() {
            return Err(Void::NothingChanges);
        }
        let mut next = self.clone();
        next.version = next.version.saturating_add(1);
        let departed = next.remove_all(*by, removed)?;
        let seated = next.seat_all(room, added, speaks, event_number)?;
        next.keep_denied(self);
        if holds(Rule::KeeperStays) {
            next.keep_the_keeper(self)?;
        }
        let now_counting = count_more(room, &mut next.seats, event_number);
        Ok(Change {
            next,
            seated,
            departed,
            now_counting,
        })
    }

    fn remove_all(&mut self, by: Leaf, removed: &[Leaf]) -> Result<Vec<SeatId>, Void> {
        let mut departed = Vec::new();
        for leaf in removed {
            if *leaf == by {
                return Err(Void::OwnSeat);
            }
            let place = self.seats.iter().position(|seat| seat.leaf == *leaf);
            let seat = self.seats.remove(place.ok_or(Void::NoSuchSeat)?);
            departed.push(seat.id);
            self.depart(seat);
        }
        Ok(departed)
    }

    /// Who may reset the mailbox goes only once the log has gone on elsewhere: it may come back in the same
    /// commit, by the same key.
    fn keep_the_keeper(&mut self, before: &Membership) -> Result<(), Void> {
        if self.by_id(self.keeper).is_some() {
            return Ok(());
        }
        let key = before.by_id(self.keeper).map(|seat| &seat.signature_key);
        let mut seats = self.seats.iter();
        let back = seats.find(|seat| Some(&seat.signature_key) == key);
        self.keeper = back.ok_or(Void::KeeperStays)?.id;
        Ok(())
    }

    /// Whoever comes back in the same commit, by another key package, is who it was.
    fn keep_denied(&mut self, before: &Membership) {
        let denied = before
            .seats
            .iter()
            .filter(|seat| seat.commits == Commits::AreVoid);
        for denied in denied {
            let mut seats = self.seats.iter_mut();
            let key = &denied.signature_key;
            if let Some(seat) = seats.find(|seat| seat.signature_key == *key) {
                seat.commits = Commits::AreVoid;
            }
        }
    }

    /// A voucher who is gone vouches for nobody any more. Whom it brought in while it counted has no
    /// voucher from now on; whom it brought in otherwise never counts.
    fn depart(&mut self, seat: Seat) {
        for approval in &mut self.approvals {
            if approval.voucher == Some(seat.id) {
                approval.voucher = None;
            }
        }
        for newcomer in &mut self.seats {
            if newcomer.voucher == Some(seat.id) && seat.counting_since.is_some() {
                newcomer.voucher = None;
            }
        }
        let Seat {
            id,
            name,
            role,
            signature_key,
            ..
        } = seat;
        push_bounded(
            &mut self.departed,
            DepartedSeat {
                id,
                name,
                role,
                signature_key,
            },
            limits::DEPARTED_MAX,
        );
    }

    fn seat_all(
        &mut self,
        room: RoomKind,
        added: &[Added],
        speaks: RoomVersion,
        event_number: u64,
    ) -> Result<Vec<SeatId>, Void> {
        added
            .iter()
            .map(|new| self.seat_one(room, new, speaks, event_number))
            .collect()
    }

    fn seat_one(
        &mut self,
        room: RoomKind,
        new: &Added,
        speaks: RoomVersion,
        event_number: u64,
    ) -> Result<SeatId, Void> {
        self.check_place(new)?;
        let (name, role, voucher) = match room {
            RoomKind::Plenary => self.use_approval(new.request)?,
            RoomKind::Caucus(side) => {
                let name = new.name.clone().ok_or(Void::NoName)?;
                if self.is_name_taken(&name) {
                    return Err(Void::NameTaken);
                }
                (name, Role::Side(side), None)
            }
        };
        let before = role
            .side()
            .map(|side| (self.has_seats_of(side), self.seat_of(side)));
        let is_first =
            before.is_some_and(
                |(has_seats, ever)| match holds(Rule::RemovingLowersNothing) {
                    true => ever == 0,
                    false => !has_seats,
                },
            );
        let ever = before.map_or(0, |(_, ever)| ever);
        let id = SeatId(self.next_seat);
        self.next_seat = self.next_seat.checked_add(1).ok_or(Void::RoomIsFull)?;
        self.seats.push(Seat {
            id,
            name,
            role,
            leaf: new.leaf,
            signature_key: new.signature_key.clone(),
            voucher,
            needs: needs(room, ever, voucher.is_some()),
            joined: self.version,
            confirmed: None,
            counting_since: is_first.then_some(event_number),
            speaks,
            key_package: match room {
                RoomKind::Plenary => None,
                RoomKind::Caucus(_) => Some(new.request),
            },
            arrival: match room {
                RoomKind::Plenary => Arrival::Seated,
                RoomKind::Caucus(_) => Arrival::Here,
            },
            commits: Commits::Count,
        });
        Ok(id)
    }

    fn check_place(&self, new: &Added) -> Result<(), Void> {
        if self.seats.len() >= limits::SEATS_MAX {
            return Err(Void::RoomIsFull);
        }
        if !is_key_length(&new.signature_key) {
            return Err(Void::BadSignatureKey);
        }
        if self.by_leaf(new.leaf).is_some() {
            return Err(Void::LeafTaken);
        }
        if self
            .seats
            .iter()
            .any(|seat| seat.signature_key == new.signature_key)
        {
            return Err(Void::KeyTaken);
        }
        Ok(())
    }

    /// Product rule: the convenor cannot add a seat to a side alone, the side's
    /// first seat excepted, which everybody sees come.
    fn use_approval(&mut self, request: RequestId) -> Result<(Name, Role, Option<SeatId>), Void> {
        let place = self
            .approvals
            .iter()
            .position(|approval| approval.request == request);
        let Approval {
            name,
            role,
            voucher,
            ..
        } = self.approvals.remove(place.ok_or(Void::NotApproved)?);
        if voucher.is_none() && self.needs_voucher(role) {
            return Err(Void::NotVouched);
        }
        Ok((name, role, voucher))
    }

    /// An interpreter hears its side's caucus one day, so it is vouched for even
    /// where the side has no seats yet.
    pub(crate) fn needs_voucher(&self, role: Role) -> bool {
        match role {
            Role::Convenor => false,
            Role::Side(side) => self.has_seats_of(side),
            Role::Interpreter(_) => true,
        }
    }
}

/// Adds at the end; where the list is full the oldest gives way.
pub(crate) fn push_bounded<T>(list: &mut Vec<T>, new: T, max: usize) {
    if list.len() >= max {
        list.drain(..=list.len().saturating_sub(max));
    }
    list.push(new);
}
