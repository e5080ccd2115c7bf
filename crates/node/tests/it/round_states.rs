//! The page of a Round in the states that a walk hardly meets: disturbed, awaited, failed, stayed home.

use std::{path::Path, sync::Arc};

use browser::{Browser, Window};
use node::{
    pages::{
        Hours, Pages, PagesConfig,
        view::{Shown, Standing},
    },
    settings::Settings,
};
use participant::{
    Place, StayedHome,
    view::{FailedView, Opening, RoomView, RoundPhase, RoundView, SeatView, View},
};
use room::{Digest, FailedWhy, RoundId, RuleCard, SeatId};
use tokio::sync::watch;

use crate::large_table::Nobody;

const QUESTION: &str = "What would you need to hear from the other side to stop boarding boats?";
const ROUND: RoundId = RoundId([1; 16]);
/// A Monday in November, at eight in the evening.
const CLOSES_MS: u64 = 1_795_464_000_000;

fn room() -> RoomView {
    let seat = |number: u32| SeatView {
        seat: SeatId(number),
        name: format!("Person Number {number}"),
        side: (number > 0).then_some(u16::from(number.is_multiple_of(2))),
        counts: true,
        confirmed: true,
    };
    RoomView {
        place: Place::Plenary,
        title: "The Sound".to_owned(),
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats: (0..=12).map(seat).collect(),
        left: Vec::new(),
        own_seat: SeatId(1),
        table_words: Vec::new(),
        word_lines: Vec::new(),
        words_confirmed: true,
        state_words: Vec::new(),
        messages: Vec::new(),
        round: None,
        failed: None,
        results: Vec::new(),
        digest: Digest([0; 32]),
        entries: 9,
        void_entries: 0,
        live: true,
        unsent: 0,
    }
}

fn round(phase: RoundPhase, awaited: &[&str]) -> RoundView {
    RoundView {
        round: ROUND,
        question: QUESTION.to_owned(),
        slot_bytes: 2048,
        opened_ms: CLOSES_MS - 1_200_000,
        window_end_ms: CLOSES_MS,
        eligible: 12,
        writes: true,
        usual_minimum: 10,
        minimum: None,
        awaited: awaited.iter().map(|name| (*name).to_owned()).collect(),
        phase,
        hidden_among: 11,
        floor: 10,
        draft: Some("One sentence, from somebody whose name we know.".to_owned()),
        absent: Vec::new(),
        disruptors: Vec::new(),
        statements: Vec::new(),
        answers: Vec::new(),
    }
}

fn ended() -> Opening {
    Opening {
        round: ROUND,
        side: None,
        question: QUESTION.to_owned(),
        opening_roster: 12,
        final_roster: 11,
        runs: 2,
        blanks: 1,
        statements: vec!["A telephone number that is answered at night.".to_owned(); 10],
        asked: Vec::new(),
        tallies: Vec::new(),
        absent: vec!["Person Number 3".to_owned()],
        disruptors: Vec::new(),
        window_end_ms: CLOSES_MS,
        opened_ms: CLOSES_MS + 900,
    }
}

/// Each state, what it must say, and what it must not.
fn states() -> Vec<(&'static str, View, &'static str)> {
    let with = |change: &dyn Fn(&mut RoomView)| {
        let mut room = room();
        change(&mut room);
        View {
            plenary: Some(room),
            ..View::default()
        }
    };
    let open = |phase, awaited: &[&str]| with(&|room| room.round = Some(round(phase, awaited)));
    let mut home = with(&|room| room.results = vec![Arc::new(ended())]);
    home.stayed_home = Some((
        ROUND,
        StayedHome::CrowdTooSmall {
            crowd: 11,
            minimum: 12,
        },
    ));
    vec![
        (
            "round-disturbed",
            open(RoundPhase::Disturbed { run: 1 }, &[]),
            "Something did not come out right",
        ),
        (
            "round-repeated",
            with(&|room| {
                room.round = Some(RoundView {
                    disruptors: vec!["Person Number 4".to_owned()],
                    absent: vec!["Person Number 5".to_owned()],
                    ..round(RoundPhase::Collecting { run: 3 }, &[])
                });
            }),
            "Person Number 4’s program sent something impossible; the Round was repeated without it.",
        ),
        (
            "round-awaited",
            open(RoundPhase::Opening { run: 1 }, &["Person Number 7"]),
            "One last message is awaited",
        ),
        (
            "round-failed",
            with(&|room| {
                room.failed = Some(FailedView {
                    why: FailedWhy::BelowFloor,
                    ended_ms: CLOSES_MS,
                    draft: Some("One sentence.".to_owned()),
                    absent: vec!["Person Number 5".to_owned()],
                    disruptors: vec!["Person Number 4".to_owned()],
                });
            }),
            "Too few were in at the end. Nobody’s text was shown.",
        ),
        (
            "round-stayed-home",
            home,
            "Your text stayed home: 11 were in, and you wanted at least 12.",
        ),
    ]
}

fn shown(view: View) -> Arc<Shown> {
    Arc::new(Shown {
        standing: Standing::Open,
        view: Arc::new(view),
        settings: Settings {
            at_the_door: true,
            ..Settings::default()
        },
        ..Shown::default()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_says_what_happened_to_it_and_to_ones_own_text() {
    let (show, showing) = watch::channel(shown(View::default()));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, showing, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    browser.reads("Welcome");
    let address = browser.run("return location.origin");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, view, says) in states() {
        show.send_replace(shown(view));
        browser.go(&format!("{}/round", address.as_str().unwrap()));
        browser.reads(says);
        for width in [360, 1280] {
            browser.resize(&Window {
                width,
                ..Window::default()
            });
            assert_eq!(browser.too_wide(), [""; 0], "{name} at {width}");
            browser.picture(&folder.join(format!("{name}-{width}.png")));
        }
    }
    pages.stop().await;
}
