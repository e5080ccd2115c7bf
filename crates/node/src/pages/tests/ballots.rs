//! Rounds of answers: what forms may bring, what is kept, and what a result says.

use std::{sync::Arc, time::Instant};

use participant::{
    Place,
    view::{BlocView, Opening, RoomView, RoundPhase, RoundView, SeatView, View},
};
use room::{Digest, RoundId, RuleCard, SeatId, Tally};
use round::Ballot;

use super::{
    house::House,
    table::{shows, table, with_pen},
};
use crate::pages::{brought::brought, ground_show, view::Shown};

pub(super) const STATEMENTS: [&str; 3] = ["One bridge.", "Two bridges.", "A ferry at night."];

/// A convenor, and so many seats of each of two sides; the reader is the seat of this number.
pub(super) fn room(sides: [u32; 2], own: u32) -> RoomView {
    let seat = |number: u32| SeatView {
        seat: SeatId(number),
        number: SeatId(number),
        name: format!("Person Number {number}"),
        role: match number {
            0 => room::Role::Convenor,
            _ => room::Role::Side(room::SideId(u16::from(number > sides[0]))),
        },
        side: (number > 0).then_some(u16::from(number > sides[0])),
        counts: true,
        confirmed: true,
    };
    RoomView {
        place: Place::Plenary,
        title: "The Sound".to_owned(),
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats: (0..=sides.iter().sum()).map(seat).collect(),
        left: Vec::new(),
        own_seat: SeatId(own),
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

pub(super) fn ballot(answers: &[Ballot]) -> RoundView {
    RoundView {
        round: RoundId([1; 16]),
        question: "How shall we cross?".to_owned(),
        slot_bytes: 64,
        opened_ms: 1_795_447_200_000,
        window_end_ms: 1_795_448_400_000,
        eligible: 6,
        writes: true,
        usual_minimum: 5,
        minimum: None,
        is_in: true,
        phase_ms: 30_000,
        open_hash: room::OpenHash([1; 32]),
        shut_since_ms: None,
        phase_ends_ms: None,
        awaited: Vec::new(),
        absent: Vec::new(),
        disruptors: Vec::new(),
        statements: STATEMENTS.map(str::to_owned).to_vec(),
        each_side: true,
        one_side: None,
        held: Some([1; 32]),
        bloc: None,
        answers: answers.to_vec(),
        phase: RoundPhase::Writing,
        hidden_among: 6,
        floor: 5,
        guaranteed: 5,
        draft: None,
    }
}

pub(super) fn opening(
    round: u8,
    side: Option<u16>,
    asked: &[&str],
    tallies: &[[u16; 4]],
) -> Arc<Opening> {
    let seats: u16 = tallies.first().map_or(0, |tally| tally.iter().sum());
    let tally = |[agree, disagree, pass, unanswered]: &[u16; 4]| Tally {
        agree: *agree,
        disagree: *disagree,
        pass: *pass,
        unanswered: *unanswered,
        void: 0,
    };
    Arc::new(Opening {
        round: RoundId([round; 16]),
        held: [round; 32],
        side,
        one_side: None,
        question: "How shall we cross?".to_owned(),
        floor: None,
        opening_roster: seats,
        final_roster: seats,
        runs: 1,
        blanks: 0,
        statements: Vec::new(),
        asked: asked.iter().map(|text| (*text).to_owned()).collect(),
        tallies: tallies.iter().map(tally).collect(),
        bloc: Vec::new(),
        absent: Vec::new(),
        disruptors: Vec::new(),
        window_end_ms: 1_795_448_400_000,
        opened_ms: 1_795_448_400_900,
    })
}

pub(super) fn shown(room: RoomView) -> Shown {
    let view = View {
        plenary: Some(room),
        ..View::default()
    };
    Shown {
        view: Arc::new(view),
        ..shows(table())
    }
}

/// The common-ground page of the newest Round.
pub(super) fn ground(room: &RoomView) -> String {
    let rounds = brought(room);
    with_pen(|pen| {
        ground_show::sheet(pen, room, &rounds, rounds.len())
            .main
            .into_string()
    })
    .replace(['\u{2068}', '\u{2069}'], "")
}

pub(super) async fn sends(house: &House, path: &str, fields: &[(&str, &str)]) -> String {
    let (host, cookie) = house.enter().await;
    let token = house.token(&host, &cookie).await;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", &token).extend_pairs(fields);
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    let answer = house.submit(path, &headers, &form.finish()).await;
    answer.replace(['\u{2068}', '\u{2069}'], "")
}

/// The form of a button on a statement's page.
fn pressed<'a>(round: &'a str, statement: &'a str, answer: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("round", round),
        ("statement", statement),
        ("answer", answer),
    ]
}

