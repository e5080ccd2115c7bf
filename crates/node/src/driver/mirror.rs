//! A participant's view as the pages show it.
//! Must never copy a long discussion for each message: what was shown before is shared.

use std::sync::Arc;

use participant::{
    Alarm as Known, Place,
    view::{self as seen, RoomView, RoundPhase, RoundView, View},
};
use room::SeatId;
use wire::Timestamp;

use crate::pages::ballot_show;
use crate::pages::brought::{self, Brought};
use crate::pages::view::{
    Aftermath, Alarm, Answered, Held, Message, Page, Role, Room, Round, RoundStatus, RuleCard,
    Seat, Statements, Table, TableWords,
};

/// What the pages have been given already.
#[derive(Default)]
pub struct Mirror {
    plenary: Vec<Arc<Message>>,
    caucus: Vec<Arc<Message>>,
    last: Option<(Arc<seen::Opening>, Arc<Statements>)>,
}

impl Mirror {
    /// Where the seat stands, and its caucus if it has one.
    pub fn rooms(&mut self, view: &View) -> (Page, Option<Table>) {
        let page = match (&view.plenary, &view.asking) {
            (Some(room), _) => Page::Table(Box::new(self.table(view, room))),
            (None, Some(_)) => Page::Asking,
            (None, None) => Page::NoDialogue,
        };
        let caucus = view.caucus.as_ref().map(|room| self.table(view, room));
        (page, caucus)
    }

    /// What the person must know; `alarm` is the node's own.
    pub fn alarms(view: &View, alarm: Option<Alarm>) -> Vec<Alarm> {
        let known = view.alarms.iter().copied().map(known);
        alarm.into_iter().chain(known).collect()
    }

    fn table(&mut self, view: &View, room: &RoomView) -> Table {
        let own = room.own_seat;
        // At every table a person has the number of the plenary.
        let seat = |seat: &seen::SeatView| Seat {
            number: seat.number.0,
            name: seat.name.clone(),
            role: Role::of(seat.role),
            you: seat.seat == own,
        };
        let side = room.seats.iter().find(|seat| seat.seat == own);
        let side = side.and_then(|seat| seat.side).unwrap_or_default();
        let held = view.held.iter().filter(|held| held.place == room.place);
        let brought = brought::brought(room);
        Table {
            title: room.title.clone(),
            room: match room.place {
                Place::Plenary => Room::Plenary,
                Place::Caucus => Room::Caucus(side),
            },
            rule_card: rule_card(room.rule_card),
            sides: room.sides.clone(),
            seats: room.seats.iter().map(seat).collect(),
            words: words(room),
            waiting: match room.place {
                Place::Plenary => waiting(view, room),
                Place::Caucus => 0,
            },
            round: room.round.as_ref().map(round),
            aftermath: aftermath(view, room),
            last: self.last(brought.last().map(Brought::first)),
            rounds: brought.len(),
            has_ground: brought
                .iter()
                .any(|round| matches!(round, Brought::Answers(_))),
            messages: self.messages(room),
            held: held.map(held_message).collect(),
            gone: names(room, &room.gone),
            guarded: room.guarded,
            removed: view.alarms.contains(&Known::Removed),
            shut_since: room.shut_since_ms.map(Timestamp::from_ms),
            moved: match room.place {
                Place::Plenary => moved(view, room),
                Place::Caucus => None,
            },
            caucus: view.caucus.as_ref().map(|room| room.seats.len()),
            live: room.live,
        }
    }

    fn messages(&mut self, room: &RoomView) -> Vec<Arc<Message>> {
        let kept = match room.place {
            Place::Plenary => &mut self.plenary,
            Place::Caucus => &mut self.caucus,
        };
        let same = kept
            .iter()
            .zip(&room.messages)
            .take_while(|(shown, said)| shown.index == said.index)
            .count();
        kept.truncate(same);
        for said in room.messages.iter().skip(same) {
            let answers = said.reply_to.and_then(|id| {
                // Answers come soon, as a rule: the newest messages are looked at first.
                kept.iter().rev().find(|message| message.id == id.0)
            });
            let answers = answers.map(|message| Answered {
                name: message.name.clone(),
                beginning: beginning(&message.text),
            });
            let message = Message {
                index: said.index,
                at: Timestamp::from_ms(said.time_ms),
                name: said.name.clone(),
                role: Role::of(said.role),
                text: said.text.clone(),
                id: said.id.0,
                answers,
            };
            kept.push(Arc::new(message));
        }
        kept.clone()
    }

    fn last(&mut self, opening: Option<&Arc<seen::Opening>>) -> Option<Arc<Statements>> {
        let opening = opening?;
        if self.last.as_ref().is_none_or(|(known, _)| known != opening) {
            let statements = Statements {
                question: opening.question.clone(),
                crowd: opening.final_roster,
                texts: opening.statements.clone(),
                asked: opening.asked.len() as u64,
            };
            self.last = Some((opening.clone(), Arc::new(statements)));
        }
        self.last.as_ref().map(|(_, statements)| statements.clone())
    }
}

