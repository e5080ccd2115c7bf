//! `tracktwo bench room`: how soon the Table answers, and how soon a message is on an open page,
//! with sixty seats and two thousand messages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use futures_util::future::BoxFuture;
use node::pages::desk::{Desk, Sorry, Wish};
use node::pages::view::{
    Message, Page, Role, Room, RuleCard, Seat, Shown, Standing, Table, TableWords,
};
use node::pages::{Hours, Pages, PagesConfig};
use node::settings::Settings;
use tokio::sync::watch;
use wire::Timestamp;

use crate::visitor::Visitor;

const SEATS: u32 = 60;
const MESSAGES: u64 = 2_000;
const PAGES: usize = 100;
const UPDATES: u64 = 200;

/// Arguments of `tracktwo bench room`.
#[derive(clap::Args, Debug)]
pub struct BenchRoomArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Measures and prints.
pub fn run(args: BenchRoomArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let (bytes, pages, updates) = runtime.block_on(measure())?;
    let figures = [
        ("page_p50_ms", share(&pages, 50)),
        ("page_p95_ms", share(&pages, 95)),
        ("update_p50_ms", share(&updates, 50)),
        ("update_p95_ms", share(&updates, 95)),
    ];
    if args.json {
        let mut all = serde_json::Map::new();
        all.insert("seats".to_owned(), SEATS.into());
        all.insert("messages".to_owned(), MESSAGES.into());
        all.insert("page_bytes".to_owned(), bytes.into());
        all.extend(figures.map(|(name, ms)| (name.to_owned(), ms.into())));
        println!("{}", serde_json::Value::Object(all));
        return Ok(());
    }
    println!("{SEATS} seats, {MESSAGES} messages, a page of {bytes} bytes");
    for (name, ms) in figures {
        println!("{name}: {ms:.2}");
    }
    Ok(())
}

async fn measure() -> anyhow::Result<(usize, Vec<Duration>, Vec<Duration>)> {
    let (show, shown) = watch::channel(Arc::new(full_room()));
    let pages = Pages::start(
        PagesConfig::default(),
        shown,
        Hours::of_this_machine(),
        Arc::new(Nobody),
    )
    .await?;
    let visitor = Visitor::enter(&pages.launch_url()?).await?;
    let (mut bytes, mut answered, mut arrived) = (0, Vec::new(), Vec::new());
    for _ in 0..PAGES {
        let began = Instant::now();
        let page = visitor.get("table").await?;
        answered.push(began.elapsed());
        ensure!(page.starts_with("HTTP/1.1 200"), "the Table is not shown");
        bytes = page.len();
    }
    let mut live = visitor.follow("table").await?;
    for number in MESSAGES..MESSAGES + UPDATES {
        let began = Instant::now();
        show.send_modify(|shown| {
            if let Page::Table(table) = &mut Arc::make_mut(shown).page {
                table.messages.push(message(number));
            }
        });
        live.next_message().await?;
        arrived.push(began.elapsed());
    }
    pages.stop().await;
    Ok((bytes, answered, arrived))
}

/// The time within which so many per cent were done, in milliseconds.
fn share(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted
        .get(place)
        .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// Two sides of thirty, in the middle of a long discussion.
fn full_room() -> Shown {
    let seats = (0..=SEATS).map(|number| Seat {
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
        last: None,
        rounds: 0,
        has_ground: false,
        messages: (0..MESSAGES).map(message).collect(),
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

fn message(number: u64) -> Arc<Message> {
    Arc::new(Message {
        index: number,
        at: Timestamp::from_ms(1_795_000_000_000 + number * 30_000),
        name: format!("Person Number {}", number % u64::from(SEATS)),
        role: Role::Side(u16::from(number.is_multiple_of(2))),
        text: format!(
            "Remark {number}: what was said about the ferry in the morning holds for the nets as well, and I would leave it there until after lunch."
        ),
        id: [0; 16],
        answers: None,
    })
}

/// Nothing is wished while it is measured but to sit at the table.
struct Nobody;

impl Desk for Nobody {
    fn carry_out(&self, _: Wish) -> BoxFuture<'_, Result<(), Sorry>> {
        Box::pin(async { Ok(()) })
    }

    fn touch(&self) {}

    fn own_hosts(&self) -> Vec<String> {
        Vec::new()
    }
}
