//! A made-up Table, to look at while working on the pages:
//! `cargo run --release -p node --example table` prints a URL and stays until it is ended.

use std::{sync::Arc, time::Duration};

use node::pages::{
    Hours, Pages, PagesConfig,
    view::{
        Message, Page, Role, Room, Round, RoundStatus, RuleCard, Seat, Shown, Statements, Table,
    },
};
use tokio::sync::watch;
use wire::Timestamp;

const MINUTE_MS: u64 = 60_000;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (show, shown) = watch::channel(Arc::new(Shown {
        page: Page::Table(table()),
        alarms: Vec::new(),
    }));
    let pages = Pages::start(PagesConfig::default(), shown, Hours::of_this_machine()).await?;
    println!("{}", pages.launch_url()?);
    for index in 10.. {
        tokio::time::sleep(Duration::from_secs(5)).await;
        show.send_modify(|shown| {
            if let Page::Table(table) = &mut Arc::make_mut(shown).page {
                table.messages.push(said(
                    index,
                    "Maren Skaal",
                    Role::Side(1),
                    "The page is alive: this came while you looked.",
                ));
            }
        });
    }
    Ok(())
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(since.as_millis() as u64)
}

fn table() -> Table {
    let sides = [
        "Ilse Marant",
        "Tobin Hale",
        "Runa Feld",
        "Orso Wick",
        "Petra Lunn",
        "Caspar Dene",
        "Maren Skaal",
        "Edda Torven",
        "Joss Arnesk",
        "Nils Brae",
        "Hanne Osk",
        "Viggo Stern",
    ];
    let seats = (1..)
        .zip(sides)
        .map(|(number, name)| seat(number, name, Role::Side(u16::from(number > 6))));
    let mut seats: Vec<_> = seats.collect();
    seats.push(seat(0, "Mira Holt", Role::Convenor));
    seats.push(seat(13, "Lev Adair", Role::Interpreter(1)));
    Table {
        title: "The Sound: fishing water and the ferry".to_owned(),
        room: Room::Plenary,
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats,
        table_words: ["harbour", "lantern", "quiet", "orbit", "maple", "fossil"].map(str::to_owned).to_vec(),
        round: Some(Round {
            question: "What would you need to hear from the other side to stop boarding boats?".to_owned(),
            opened: Some(now()),
            closes: now().plus_ms(18 * MINUTE_MS),
            status: RoundStatus::Writing,
            crowd: 12,
            floor: 10,
            written: true,
        }),
        last: Some(Arc::new(Statements {
            question: "What could your side live with that it has never said aloud?".to_owned(),
            crowd: 12,
            texts: [
                "The ferry matters more to my village than all the cod in the Sound. I have never dared to say so at home.",
                "We should stop boarding each other’s boats for three months, and see whether anything bad happens.",
                "A joint harbour office with one telephone number would end half of our incidents.",
                "يجب أن تحمل العبّارة العلمين معًا، أو لا شيء.",
            ]
            .map(str::to_owned)
            .to_vec(),
        })),
        messages: vec![
            said(1, "Orso Wick", Role::Side(0), "Three months without boarding would need somebody to count the incidents. Otherwise each capital will count its own."),
            said(2, "Hanne Osk", Role::Side(1), "One number at one harbour office would count them for both.\nThat is the same idea twice."),
            said(3, "Mira Holt", Role::Convenor, "I note both. After the Round we take them together."),
        ],
        live: true,
    }
}

fn seat(number: u32, name: &str, role: Role) -> Seat {
    Seat {
        number,
        name: name.to_owned(),
        role,
        you: number == 3,
    }
}

fn said(index: u64, name: &str, role: Role, text: &str) -> Arc<Message> {
    Arc::new(Message {
        index,
        at: now(),
        name: name.to_owned(),
        role,
        text: text.to_owned(),
    })
}