/// The first words of what is answered.
fn beginning(text: &str) -> String {
    const LETTERS: usize = 60;
    match text.chars().nth(LETTERS) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LETTERS).chain(['…']).collect(),
    }
}

fn names(room: &RoomView, seats: &[SeatId]) -> Vec<String> {
    let known = seats.iter().filter_map(|seat| room.seat(*seat));
    known.map(|seat| seat.name.clone()).collect()
}

/// Who led the dialogue to another relay, and when.
fn moved(view: &View, room: &RoomView) -> Option<(String, Timestamp)> {
    let moved = view.moved?;
    let name = names(room, &[moved.by]).pop().unwrap_or_default();
    Some((name, Timestamp::from_ms(moved.at_ms)))
}

/// Where this seat stands with the words of the room.
fn words(room: &RoomView) -> TableWords {
    let checked = room.seats.iter().filter(|seat| seat.confirmed).count();
    match (room.place, room.words_confirmed) {
        (Place::Caucus, _) | (Place::Plenary, true) => TableWords::Checked,
        (Place::Plenary, false) if !room.awaited.is_empty() => TableWords::Awaiting,
        (Place::Plenary, false) if checked == 0 => TableWords::Unread,
        (Place::Plenary, false) => TableWords::Unchecked,
    }
}

/// Requests that wait for this seat's word.
fn waiting(view: &View, room: &RoomView) -> usize {
    let own = room.seats.iter().find(|seat| seat.seat == room.own_seat);
    let side = own.and_then(|seat| seat.side);
    let vouching = view
        .approved
        .iter()
        .filter(|approved| !approved.vouched && Some(approved.side) == side);
    view.requests.len() + vouching.count()
}

fn rule_card(card: room::RuleCard) -> RuleCard {
    match card {
        room::RuleCard::OnTheRecord => RuleCard::OnTheRecord,
        room::RuleCard::ChathamHouse => RuleCard::ChathamHouse,
        room::RuleCard::ChathamHouseInternal => RuleCard::ChathamHouseInternal,
        room::RuleCard::NotForAnyUse => RuleCard::NotForAnyUse,
    }
}

fn held_message(held: &seen::HeldView) -> Held {
    Held {
        number: held.held,
        leaves: Timestamp::from_ms(held.leaves_ms),
    }
}

/// In the plenary alone, and until the next Round opens.
fn aftermath(view: &View, room: &RoomView) -> Option<Aftermath> {
    let last = room.results.last().map(|opening| opening.round);
    let mut returned = view.returned.iter();
    match (room.place, &room.round, &room.failed) {
        (Place::Caucus, _, _) | (_, Some(_), _) => None,
        (Place::Plenary, None, Some(_)) => Some(Aftermath::NoTexts),
        (Place::Plenary, None, None) => {
            let stayed = last.is_some() && returned.any(|text| text.round == last);
            stayed.then_some(Aftermath::StayedOut)
        }
    }
}

fn round(round: &RoundView) -> Round {
    let status = match round.phase {
        RoundPhase::Writing => RoundStatus::Writing,
        RoundPhase::Collecting { run } => RoundStatus::Collecting(run),
        RoundPhase::Disturbed { .. } => RoundStatus::Disturbed,
        RoundPhase::Opening { .. } => RoundStatus::Opening,
    };
    Round {
        question: round.question.clone(),
        opened: Timestamp::from_ms(round.opened_ms),
        closes: Timestamp::from_ms(round.window_end_ms),
        status,
        crowd: round.hidden_among,
        eligible: round.eligible,
        floor: round.floor,
        asked: round.statements.len() as u64,
        written: ballot_show::gave(round),
        writes: round.writes,
        each_side: round.each_side,
        as_one: round.bloc.is_some(),
    }
}

fn known(alarm: Known) -> Alarm {
    match alarm {
        Known::RestoredCopy => Alarm::RestoredCopy,
        Known::HistoriesDiffer => Alarm::HistoriesDiffer,
        Known::LogDamaged => Alarm::LogDamaged,
        Known::StatesDiffer => Alarm::StatesDiffer,
        Known::WrongRelayKey => Alarm::WrongRelayKey,
        Known::UpdateProgram => Alarm::UpdateProgram,
        Known::RelayFull => Alarm::RelayFull,
        Known::Removed => Alarm::Removed,
        Known::LeftBehind => Alarm::LeftBehind,
        Known::MovedAway => Alarm::MovedAway,
        Known::FalseCaucus => Alarm::FalseCaucus,
        Known::TwoCaucuses => Alarm::TwoCaucuses,
        Known::ClockJumped => Alarm::ClockJumped,
        Known::TooLargeToJoin => Alarm::TooLargeToJoin,
    }
}
