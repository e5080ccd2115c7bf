//! A side's caucus: founded once the plenary shows that it is to be, and founded anew where it is lost or
//! whoever may reset its mailbox is gone. Nobody is held up for good by whoever founded the one before.

use room::{CaucusFounded, CaucusName, Event, MailboxName, Posted, RoomKind, SeatId, SideId};
use room::{Founding, NewSeat, Role, State};
use wire::{FounderSecret, MailboxId, Timestamp};

use crate::command::Place;
use crate::cursor::Cursor;
use crate::held::HeldEntries;
use crate::limits::{DUTY_STAGGER_MS, FOUND_ANEW_MS, FOUND_FIRST_MS, GATHER_MS};
use crate::mls::{Group, MlsError};
use crate::notice::Notice;
use crate::out::Out;
use crate::participant::{CAUCUS_AREA, Participant, SEAT_AREA};
use crate::post::Body;
use crate::records::{DamagedVault, Rows};
use crate::room_log::{Beginning, RoomLog};
use crate::rules::{Rule, holds};
use crate::standing::Standing;

/// The row of a founding that is on its way.
const ROW: &[u8] = b"founding";

/// A caucus that this seat means to found, as soon as the plenary shows it.
pub(crate) struct Planned {
    founder: FounderSecret,
    replaces: Option<CaucusName>,
}

/// How long a seat waits before it founds a caucus.
struct Wait {
    /// From when on the side needs one.
    after_ms: u64,
    /// Its turn, by this machine's clock.
    not_before: Timestamp,
    /// Seats that may as well found one and come before it.
    rank_ms: u64,
}

impl Planned {
    pub(crate) fn load(seat: &Rows) -> Result<Option<Planned>, DamagedVault> {
        let Some(row) = seat.get(ROW) else {
            return Ok(None);
        };
        let (founder, replaces) = row.split_first_chunk().ok_or(DamagedVault("founding"))?;
        let replaces = match replaces.is_empty() {
            true => None,
            false => Some(replaces.try_into().map_err(|_| DamagedVault("founding"))?),
        };
        Ok(Some(Planned {
            founder: FounderSecret::new(*founder),
            replaces: replaces.map(CaucusName),
        }))
    }

    fn store(&self, out: &mut Out) {
        let replaces = self.replaces.as_ref().map_or(&[][..], |name| &name.0);
        let row = [self.founder.expose().as_slice(), replaces].concat();
        out.write(SEAT_AREA, ROW, row);
        out.durable();
    }

    fn event(&self) -> Option<Posted> {
        let event = CaucusFounded {
            caucus: self.name(),
            replaces: self.replaces,
        };
        Posted::event_alone(Event::CaucusFounded(event))
    }

    fn mailbox(&self) -> MailboxId {
        MailboxId::of(&self.founder.hash())
    }

    fn name(&self) -> CaucusName {
        name_of(self.mailbox())
    }
}

/// How the plenary names the caucus whose group has this id.
pub(crate) fn name_of(group: MailboxId) -> CaucusName {
    CaucusName::of(MailboxName(*group.as_bytes()))
}

impl Participant {
    /// The caucus that the plenary shows for this seat's side.
    pub(crate) fn caucus_shown(&self) -> Option<CaucusName> {
        let (side, _) = self.own_side()?;
        let caucus = self.plenary.as_ref()?.state.caucus(side)?;
        Some(caucus.name)
    }

    /// Where the side has no caucus, nobody who may reset it any more, or this seat has lost it: the seats of
    /// the side found one, the first of them at once, the next ones after waiting longer.
    pub(crate) fn keep_founding(&mut self, out: &mut Out) {
        let shown = self.caucus_shown();
        self.forget_void_plan(shown, out);
        let speaks = self.plenary.as_ref().is_some_and(RoomLog::may_speak);
        let (true, None, Some(wait)) = (speaks, &self.planned, self.founding_wait()) else {
            self.without_caucus_since = None;
            return;
        };
        let since = *self.without_caucus_since.get_or_insert(out.now());
        let due = since
            .max(wait.not_before)
            .plus_ms(wait.rank_ms)
            .max(since.plus_ms(wait.after_ms.saturating_add(wait.rank_ms)))
            .max(self.foundings.due(out.now()));
        if out.now() < due {
            return out.wake_at(due);
        }
        self.plan_caucus(shown, out);
    }

    /// Another one was first, or it stood where it had no effect: then it is planned anew.
    fn forget_void_plan(&mut self, shown: Option<CaucusName>, out: &mut Out) {
        let Some(planned) = &self.planned else { return };
        let waits = self.plenary.as_ref().is_some_and(|log| {
            let body = planned.event().map(|posted| Body::Event(posted.encode()));
            body.is_some_and(|body| log.outbox.holds(&body))
        });
        if planned.replaces != shown || !waits {
            self.planned = None;
            out.remove(SEAT_AREA, ROW);
        }
    }

    fn plan_caucus(&mut self, replaces: Option<CaucusName>, out: &mut Out) {
        let mut founder = [0; 32];
        out.ctx.rng.fill_bytes(&mut founder);
        let planned = Planned {
            founder: FounderSecret::new(founder),
            replaces,
        };
        planned.store(out);
        if let (Some(plenary), Some(posted)) = (&mut self.plenary, planned.event()) {
            plenary.post_once(Body::Event(posted.encode()), out);
        }
        self.planned = Some(planned);
        self.without_caucus_since = None;
        self.foundings.tried(out.now());
    }

