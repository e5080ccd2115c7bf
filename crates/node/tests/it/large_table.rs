//! The Table of a full room in a real browser: sixty seats, two thousand messages, long statements in many scripts.

use std::sync::Arc;

use browser::{Browser, Window};
use futures_util::future::BoxFuture;
use node::{
    pages::{
        Hours, Pages, PagesConfig,
        desk::{Desk, Sorry, Wish},
        view::{
            Message, Page, Role, Room, RuleCard, Seat, Shown, Standing, Statements, Table,
            TableWords,
        },
    },
    settings::Settings,
};
use tokio::sync::watch;
use wire::Timestamp;

const MESSAGES: u64 = 2_000;
const UPDATES: u64 = 60;
/// A statement's slot at its longest.
const STATEMENT_BYTES: usize = 4_000;

pub struct Nobody;

impl Desk for Nobody {
    fn carry_out(&self, _: Wish) -> BoxFuture<'_, Result<(), Sorry>> {
        Box::pin(async { Ok(()) })
    }

    fn touch(&self) {}

    fn own_hosts(&self) -> Vec<String> {
        Vec::new()
    }
}

fn message(index: u64, text: String) -> Arc<Message> {
    Arc::new(Message {
        index,
        at: Timestamp::from_ms(1_795_000_000_000 + index * 1_000),
        name: format!("Person Number {}", index % 60),
        role: Role::Side(u16::from(index.is_multiple_of(2))),
        text,
        id: [0; 16],
        answers: None,
    })
}

/// Without a blank, from right to left, with marks on marks, with markup and with control characters.
fn statements() -> Vec<String> {
    let of = |part: &str| part.repeat(STATEMENT_BYTES / part.len());
    [
        of("x"),
        of("Donaudampfschifffahrtsgesellschaft "),
        of("يجب أن تحمل العبّارة العلمين معًا "),
        of("一起数鱼"),
        format!("e{}", of("\u{0301}")),
        of("<b onclick=alert(1)>ferry</b> "),
        format!("{}ferry\u{202e}yrref\u{2066}", of("\u{202e}")),
        of("🛥\u{fe0f}"),
    ]
    .to_vec()
}

fn full_room() -> Shown {
    let seats = (0..=60).map(|number| Seat {
        number,
        name: format!("Person Number {number}"),
        role: match number {
            0 => Role::Convenor,
            _ => Role::Side(u16::from(number.is_multiple_of(2))),
        },
        you: number == 1,
    });
    let table = Table {
        title: "A long dialogue in a full room".to_owned(),
        room: Room::Plenary,
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats: seats.collect(),
        words: TableWords::Checked,
        waiting: 0,
        round: None,
        aftermath: None,
        last: Some(Arc::new(Statements {
            question: "What now?".to_owned(),
            crowd: 60,
            texts: statements(),
            asked: 0,
        })),
        has_ground: false,
        rounds: 1,
        messages: (0..MESSAGES)
            .map(|index| message(index, format!("Remark {index}, and nothing else.")))
            .collect(),
        held: Vec::new(),
        gone: Vec::new(),
        guarded: false,
        removed: false,
        shut_since: None,
        moved: None,
        caucus: Some(30),
        live: true,
    };
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

#[tokio::test(flavor = "multi_thread")]
async fn a_full_room_with_long_statements_keeps_its_layout_and_stays_alive() {
    let (show, shown) = watch::channel(Arc::new(full_room()));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, shown, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    browser.reads("Your dialogue");
    browser.go(&format!(
        "{}/table",
        browser.run("return location.origin").as_str().unwrap()
    ));
    browser.reads("Remark 1999");
    for width in [360, 1280] {
        browser.resize(&Window {
            width,
            ..Window::default()
        });
        assert_eq!(browser.too_wide(), [""; 0], "at {width}");
    }
    let escaped = browser.run("return document.querySelectorAll('.statements b').length");
    assert_eq!(escaped, 0, "markup stays text");

    browser.run(
        "window.delays = []; new MutationObserver(() => {
            const last = document.querySelector('#messages article:last-child .said').innerText;
            if (last.startsWith('sent ')) { delays.push(Date.now() - Number(last.slice(5))) }
        }).observe(document.querySelector('#messages'), { childList: true })",
    );
    for index in MESSAGES..MESSAGES + UPDATES {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        show.send_modify(|shown| {
            if let Page::Table(table) = &mut Arc::make_mut(shown).page {
                table
                    .messages
                    .push(message(index, format!("sent {}", now.as_millis())));
            }
        });
        browser.until(&format!("return delays.length >= {}", index + 1 - MESSAGES));
    }
    let mut delays: Vec<u64> = browser
        .run("return delays")
        .as_array()
        .unwrap()
        .iter()
        .map(|delay| delay.as_u64().unwrap())
        .collect();
    delays.sort_unstable();
    assert_eq!(delays.len() as u64, UPDATES, "each message came once");
    let share = |percent: usize| delays[(delays.len() * percent).div_ceil(100) - 1];
    println!(
        "live update in a browser: p50 {} ms, p95 {} ms",
        share(50),
        share(95)
    );
    pages.stop().await;
}