/// A form to open a Round of answers, with everything in order but these.
fn asking<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("question", "How shall we cross?"),
        ("more", "One bridge.\r\nTwo bridges."),
        ("told", "sides"),
        ("minutes", "20"),
        ("floor", ""),
    ];
    let changed = |name: &str| changes.iter().any(|(other, _)| *other == name);
    let kept = usual.into_iter().filter(|(name, _)| !changed(name));
    kept.chain(changes.iter().copied()).collect()
}

#[tokio::test]
async fn a_ballot_that_cannot_be_opened_comes_back_as_it_was_typed_with_the_reason() {
    let many: String = (0..61).map(|n| format!("Statement {n}\n")).collect();
    let long = "x".repeat(4_096);
    let cases = [
        (vec![("question", " ")], "Write what it is about."),
        (vec![("more", " \r\n ")], "Choose a statement"),
        (vec![("more", many.as_str())], "These are 61 statements"),
        (vec![("more", long.as_str())], "too long"),
        (vec![("more", "A bell:\u{7}")], "nobody can see"),
        (vec![("minutes", "21")], "no longer there"),
        (vec![("floor", "many")], "The smallest crowd"),
    ];
    let house = House::open().await;
    house.show.send_replace(Arc::new(shown(room([6, 6], 0))));
    for (changes, why) in cases {
        let answer = sends(&house, "/ballot/open", &asking(&changes)).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{changes:?}: {answer}");
        assert!(answer.contains(why), "{changes:?}: {answer}");
        let (name, typed) = changes[0];
        let kept = typed.trim().lines().all(|line| answer.contains(line));
        assert!(kept || name == "minutes", "{name} is lost");
    }
    assert_eq!(house.desk.wishes(), [""; 0], "nothing was opened");
}

#[tokio::test]
async fn a_result_that_the_floor_will_not_let_be_shown_is_not_asked_for() {
    let house = House::open().await;
    for (sides, told, floor, why) in [
        ([6, 4], "sides", "", "has 4 seats"),
        ([2, 2], "sides", "", "Only 4 seats can take part"),
        ([2, 2], "room", "", "Only 4 seats can take part"),
        ([8, 7], "sides", "8", "has 7 seats"),
        ([8, 7], "room", "16", "Only 15 seats can take part"),
    ] {
        house.show.send_replace(Arc::new(shown(room(sides, 0))));
        let changes = [("told", told), ("floor", floor)];
        let answer = sends(&house, "/ballot/open", &asking(&changes)).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        for kept in [why, "Two bridges.", "Open the Round to"] {
            let may_lack = kept.starts_with("Open") && sides == [2, 2];
            assert!(answer.contains(kept) || may_lack, "{kept}: {answer}");
        }
    }
    assert_eq!(house.desk.wishes(), [""; 0]);
    house.show.send_replace(Arc::new(shown(room([6, 4], 0))));
    let answer = sends(&house, "/ballot/open", &asking(&[("told", "room")])).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(house.desk.wishes()[0].contains("each_side: false"));
    let answer = sends(&house, "/ballot/open", &asking(&[("told", "blocs")])).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(house.desk.wishes()[1].contains("each_side: true"));
}