    /// Colleagues who are still to be added to a caucus that was founded anew are not handed what is said
    /// before they come.
    pub(crate) fn gather(&mut self, out: &mut Out) {
        let side = self.own_side().map(|(side, _)| side);
        let (Some(plenary), Some(log)) = (&self.plenary, &mut self.caucus) else {
            return;
        };
        let Some(until) = log.gathers_until else {
            return;
        };
        let mut seats = plenary.state.seats().iter();
        let all = seats.all(|seat| {
            seat.role.side() != side || log.state.by_signature_key(&seat.signature_key).is_some()
        });
        match all || until <= out.now() {
            true => log.gathers_until = None,
            false => out.wake_at(until),
        }
    }

    /// None where the caucus is as it should be, or it is not for this seat to found one.
    fn founding_wait(&self) -> Option<Wait> {
        let (side, own) = self.own_side()?;
        let plenary = self.plenary.as_ref()?;
        let state = &plenary.state;
        let from_ms = state.may_found_caucus_from(own)?;
        let anew = state.caucus(side).is_some();
        (!anew || holds(Rule::CaucusesAreFoundedAnew)).then_some(())?;
        let orphaned = state
            .caucus(side)
            .is_none_or(|caucus| state.seat(caucus.by).is_none());
        let after_ms = match (orphaned, &self.caucus) {
            (true, _) => 0,
            (false, None) => FOUND_FIRST_MS,
            (false, Some(log)) if log.standing != Standing::Member || self.is_on_trial() => {
                FOUND_ANEW_MS
            }
            (false, Some(log)) if log.is_full() => 0,
            (false, Some(_)) => return None,
        };
        let sooner = |seat: SeatId| {
            let from = state.may_found_caucus_from(seat);
            from.is_some_and(|from| from <= from_ms)
        };
        let before = state
            .seats()
            .iter()
            .take_while(|seat| seat.id != own)
            .filter(|seat| seat.role.side() == Some(side) && sooner(seat.id));
        let rank = u64::try_from(before.count()).unwrap_or(u64::MAX);
        Some(Wait {
            after_ms,
            not_before: plenary.here(from_ms),
            rank_ms: rank.saturating_mul(DUTY_STAGGER_MS),
        })
    }

    /// The plenary shows another caucus of this seat's side.
    pub(crate) fn on_caucus_founded(
        &mut self,
        side: SideId,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        if self.own_side().map(|(own, _)| own) != Some(side) {
            return Ok(());
        }
        let shown = self.caucus_shown();
        // Whoever was about to found another one waits to be added to this one first.
        self.without_caucus_since = None;
        if let Some(planned) = self
            .planned
            .take_if(|planned| Some(planned.name()) == shown)
        {
            return self.found_caucus(side, planned, out);
        }
        self.held = HeldEntries::default();
        if let Some(log) = &mut self.caucus
            && !log.standing.is_final()
        {
            log.stand(Standing::Over, out);
            log.persist(out)?;
        }
        self.ask_for_caucus(out)
    }

    fn found_caucus(
        &mut self,
        side: SideId,
        planned: Planned,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        let (Some(plenary), Some(identity)) = (&self.plenary, &self.identity) else {
            return Ok(());
        };
        let mailbox = planned.mailbox();
        let group = Group::found(&identity.key, mailbox.as_bytes())?;
        let Some(own) = plenary.state.seat(plenary.own_seat) else {
            return Ok(());
        };
        let founding = Founding {
            room: RoomKind::Caucus(side),
            title: plenary.state.title().clone(),
            sides: plenary.state.sides().to_vec(),
            rule_card: plenary.state.rule_card(),
            founder: NewSeat {
                name: own.name.clone(),
                role: Role::Side(side),
                leaf: room::Leaf(group.own_leaf()),
                signature_key: identity.key.public().to_vec(),
            },
        };
        let state = State::found(founding).map_err(|_| MlsError::inconsistent())?;
        let relay = plenary.relay.clone();
        out.remove(SEAT_AREA, ROW);
        self.forget_asked(out);
        let beginning = Beginning {
            area: CAUCUS_AREA,
            place: Place::Caucus,
            relay,
            mailbox,
            group,
            state,
            cursor: Cursor::start(&mailbox),
            founder: Some(planned.founder),
            base: 0,
        };
        self.take_caucus(beginning, out)
    }

    /// Another caucus takes the place of the one before. What was read and what waits to be said stays.
    pub(crate) fn take_caucus(
        &mut self,
        mut beginning: Beginning,
        out: &mut Out,
    ) -> Result<(), MlsError> {
        self.held = HeldEntries::default();
        let mut before = self.caucus.take();
        if let Some(before) = &mut before {
            before.wipe(out);
            let same = before.mailbox == beginning.mailbox;
            beginning.base = match same {
                true => before.base,
                false => before.base.saturating_add(before.cursor.next),
            };
            let founder = before.founder.take().filter(|_| same);
            beginning.founder = beginning.founder.or(founder);
        }
        let mut log = RoomLog::begin(beginning, out)?;
        if let Some(before) = before {
            if before.standing == Standing::Over || before.mailbox != log.mailbox {
                log.gathers_until = Some(out.now().plus_ms(GATHER_MS));
            }
            log.exists |= before.mailbox == log.mailbox;
            log.messages = before.messages;
            log.results = before.results;
            log.outbox = before.outbox;
        }
        out.durable();
        self.caucus = Some(log);
        out.notify(Notice::Joined(Place::Caucus));
        Ok(())
    }
}
