//! A small table, to be spoilt by tests.

use std::sync::Arc;

use wire::Timestamp;

use crate::{
    pages::{Hours, Words, composer::Draft, layout::Pen, table_show, view::*},
    settings::Settings,
};

pub fn table() -> Table {
    let seat = |number, name: &str, role| Seat {
        number,
        name: name.to_owned(),
        role,
        you: number == 1,
    };
    Table {
        title: "The Sound".to_owned(),
        room: Room::Plenary,
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats: vec![
            seat(0, "Mira Holt", Role::Convenor),
            seat(1, "Runa Feld", Role::Side(0)),
            seat(2, "Hanne Osk", Role::Side(1)),
        ],
        words: TableWords::Checked,
        waiting: 0,
        round: None,
        aftermath: None,
        last: None,
        rounds: 0,
        has_ground: false,
        messages: vec![said(4, "A first word.")],
        held: Vec::new(),
        gone: Vec::new(),
        guarded: false,
        removed: false,
        shut_since: None,
        moved: None,
        caucus: Some(3),
        live: true,
    }
}

pub fn said(index: u64, text: &str) -> Arc<Message> {
    let at = Timestamp::from_ms(1_795_448_460_000);
    Arc::new(Message {
        index,
        at,
        name: "Hanne Osk".to_owned(),
        role: Role::Side(1),
        text: text.to_owned(),
        id: [7; 16],
        answers: None,
    })
}

pub fn round(status: RoundStatus) -> Round {
    let closes = Timestamp::from_ms(1_795_448_400_000);
    Round {
        question: "What now?".to_owned(),
        opened: Timestamp::from_ms(1_795_447_200_000),
        closes,
        status,
        crowd: 12,
        eligible: 12,
        floor: 10,
        asked: 0,
        written: false,
        writes: true,
        each_side: false,
        as_one: false,
    }
}

/// An open vault with this table.
pub fn shows(table: Table) -> Shown {
    Shown {
        standing: Standing::Open,
        page: Page::Table(Box::new(table)),
        settings: Settings {
            at_the_door: true,
            ..Settings::default()
        },
        ..Shown::default()
    }
}

/// A pen with nothing special about it.
pub fn with_pen<T>(act: impl FnOnce(Pen<'_>) -> T) -> T {
    let (words, hours) = (Words::english(), Hours::universal());
    act(Pen {
        once: "number",
        words: &words,
        hours: &hours,
        now: Timestamp::from_ms(1_795_448_460_000),
        token: "a-token",
    })
}

/// The table as a page.
pub fn written(shown: &Shown) -> String {
    with_pen(|pen| {
        let table = shown.table().expect("there is a table");
        table_show::room(pen, shown, table, &Draft::default()).into_string()
    })
}