#[tokio::test]
async fn a_side_too_small_says_by_name_what_it_answers_and_hands_it_over() {
    let house = House::open().await;
    let mut room = room([6, 4], 0);
    room.round = Some(RoundView {
        bloc: Some(BlocView {
            seats: 4,
            own: Vec::new(),
            votes: Vec::new(),
            agreed: vec![Ballot::Unanswered; STATEMENTS.len()],
            posted: Vec::new(),
            posted_by: None,
        }),
        ..ballot(&[])
    });
    house.show.send_replace(Arc::new(shown(room.clone())));
    let round = "01".repeat(32);
    let vote = [
        ("round", round.as_str()),
        ("answer-0", "agree"),
        ("answer-1", "sometimes"),
    ];
    let answer = sends(&house, "/bloc/vote", &vote).await;
    assert!(answer.contains("This is on its way."), "{answer}");
    // What was said has come back from the relay.
    if let Some(bloc) = room.round.as_mut().and_then(|round| round.bloc.as_mut()) {
        bloc.own = vec![Ballot::Unanswered; STATEMENTS.len()];
        bloc.own[0] = Ballot::Agree;
        bloc.posted = bloc.agreed.clone();
    }
    house.show.send_replace(Arc::new(shown(room)));
    for (path, form) in [("/bloc/vote", &vote[..]), ("/bloc/answer", &vote[..1])] {
        let answer = sends(&house, path, form).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{path}: {answer}");
    }
    let other = "02".repeat(32);
    for path in ["/bloc/vote", "/bloc/answer"] {
        let answer = sends(&house, path, &[("round", &other)]).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{path}: {answer}");
    }
    let wishes = house.desk.wishes();
    let [vote, _, answer] = &wishes[..] else {
        panic!("{wishes:?}")
    };
    assert!(
        vote.contains("VoteAsBloc") && vote.contains("[Agree, Unanswered"),
        "{vote}"
    );
    assert!(answer.contains("AnswerAsBloc"), "{answer}");
}

#[tokio::test]
async fn statements_are_picked_from_earlier_texts_each_once_and_typed_ones_follow() {
    let mut room = room([6, 6], 0);
    let mut texts = (*opening(2, None, &[], &[])).clone();
    texts.statements = vec!["Two\nbridges.".to_owned(), "A ferry.".to_owned()];
    room.results = vec![Arc::new(texts)];
    let house = House::open().await;
    house.show.send_replace(Arc::new(shown(room)));
    let (host, cookie) = house.enter().await;
    let headers = [("Host", host.as_str()), ("Cookie", &cookie)];
    let page = house.ask("/ballot/ask", &headers).await;
    assert_eq!(page.matches("name=\"pick\"").count(), 2);
    assert_eq!(page.matches(" checked>").count(), 3, "both, and the result");
    let form = [
        ("pick", "1.1"),
        ("pick", "1.0"),
        ("pick", "7.0"),
        ("more", "a FERRY\r\nA tunnel."),
    ];
    let answer = sends(&house, "/ballot/open", &asking(&form)).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let wishes = house.desk.wishes();
    let asked = r#"statements: ["Two\nbridges.", "A ferry.", "A tunnel."], each_side: true"#;
    assert!(wishes[0].contains(asked), "{wishes:?}");
}

#[tokio::test]
async fn an_answer_is_kept_beside_those_before_it() {
    let mut room = room([6, 6], 1);
    room.round = Some(ballot(&[Ballot::Agree]));
    let house = House::open().await;
    house.show.send_replace(Arc::new(shown(room)));
    let name = "01".repeat(32);
    for (form, kept, then) in [
        (
            pressed(&name, "2", "pass"),
            "[Agree, Unanswered, Pass]",
            "/round?review=yes",
        ),
        (
            pressed(&name, "1", "disagree"),
            "[Agree, Disagree]",
            "/round?statement=3",
        ),
        (pressed(&name, "0", "none"), "[]", "/round?statement=2"),
    ] {
        let answer = sends(&house, "/ballot/answer", &form).await;
        assert!(answer.contains(&format!("location: {then}")), "{answer}");
        let wishes = house.desk.wishes();
        assert!(
            wishes.last().unwrap().contains(&format!("answers: {kept}")),
            "{wishes:?}"
        );
    }
    let answer = sends(&house, "/ballot/finish", &[("round", &name)]).await;
    assert!(answer.contains("location: /round\r\n"), "{answer}");
    let wishes = house.desk.wishes();
    let all = "answers: [Agree, Unanswered, Unanswered]";
    assert!(wishes.last().unwrap().contains(all), "{wishes:?}");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_or_names_nothing_is_refused_and_said_so() {
    let mut room = room([6, 6], 1);
    let house = House::open().await;
    let name = "01".repeat(32);
    room.round = Some(RoundView {
        phase: RoundPhase::Collecting { run: 1 },
        ..ballot(&[Ballot::Agree])
    });
    house.show.send_replace(Arc::new(shown(room.clone())));
    let answer = sends(&house, "/ballot/answer", &pressed(&name, "1", "agree")).await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains("The time to answer is over") && answer.contains("Two bridges."));
    let answer = sends(&house, "/ballot/answer", &pressed("02", "1", "agree")).await;
    assert!(answer.contains("The time to answer is over"), "{answer}");
    room.round = Some(ballot(&[]));
    house.show.send_replace(Arc::new(shown(room)));
    for (statement, given) in [("3", "agree"), ("-1", "agree"), ("1", "maybe"), ("1", "")] {
        let answer = sends(&house, "/ballot/answer", &pressed(&name, statement, given)).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    }
    assert_eq!(house.desk.wishes(), [""; 0]);
}

