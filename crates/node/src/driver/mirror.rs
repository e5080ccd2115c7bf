//! A participant's view as the pages show it.
//! Must never copy a long discussion for each message: what was shown before is shared.

use std::sync::Arc;

use participant::{
    Alarm as Known,
    view::{self as seen, RoomView, RoundPhase, RoundView, View},
};
use wire::Timestamp;

use crate::pages::view::{
    Alarm, Message, Page, Role, Room, Round, RoundStatus, RuleCard, Seat, Shown, Statements, Table,
};

/// What the pages have been given already.
#[derive(Default)]
pub struct Mirror {
    messages: Vec<Arc<Message>>,
    last: Option<(Arc<seen::Opening>, Arc<Statements>)>,
}

impl Mirror {
    /// The view, for the pages; `alarm` is the node's own.
    pub fn show(&mut self, view: &View, alarm: Option<Alarm>) -> Shown {
        let alarms = alarm
            .into_iter()
            .chain(view.alarms.iter().copied().map(known))
            .collect();
        let page = match (&view.plenary, &view.asking) {
            (Some(room), _) => Page::Table(self.table(room)),
            (None, Some(asking)) => Page::Asking {
                name: asking.name.clone(),
            },
            (None, None) => Page::NoDialogue,
        };
        Shown { page, alarms }
    }

    fn table(&mut self, room: &RoomView) -> Table {
        let own = room.own_seat;
        let seat = |seat: &seen::SeatView| Seat {
            number: seat.seat.0,
            name: seat.name.clone(),
            role: role(seat.side),
            you: seat.seat == own,
        };
        Table {
            title: room.title.clone(),
            room: Room::Plenary,
            rule_card: RuleCard::ChathamHouse,
            sides: room.sides.clone(),
            seats: room.seats.iter().map(seat).collect(),
            table_words: room.table_words.clone(),
            round: room.round.as_ref().map(round),
            last: self.last(room.results.last()),
            messages: self.messages(&room.messages),
            live: room.live,
        }
    }

    fn messages(&mut self, said: &[Arc<seen::Message>]) -> Vec<Arc<Message>> {
        let same = self
            .messages
            .iter()
            .zip(said)
            .take_while(|(shown, said)| shown.index == said.index)
            .count();
        self.messages.truncate(same);
        self.messages.extend(said.iter().skip(same).map(|said| {
            Arc::new(Message {
                index: said.index,
                at: Timestamp::from_ms(said.time_ms),
                name: said.name.clone(),
                role: role(said.side),
                text: said.text.clone(),
            })
        }));
        self.messages.clone()
    }

    fn last(&mut self, opening: Option<&Arc<seen::Opening>>) -> Option<Arc<Statements>> {
        let opening = opening?;
        if self.last.as_ref().is_none_or(|(known, _)| known != opening) {
            let statements = Statements {
                question: opening.question.clone(),
                crowd: opening.final_roster,
                texts: opening.statements.clone(),
            };
            self.last = Some((opening.clone(), Arc::new(statements)));
        }
        self.last.as_ref().map(|(_, statements)| statements.clone())
    }
}

fn role(side: Option<u16>) -> Role {
    side.map_or(Role::Convenor, Role::Side)
}

fn round(round: &RoundView) -> Round {
    let status = match round.phase {
        RoundPhase::Writing => RoundStatus::Writing,
        RoundPhase::Collecting { run } => RoundStatus::Collecting(run),
        RoundPhase::Opening { .. } => RoundStatus::Opening,
    };
    Round {
        question: round.question.clone(),
        opened: None,
        closes: Timestamp::from_ms(round.window_end_ms),
        status,
        crowd: round.hidden_among,
        floor: round.floor,
        written: round.draft.is_some(),
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
    }
}
