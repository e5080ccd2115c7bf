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
pub const CLOSES_MS: u64 = 1_795_464_000_000;

pub fn room() -> RoomView {
    let seat = |number: u32| SeatView {
        seat: SeatId(number),
        number: SeatId(number),
        name: format!("Person Number {number}"),
        role: match number {
            0 => room::Role::Convenor,
            _ => room::Role::Side(room::SideId(u16::from(number.is_multiple_of(2)))),
        },
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
        gone: Vec::new(),
        awaited: Vec::new(),
        guarded: false,
        shut_since_ms: None,
        membership: 7,
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

pub fn round(phase: RoundPhase, awaited: &[u32]) -> RoundView {
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
        is_in: true,
        phase_ms: 30_000,
        open_hash: room::OpenHash([1; 32]),
        shut_since_ms: None,
        phase_ends_ms: (phase != RoundPhase::Writing).then_some(CLOSES_MS + 30_000),
        awaited: named(awaited),
        phase,
        hidden_among: 11,
        floor: 10,
        guaranteed: 10,
        draft: Some(OWN_TEXT.to_owned()),
        absent: Vec::new(),
        disruptors: Vec::new(),
        statements: Vec::new(),
        each_side: false,
        one_side: None,
        held: None,
        bloc: None,
        answers: Vec::new(),
    }
}

fn ended() -> Opening {
    Opening {
        round: ROUND,
        held: [1; 32],
        side: None,
        one_side: None,
        question: QUESTION.to_owned(),
        floor: None,
        opening_roster: 12,
        final_roster: 11,
        runs: 2,
        blanks: 1,
        statements: vec!["A telephone number that is answered at night.".to_owned(); 10],
        asked: Vec::new(),
        tallies: Vec::new(),
        bloc: Vec::new(),
        absent: named(&[3]),
        disruptors: Vec::new(),
        window_end_ms: CLOSES_MS,
        opened_ms: CLOSES_MS + 900,
    }
}

/// A state of the page, what it must say, and what it must not.
struct State {
    name: &'static str,
    view: View,
    says: Vec<&'static str>,
    never: Vec<&'static str>,
}

impl State {
    fn of(name: &'static str, change: impl FnOnce(&mut RoomView)) -> Self {
        let mut room = room();
        change(&mut room);
        let plenary = Some(room);
        Self {
            name,
            view: View {
                plenary,
                ..View::default()
            },
            says: Vec::new(),
            never: Vec::new(),
        }
    }

    /// A Round that is open.
    fn open(name: &'static str, round: RoundView) -> Self {
        Self::of(name, |room| room.round = Some(round)).never(FAILING)
    }

    fn says(self, says: &[&'static str]) -> Self {
        let says = [self.says, says.to_vec()].concat();
        Self { says, ..self }
    }

    fn never(self, never: &[&'static str]) -> Self {
        let never = [self.never, never.to_vec()].concat();
        Self { never, ..self }
    }

    /// The reader's own text did not appear, and came back.
    fn returned(self) -> Self {
        let returned = vec![participant::view::ReturnedView {
            number: 0,
            round: Some(ROUND),
            text: OWN_TEXT.to_owned(),
        }];
        let view = View {
            returned,
            ..self.view
        };
        Self { view, ..self }
    }
}

/// What no page may say while a Round can still end well; nor does anybody withhold anything.
const FAILING: &[&str] = &["fail", "ended without", "Sorry", "error", "withh", "refus"];
const OWN_TEXT: &str = "One sentence, from somebody whose name we know.";
const REPEATED: &[&str] = &["The Round was disturbed. It starts again.", OWN_TEXT];

fn named(numbers: &[u32]) -> Vec<SeatId> {
    numbers.iter().copied().map(SeatId).collect()
}

/// The blank page, and what is in, where something stands in the way.
fn writing() -> Vec<State> {
    let blank = |eligible| RoundView {
        draft: None,
        eligible,
        ..round(RoundPhase::Writing, &[])
    };
    let kept = |minimum| RoundView {
        minimum: Some(minimum),
        ..round(RoundPhase::Writing, &[])
    };
    vec![
        State::open("round-write-again", blank(12))
            .returned()
            .says(&[
                "Send my text only if",
                "With fewer than 10 your text is not sent.",
                "What you wrote for an earlier Round",
            ]),
        State::open(
            "round-write-few",
            RoundView {
                floor: 5,
                ..blank(6)
            },
        )
        .says(&[
            "Only 6 can be in as things stand, and your text asks for 10: it would stay home.",
        ]),
        State::open(
            "round-write-not-in",
            RoundView {
                is_in: false,
                ..blank(12)
            },
        )
        .says(&[
            "you have not checked the table words",
            "Check the table words",
        ]),
        State::open("round-collect-all", kept(12)).says(&[
            "Your text is in.",
            "Your text is sent only if at least 12 are in at the end.",
        ]),
    ]
}

/// The program repeats a disturbed Round by itself, as long as enough are left.
fn repeats() -> Vec<State> {
    let again = |run| round(RoundPhase::Collecting { run }, &[]);
    vec![
        State::open("round-collecting", again(1)).says(&["The Round is collecting its texts"]),
        State::open("round-disturbed", round(RoundPhase::Disturbed { run: 1 }, &[])).says(&[
            "Something did not come out right",
            "Nobody’s text was shown, and of this try nobody’s can ever be.",
            "the Round is repeated by itself",
            "Your text is still on this computer",
        ]),
        State::open(
            "round-repeated",
            RoundView {
                disruptors: named(&[4]),
                ..again(2)
            },
        )
        .says(REPEATED)
        .says(&[
            "The program of Person Number 4 (Oskerry) sent something impossible; the Round was repeated without it. Nobody’s text was shown.",
            "This proves no ill will",
            "It is now hidden among 11, and is sent only if at least 10 are in at the end.",
        ]),
        State::open(
            "round-repeated-absent",
            RoundView {
                absent: named(&[5, 7]),
                hidden_among: 10,
                ..again(2)
            },
        )
        .says(REPEATED)
        .says(&["2 people did not answer in time", "Person Number 7"]),
        State::open(
            "round-repeated-twice",
            RoundView {
                disruptors: named(&[4]),
                absent: named(&[5]),
                hidden_among: 10,
                minimum: Some(12),
                ..again(3)
            },
        )
        .says(&["2 tries did not come out right", "10 are in now, and you wanted at least 12."]),
        State::open(
            "round-left-out",
            RoundView {
                absent: named(&[1]),
                is_in: false,
                ..again(2)
            },
        )
        .says(&[
            "This computer did not answer in time; the Round was repeated without you.",
            "Your text stays with you",
        ])
        .never(&["Your text is added", "Person Number 1"]),
        State::open(
            "round-own-program",
            RoundView {
                disruptors: named(&[1]),
                is_in: false,
                ..again(2)
            },
        )
        .says(&["Your program sent something impossible", "Have it looked at"]),
    ]
}

/// While the last messages are on their way, and when one does not come.
fn last_messages() -> Vec<State> {
    let opening = |awaited: &[u32], ends: u64| RoundView {
        open_hash: room::OpenHash([1; 32]),
        shut_since_ms: None,
        phase_ends_ms: Some(ends),
        ..round(RoundPhase::Opening { run: 1 }, awaited)
    };
    let (long_ago, in_future) = (CLOSES_MS, u64::MAX / 2);
    vec![
        State::open("round-opening", opening(&[7], in_future))
            .says(&["The texts are about to appear"])
            .never(&["Person Number 7", "awaited", "Give this Round up"]),
        State::open("round-awaited-you", opening(&[1], long_ago)).says(&[
            "One last message is awaited",
            "see to it that this computer reaches the network",
        ]),
        State::open("round-awaited", opening(&[7], long_ago)).says(&[
            "One last message is awaited",
            "Person Number 7",
            "Nothing is lost and nothing is shown yet.",
        ]),
    ]
}

/// A Round that is over, and the reader's text where it did not appear.
fn ends() -> Vec<State> {
    let failed = |why, opening_roster, final_roster| FailedView {
        round: ROUND,
        why,
        ended_ms: CLOSES_MS,
        opening_roster,
        final_roster,
        absent: named(&[5, 6]),
        disruptors: named(&[4]),
    };
    let nothing = |name, failed: FailedView| {
        State::of(name, |room| room.failed = Some(failed))
            .returned()
            .says(&[
                "The Round ended and brought nothing",
                OWN_TEXT,
                "Throw this text away",
            ])
            .never(&["repeated"])
    };
    let closed = |name, change: &dyn Fn(&mut Opening)| {
        let mut ended = ended();
        change(&mut ended);
        State::of(name, |room| room.results = vec![Arc::new(ended)])
    };
    let mut home = closed("round-stayed-home", &|_| {}).returned();
    let (crowd, minimum) = (11, 12);
    home.view.stayed_home = Some((ROUND, StayedHome::CrowdTooSmall { crowd, minimum }));
    let overlap = FailedView {
        absent: named(&[5]),
        disruptors: Vec::new(),
        ..failed(FailedWhy::Overlap, 12, 11)
    };
    vec![
        nothing("round-failed", failed(FailedWhy::BelowFloor, 12, 9)).says(&[
            "12 were in at its start and 9 at its end: too few to hide among.",
            "Nothing was shown to anybody.",
            "You can use it again in another Round.",
        ]),
        nothing(
            "round-given-up",
            FailedView {
                absent: Vec::new(),
                disruptors: Vec::new(),
                ..failed(FailedWhy::GaveUp, 12, 12)
            },
        )
        .says(&[
            "A last message did not come",
            "do not use a text of yours again",
        ]),
        State::of("round-overlap", |room| room.failed = Some(overlap)).says(&[
            "The Round ended and brought nothing",
            "the difference would show how single people answered",
        ]),
        home.says(&[
            "Your text stayed home: 11 were in, and you wanted at least 12.",
            OWN_TEXT,
        ]),
        closed("round-without-you", &|ended| ended.absent = named(&[1]))
            .returned()
            .says(&[
                "the Round went on without you",
                OWN_TEXT,
                "The texts are here",
            ]),
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

/// The checks of accessibility, as `cargo xtask test` puts them there.
pub fn axe() -> String {
    let script = "../../tests/axe/node_modules/axe-core/axe.min.js";
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    std::fs::read_to_string(&script)
        .unwrap_or_else(|_| panic!("{} is missing: run cargo xtask install", script.display()))
}

/// In both widths, light and dark.
pub fn examine(browser: &Browser, axe: &str, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (width, dark) in [(360, false), (360, true), (1280, false), (1280, true)] {
        browser.resize(&Window {
            width,
            dark,
            ..Window::default()
        });
        assert_eq!(browser.too_wide(), [""; 0], "{name} at {width}");
        assert_eq!(
            browser.audit(axe),
            [""; 0],
            "{name} at {width}, dark: {dark}"
        );
        let shade = if dark { "-dark" } else { "" };
        browser.picture(&folder.join(format!("{name}-{width}{shade}.png")));
    }
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
    let axe = axe();
    let states = [writing(), repeats(), last_messages(), ends()];
    for state in states.iter().flatten() {
        show.send_replace(shown(state.view.clone()));
        browser.go(&format!("{}/round", address.as_str().unwrap()));
        for says in &state.says {
            browser.reads(says);
        }
        let page = browser.run("return document.querySelector('main').innerText");
        let page = page.as_str().unwrap();
        for never in &state.never {
            assert!(!page.contains(never), "{}: {never} in {page}", state.name);
        }
        examine(&browser, &axe, state.name);
    }
    pages.stop().await;
}