/// Every tally of six ballots and the page that it gives: whoever sees the page cannot tell which it was.
#[test]
fn pages_of_tallies_with_the_same_words_are_the_same() {
    let mut pages: std::collections::BTreeMap<String, Vec<[u16; 4]>> = Default::default();
    for agree in 0..=6_u16 {
        for disagree in 0..=6 - agree {
            let tally = [agree, disagree, 6 - agree - disagree, 1];
            let mut room = room([7, 7], 1);
            room.results = vec![
                opening(1, Some(0), &STATEMENTS[..1], &[tally]),
                opening(1, Some(1), &STATEMENTS[..1], &[[6, 0, 0, 1]]),
            ];
            pages.entry(ground(&room)).or_default().push(tally);
        }
    }
    assert!(pages.len() >= 4, "one page for each phrase");
    for tallies in pages.values() {
        let different = |at: usize| {
            let values = tallies.iter().map(|tally| tally[at]);
            values.collect::<std::collections::BTreeSet<u16>>().len()
        };
        assert!(tallies.len() >= 3, "{tallies:?}");
        assert!(different(0) >= 2 && different(1) >= 2, "{tallies:?}");
    }
}

#[test]
fn whoever_asks_for_more_people_is_told_from_as_many_answers_on() {
    let asks_for = |floor: Option<u16>| {
        let mut room = room([9, 9], 1);
        let sides = [[7, 0, 0, 2], [9, 0, 0, 0]];
        room.results = (0..)
            .zip(sides)
            .map(|(side, tally)| {
                let opening = opening(1, Some(side), &STATEMENTS[..1], &[tally]);
                let mut opening = Arc::unwrap_or_clone(opening);
                opening.floor = floor;
                Arc::new(opening)
            })
            .collect();
        ground(&room)
    };
    for (floor, least) in [(6, None), (7, None), (8, Some(8)), (9, Some(8))] {
        let page = asks_for(Some(floor));
        match least {
            Some(least) => {
                let lock = format!("fewer than {least} answers: kept private");
                assert!(page.contains(&lock), "{floor}: {page}");
            }
            None => assert!(!page.contains("kept private"), "{floor}: {page}"),
        }
    }
    assert!(!asks_for(None).contains("kept private"));
}

#[test]
fn a_side_that_is_too_few_has_a_lock_and_no_number_beside_it() {
    let mut room = room([6, 6], 1);
    room.results = vec![
        opening(1, Some(0), &STATEMENTS[..1], &[[6, 0, 0, 0]]),
        opening(1, Some(1), &STATEMENTS[..1], &[[4, 0, 0, 2]]),
    ];
    let page = ground(&room);
    assert!(
        page.contains("fewer than 5 answers: kept private"),
        "{page}"
    );
    assert!(!page.contains(" answered</span>"), "{page}");
    room.results.pop();
    let page = ground(&room);
    assert!(page.contains("no result; too few took part."), "{page}");
}

#[test]
fn a_round_of_two_sides_is_shown_once_both_are_here() {
    let mut room = room([6, 6], 1);
    room.results = vec![opening(1, Some(0), &STATEMENTS[..1], &[[6, 0, 0, 0]])];
    room.round = Some(ballot(&[]));
    assert!(brought(&room).is_empty());
    room.round = None;
    let other = opening(1, Some(1), &STATEMENTS[..1], &[[6, 0, 0, 0]]);
    room.results.push(other);
    assert_eq!(brought(&room).len(), 1, "one page for both");
}

