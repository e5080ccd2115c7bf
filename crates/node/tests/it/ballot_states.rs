//! Rounds of answers in a real browser: asked, answered, collected, disturbed, and the common-ground page.

use std::sync::Arc;

use browser::{Browser, ENTER, TAB, Window};
use node::{
    pages::{
        Hours, Pages, PagesConfig,
        view::{self as pages, Page, Shown, Standing, Table, TableWords},
    },
    settings::Settings,
};
use participant::view::{BlocView, Opening, RoomView, RoundPhase, RoundView, View};
use room::{RoundId, SeatId, Tally};
use round::Ballot;
use tokio::sync::watch;
use wire::Timestamp;

use crate::{
    large_table::Nobody,
    round_states::{self, CLOSES_MS},
};

const QUESTION: &str = "Fishing water and the ferry: where do you stand?";
const STATEMENTS: [&str; 14] = [
    "A joint harbour office with one telephone number would end half of our incidents.",
    "Count the fish together: one boat, two scientists. Let the number decide the quota.",
    "Incidents at sea should be reported to both coastguards within one hour.",
    "Pay the twenty families who lose most. It would cost less than one patrol boat.",
    "Fishing and the ferry should be dealt with in separate talks.",
    "The line in the old treaty is wrong by two miles, and both ministries know it.",
    "We cannot give up the spawning ground. Everything else can be talked about.",
    "We could live with their boats in the middle water from May to August, if ours are let onto the two northern banks in winter.",
    "We should stop boarding each other’s boats for three months, and see whether anything bad happens.",
    "Let the ferry carry both flags, or none.",
    "I could accept their coastguard leading a ferry rescue, if our doctor may be on board.",
    "Nobody under thirty wants to fish any more. We are fighting over something our children will not use.",
    "يجب أن تحمل العبّارة العلمين معًا، أو لا تحمل أيًّا منهما.",
    "The ferry matters more to my village than all the cod in the Sound. I have never dared to say so at home.",
];

/// Agree, disagree, pass of each statement, for the one side and the other; the rest gives no answer.
type Counts = [([u16; 3], [u16; 3]); 14];
const SMALL: Counts = [
    ([6, 0, 0], [6, 0, 0]),
    ([4, 1, 1], [6, 0, 0]),
    ([6, 0, 0], [4, 0, 1]),
    ([5, 1, 0], [4, 0, 2]),
    ([0, 6, 0], [0, 5, 1]),
    ([0, 6, 0], [6, 0, 0]),
    ([1, 5, 0], [6, 0, 0]),
    ([5, 1, 0], [0, 6, 0]),
    ([3, 2, 1], [6, 0, 0]),
    ([6, 0, 0], [3, 2, 1]),
    ([1, 1, 4], [2, 0, 4]),
    ([3, 3, 0], [3, 3, 0]),
    ([3, 2, 1], [2, 3, 0]),
    ([6, 0, 0], [2, 1, 1]),
];

fn asked() -> Vec<String> {
    STATEMENTS.map(str::to_owned).to_vec()
}

fn ballot(phase: RoundPhase, answers: &[Ballot]) -> RoundView {
    RoundView {
        question: QUESTION.to_owned(),
        slot_bytes: 64,
        eligible: 6,
        hidden_among: 6,
        usual_minimum: 5,
        floor: 5,
        guaranteed: 5,
        draft: None,
        statements: asked(),
        each_side: true,
        one_side: None,
        held: None,
        bloc: None,
        answers: answers.to_vec(),
        ..round_states::round(phase, &[])
    }
}

/// Sides of this size, as `factor` times the counts.
fn openings(id: u8, seats: u16, factor: u16, counts: &Counts) -> Vec<Arc<Opening>> {
    let side = |side: u16| {
        let tally = |(one, other): &([u16; 3], [u16; 3])| {
            let [agree, disagree, pass] = if side == 0 { *one } else { *other };
            let answered = (agree + disagree + pass) * factor;
            Tally {
                agree: agree * factor,
                disagree: disagree * factor,
                pass: pass * factor,
                unanswered: seats - answered,
                void: 0,
            }
        };
        Arc::new(Opening {
            round: RoundId([id; 16]),
            held: [id; 32],
            side: Some(side),
            one_side: None,
            question: QUESTION.to_owned(),
            floor: None,
            opening_roster: seats,
            final_roster: seats,
            runs: 1,
            blanks: 0,
            statements: Vec::new(),
            asked: asked(),
            tallies: counts.iter().map(tally).collect(),
            bloc: Vec::new(),
            absent: Vec::new(),
            disruptors: Vec::new(),
            window_end_ms: CLOSES_MS - 2_000_000 + u64::from(id),
            opened_ms: CLOSES_MS,
        })
    };
    vec![side(0), side(1)]
}

