//! A small table, to be spoilt by tests.

use std::sync::Arc;

use wire::Timestamp;

use crate::pages::{Hours, Words, layout::Pen, table_show, view::*};

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
        table_words: vec!["harbour".to_owned()],
        round: None,
        last: None,
        messages: vec![said(4, "A first word.")],
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
    })
}

pub fn round(status: RoundStatus) -> Round {
    let closes = Timestamp::from_ms(1_795_448_400_000);
    Round {
        question: "What now?".to_owned(),
        opened: None,
        closes,
        status,
        crowd: 12,
        floor: 10,
        written: false,
    }
}

pub fn written(shown: &Shown) -> String {
    let (words, hours) = (Words::english(), Hours::universal());
    let pen = Pen {
        words: &words,
        hours: &hours,
        now: Timestamp::from_ms(1_795_448_460_000),
    };
    table_show::whole(pen, shown).into_string()
}