#[test]
fn asked_again_a_statement_stands_beside_what_was_told_before() {
    let mut room = room([8, 8], 1);
    let of = |round, side, tally| opening(round, Some(side), &STATEMENTS[..1], &[tally]);
    room.results = vec![
        of(1, 0, [1, 7, 0, 0]),
        of(1, 1, [8, 0, 0, 0]),
        of(2, 0, [7, 1, 0, 0]),
        of(2, 1, [7, 1, 0, 0]),
    ];
    let page = ground(&room);
    assert!(page.contains("nearly all disagree"), "what it was: {page}");
    assert!(
        page.contains("As it was told before"),
        "one of eight is not told: {page}"
    );
    assert!(
        page.contains("One statement has most of both sides behind it."),
        "{page}"
    );
}

#[test]
fn only_what_makes_the_report_sees_a_count() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !path.is_file() || name == "ground_told.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for count in ["tallies", "Tally"] {
            assert!(!text.contains(count), "{name} names {count}");
        }
    }
}

#[test]
fn no_page_shows_the_name_of_a_sentence_instead_of_it() {
    let text = include_str!("../../../locales/en.ftl");
    let ids = text
        .lines()
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
        .filter(|id| id.contains('-') && !id.starts_with(' '));
    let ids: Vec<String> = ids.map(|id| format!(">{id}<")).collect();
    let every = (0..=12_u16).flat_map(|agree| {
        (0..=12 - agree).map(move |disagree| [agree, disagree, 12 - agree - disagree, 0])
    });
    let tallies: Vec<[u16; 4]> = every.collect();
    let names: Vec<String> = (0..tallies.len())
        .map(|n| format!("Statement {n}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut backwards = tallies.clone();
    backwards.reverse();
    let mut room = room([12, 12], 1);
    room.results = vec![
        opening(1, Some(0), &names, &tallies),
        opening(1, Some(1), &names, &backwards),
    ];
    let page = ground(&room);
    for id in &ids {
        assert!(!page.contains(id.as_str()), "{id}");
    }
    room.results = vec![opening(1, None, &names, &tallies)];
    let page = ground(&room);
    assert!(page.contains("Nothing is known of sides."), "{page}");
    for id in &ids {
        assert!(!page.contains(id.as_str()), "{id}");
    }
}

#[test]
fn what_persons_wrote_is_escaped_on_the_pages_of_answers() {
    const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}drawkcab";
    let mut room = room([6, 6], 1);
    room.sides = vec![HOSTILE.to_owned(), "Oskerry".to_owned()];
    room.results = vec![
        opening(1, Some(0), &[HOSTILE], &[[6, 0, 0, 0]]),
        opening(1, Some(1), &[HOSTILE], &[[0, 6, 0, 0]]),
    ];
    let page = ground(&room);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("dir=\"auto\">&lt;script&gt;"), "{page}");
}

/// Sixty seats, sixty statements: how long a page takes is printed, and no limit is set here.
/// Sixty statements put to two sides of thirty, again and again, each time to another number of people.
fn asked_again(times: u16) -> RoomView {
    let texts: Vec<String> = (0..60)
        .map(|n| format!("Statement {n}: {}", "count the fish together. ".repeat(8)))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let tallies = |shift: u16, ballots: u16| -> Vec<[u16; 4]> {
        let agree = (0..60).map(|n| (n * 7 + shift) % (ballots - 3));
        agree
            .map(|agree| [agree, ballots - 3 - agree, 3, 30 - ballots])
            .collect()
    };
    let mut room = room([30, 30], 1);
    for time in 0..times {
        let round = u8::try_from(time).unwrap_or(u8::MAX);
        for side in 0..2 {
            let tallies = tallies(time * 5 + side * 11, 28 - time % 4 * 6);
            room.results
                .push(opening(round, Some(side), &texts, &tallies));
        }
    }
    room
}

#[test]
fn a_large_page_is_written_and_the_time_is_printed() {
    for times in [1, 2, 6] {
        let room = asked_again(times);
        let mut micros = Vec::new();
        let mut page = String::new();
        for _ in 0..10 {
            let start = Instant::now();
            page = ground(&room);
            micros.push(start.elapsed().as_micros());
        }
        micros.sort_unstable();
        assert_eq!(page.matches("<article").count(), 60);
        println!(
            "common ground, 60 seats, 60 statements, asked {times} times: median {} us, slowest {} us, {} bytes",
            micros[5],
            micros[9],
            page.len()
        );
    }
}