fn texts() -> Arc<Opening> {
    let mut texts = (*openings(9, 6, 1, &SMALL)[0]).clone();
    texts.side = None;
    texts.statements = std::mem::take(&mut texts.asked);
    texts.tallies = Vec::new();
    Arc::new(texts)
}

/// A page in a state: its address, what it must say, and what it must not.
struct State {
    name: &'static str,
    path: &'static str,
    room: RoomView,
    says: Vec<&'static str>,
    never: Vec<&'static str>,
}

impl State {
    fn of(name: &'static str, path: &'static str, change: impl FnOnce(&mut RoomView)) -> Self {
        let mut room = round_states::room();
        change(&mut room);
        Self {
            name,
            path,
            room,
            says: Vec::new(),
            never: Vec::new(),
        }
    }

    fn open(name: &'static str, path: &'static str, round: RoundView) -> Self {
        Self::of(name, path, |room| room.round = Some(round)).never(&["text", "Text"])
    }

    fn says(self, says: &[&'static str]) -> Self {
        Self {
            says: says.to_vec(),
            ..self
        }
    }

    fn never(self, never: &[&'static str]) -> Self {
        Self {
            never: never.to_vec(),
            ..self
        }
    }
}

fn asking() -> Vec<State> {
    let convenor = |room: &mut RoomView| {
        room.own_seat = SeatId(0);
        room.results = vec![texts()];
    };
    vec![
        State::of("ballot-ask", "/ballot/ask", |room| {
            convenor(room);
            room.results.extend(openings(1, 6, 1, &SMALL));
        })
        .says(&[
            "Ask everybody what they agree with",
            "One result for each side",
            "answered before",
            "can be answered again by the same people",
        ]),
        State::of("ballot-ask-few", "/ballot/ask", |room| {
            convenor(room);
            room.seats.retain(|seat| !matches!(seat.seat.0, 2 | 4));
        })
        .says(&[
            "Oskerry has 4 seats that can take part",
            "for the whole room",
        ])
        .never(&["One result for each side"]),
        State::of("ballot-ask-nobody", "/ballot/ask", |room| {
            convenor(room);
            room.seats.truncate(4);
        })
        .says(&["Only 3 seats can take part now"])
        .never(&["Open the Round"]),
    ]
}

fn answering() -> Vec<State> {
    use Ballot::{Agree, Disagree, Pass, Unanswered};
    let some = [Agree, Disagree, Unanswered, Pass];
    let writing = |answers: &[Ballot]| ballot(RoundPhase::Writing, answers);
    let whole = RoundView {
        each_side: false,
        bloc: None,
        eligible: 12,
        is_in: false,
        ..writing(&[])
    };
    let vote = |seat: u32, answers: &[Ballot]| (SeatId(seat), answers.to_vec());
    let mut agreed = vec![Unanswered; 14];
    agreed[0] = Agree;
    agreed[3] = Disagree;
    let as_one = RoundView {
        bloc: Some(BlocView {
            seats: 4,
            own: vec![Agree, Unanswered, Pass, Disagree],
            votes: vec![
                vote(1, &[Agree, Unanswered, Pass, Disagree]),
                vote(3, &[Agree, Agree, Unanswered, Disagree]),
                vote(5, &[Agree, Disagree, Unanswered, Disagree]),
            ],
            agreed: agreed.clone(),
            posted: vec![Unanswered; 14],
            posted_by: Some(SeatId(5)),
        }),
        ..writing(&[])
    };
    let mut all = vec![Agree; 14];
    all[5] = Unanswered;
    vec![
        State::open("ballot", "/round", writing(&some)).says(&[
            "3 of 14 answered",
            "Incidents at sea",
            "hidden among the 6 of your side, at least 5",
            "Nothing of it is shown before",
            "Leave it unanswered",
        ]),
        State::open("ballot-changed", "/round?statement=2", writing(&some))
            .says(&["Count the fish together", "Take this answer back"]),
        State::open("ballot-not-in", "/round?statement=13", whole)
            .says(&["you have not checked the table words", "hidden among 12"]),
        State::open("ballot-review", "/round?review=yes", writing(&some)).says(&[
            "Your answers",
            "Finish, leaving 11 unanswered",
            "it is no pass",
            "Change statement 2",
            "Answer statement 3",
        ]),
        State::open("ballot-bloc", "/round", as_one)
            .says(&[
                "Your side answers as one",
                "Your caucus agrees on 2 of 14 statements",
                "3 of 4 have said something",
                "Person Number 5 has handed over something else",
                "Hand this to the plenary",
                "Agreed: our side disagrees",
            ])
            .never(&["hidden among"]),
        State::open("ballot-in", "/round", writing(&all)).says(&[
            "Your answers are in.",
            "13 of 14 answered",
            "Change my answers",
            "Your answers are sent only if at least 5 are in at the end.",
            "Your answers are hidden among at least 5 people, also if the same is asked again.",
        ]),
    ]
}

fn going_on() -> Vec<State> {
    let given = [Ballot::Agree; 14];
    let run = |phase| ballot(phase, &given);
    let not_mine = RoundView {
        writes: false,
        is_in: false,
        ..ballot(RoundPhase::Writing, &[])
    };
    vec![
        State::open("ballot-not-mine", "/round", not_mine)
            .says(&["You do not answer in this Round", "All 14 statements"]),
        State::open("ballot-collecting", "/round", run(RoundPhase::Collecting { run: 1 }))
            .says(&["The Round is collecting its answers"]),
        State::open("ballot-disturbed", "/round", run(RoundPhase::Disturbed { run: 1 })).says(&[
            "Nobody’s answers were shown",
            "Your answers are still on this computer",
        ]),
        State::open(
            "ballot-repeated",
            "/round",
            RoundView {
                absent: vec![SeatId(5)],
                ..run(RoundPhase::Collecting { run: 2 })
            },
        )
        .says(&[
            "did not answer in time; the Round was repeated without them. Nobody’s answers were shown.",
            "Your answers are added again by themselves",
        ]),
        State::open("ballot-opening", "/round", run(RoundPhase::Opening { run: 1 }))
            .says(&["The result is about to appear"]),
        State::open("ballot-table", "/table", run(RoundPhase::Collecting { run: 1 }))
            .says(&["The Round is collecting its answers"]),
    ]
}

/// The second side is too small for ballots; on one statement it did not agree.
fn one_side_as_one() -> Vec<Arc<Opening>> {
    let mut as_one = openings(1, 6, 1, &SMALL);
    if let Some(last) = as_one.last_mut() {
        let mut bloc = vec![Ballot::Agree; 14];
        bloc[3] = Ballot::Unanswered;
        let (tallies, opening) = (Vec::new(), (**last).clone());
        *last = Arc::new(Opening {
            tallies,
            bloc,
            // As it is for a side without a sequence.
            final_roster: 0,
            opening_roster: 0,
            ..opening
        });
    }
    as_one
}

fn results() -> Vec<State> {
    let closed = |name, path, results: Vec<Arc<Opening>>| {
        State::of(name, path, |room| room.results = results)
    };
    let large: Counts = SMALL.map(|(one, other)| {
        let shift = |[agree, disagree, pass]: [u16; 3]| [agree, disagree, pass];
        (shift(one), shift(other))
    });
    let mut changed = SMALL;
    changed[5].0 = [6, 0, 0];
    changed[8].0 = [6, 0, 0];
    let mut again = openings(1, 6, 1, &SMALL);
    again.extend(openings(2, 6, 1, &changed));
    let mut whole = (*openings(1, 12, 2, &SMALL)[0]).clone();
    whole.side = None;
    let mut one_failed = openings(1, 6, 1, &SMALL);
    one_failed.pop();
    vec![
        closed("common-ground-bloc", "/ground", one_side_as_one())
            .says(&[
                "agrees, as a bloc",
                "most agree",
                "Oskerry answered as one.",
                "Arvane: 6 of 6 answered",
                "no answer, as a bloc",
                "Oskerry gave none",
                "More than half of its seats said the same.",
            ])
            .never(&["kept private"]),
        closed("common-ground", "/ground", openings(1, 6, 1, &SMALL)).says(&[
            "statements have most of both sides behind",
            "You share",
            "You differ",
            "Worth talking about",
            "most agree",
            "fewer than 5 answers: kept private",
            "How this is counted",
        ]),
        closed("common-ground-words", "/ground", openings(1, 12, 2, &SMALL)).says(&[
            "nearly all agree, almost none disagree",
            "24 of 24 answered",
        ]),
        closed("common-ground-large", "/ground", openings(1, 30, 4, &large))
            .says(&["% agree", "48 of 60 answered"]),
        closed("common-ground-again", "/ground", again)
            .says(&["As it was told before", "Before ("]),
        closed("common-ground-room", "/ground", vec![Arc::new(whole)])
            .says(&["most of the room", "Nothing is known of sides."])
            .never(&["You differ"]),
        closed("common-ground-one-failed", "/ground", one_failed)
            .says(&["Oskerry", "no result; too few took part."]),
        closed("common-ground-over", "/round", openings(1, 6, 1, &SMALL))
            .says(&["The result is here", "See the common ground"]),
        closed("common-ground-rounds", "/rounds", openings(1, 6, 1, &SMALL))
            .says(&["Answers to 14 statements."]),
        closed("common-ground-table", "/table", openings(1, 6, 1, &SMALL))
            .says(&["14 statements were answered.", "See the common ground"]),
    ]
}

fn status(phase: RoundPhase) -> pages::RoundStatus {
    match phase {
        RoundPhase::Writing => pages::RoundStatus::Writing,
        RoundPhase::Collecting { run } => pages::RoundStatus::Collecting(run),
        RoundPhase::Disturbed { .. } => pages::RoundStatus::Disturbed,
        RoundPhase::Opening { .. } => pages::RoundStatus::Opening,
    }
}

pub fn shown(room: &RoomView) -> Arc<Shown> {
    let seat = |seat: &participant::view::SeatView| pages::Seat {
        number: seat.seat.0,
        name: seat.name.clone(),
        role: seat.side.map_or(pages::Role::Convenor, pages::Role::Side),
        you: seat.seat == room.own_seat,
    };
    let table = Table {
        title: room.title.clone(),
        room: pages::Room::Plenary,
        rule_card: pages::RuleCard::ChathamHouse,
        sides: room.sides.clone(),
        seats: room.seats.iter().map(seat).collect(),
        words: TableWords::Checked,
        waiting: 0,
        round: room.round.as_ref().map(|round| pages::Round {
            question: round.question.clone(),
            opened: Timestamp::from_ms(round.opened_ms),
            closes: Timestamp::from_ms(round.window_end_ms),
            status: status(round.phase),
            crowd: round.hidden_among,
            eligible: round.eligible,
            floor: round.floor,
            asked: round.statements.len() as u64,
            written: !round.answers.is_empty(),
            writes: round.writes,
            each_side: round.each_side,
            as_one: round.bloc.is_some(),
        }),
        aftermath: None,
        last: last(room),
        rounds: 1,
        has_ground: room.results.iter().any(|one| !one.asked.is_empty()),
        messages: Vec::new(),
        held: Vec::new(),
        gone: Vec::new(),
        guarded: false,
        removed: false,
        shut_since: None,
        moved: None,
        caucus: None,
        live: true,
    };
    let plenary = Some(room.clone());
    Arc::new(Shown {
        standing: Standing::Open,
        page: Page::Table(Box::new(table)),
        view: Arc::new(View {
            plenary,
            ..View::default()
        }),
        settings: Settings {
            at_the_door: true,
            ..Settings::default()
        },
        ..Shown::default()
    })
}

fn last(room: &RoomView) -> Option<Arc<pages::Statements>> {
    room.results.last().map(|opening| {
        Arc::new(pages::Statements {
            question: opening.question.clone(),
            crowd: opening.final_roster,
            texts: opening.statements.clone(),
            asked: opening.asked.len() as u64,
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_of_answers_is_asked_answered_and_told_in_every_state() {
    let (show, showing) = watch::channel(shown(&round_states::room()));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, showing, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    let address = browser.run("return location.origin");
    let axe = round_states::axe();
    for state in [asking(), answering(), going_on(), results()]
        .iter()
        .flatten()
    {
        show.send_replace(shown(&state.room));
        browser.go(&format!("{}{}", address.as_str().unwrap(), state.path));
        for says in &state.says {
            browser.reads(says);
        }
        let page = browser.run("return document.querySelector('main').innerText");
        let page = page.as_str().unwrap();
        for never in &state.never {
            assert!(!page.contains(never), "{}: {never} in {page}", state.name);
        }
        round_states::examine(&browser, &axe, state.name);
    }
    pages.stop().await;
}

/// Presses Tab until this script says true.
fn tab_until(browser: &Browser, found: &str) {
    for _ in 0..60 {
        if browser.run(found).as_bool() == Some(true) {
            return;
        }
        browser.keys(TAB);
    }
    panic!("{found} is not reached with Tab");
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_answered_with_the_keyboard_alone() {
    let mut room = round_states::room();
    room.round = Some(ballot(RoundPhase::Writing, &[]));
    let (_show, showing) = watch::channel(shown(&room));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, showing, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    let address = browser.run("return location.origin");
    browser.go(&format!("{}/round", address.as_str().unwrap()));
    for (place, answer) in [(0, "agree"), (1, "disagree"), (2, "pass")] {
        browser.reads(STATEMENTS[place]);
        tab_until(
            &browser,
            &format!("return document.activeElement.value === '{answer}'"),
        );
        browser.keys(ENTER);
    }
    browser.reads(STATEMENTS[3]);
    tab_until(
        &browser,
        "return document.activeElement.innerText.startsWith('See all')",
    );
    browser.keys(ENTER);
    browser.reads("Finish, leaving 14 unanswered");
    pages.stop().await;
}
