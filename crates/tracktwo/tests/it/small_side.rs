//! A dialogue with a side too small for ballots: it answers as one, by name, while the other side is hidden.

use browser::{Browser, Window};

use crate::{
    dialogue::{compare_words, give_answers, table_with},
    looks::examine,
    program::{Program, folder},
};

const SEATS: [(&str, usize); 8] = [
    ("Ilse Marant", 0),
    ("Runa Feld", 0),
    ("Orso Wick", 0),
    ("Tamsin Reed", 0),
    ("Jory Penhale", 0),
    ("Maren Skaal", 1),
    ("Edda Torven", 1),
    ("Hanne Osk", 1),
];

const STATEMENTS: [&str; 4] = [
    "A telephone number that is answered at night would help both.",
    "Boarding stops for the three months of the talks.",
    "The ferry sails in winter, whatever else happens.",
    "The spawning ground is closed for two years.",
];

/// What each seat of the larger side presses; all agree with the first two.
const BALLOTS: [[&str; 4]; 5] = [
    ["I agree", "I agree", "I agree", "I agree"],
    ["I agree", "I agree", "I disagree", "I agree"],
    ["I agree", "I agree", "I disagree", "I disagree"],
    ["I agree", "I agree", "I disagree", "I disagree"],
    ["I agree", "I agree", "I disagree", "Pass"],
];

/// What each seat of the small side ticks. On the last statement no two of them say the same.
const VOTES: [[&str; 4]; 3] = [
    ["agree", "disagree", "pass", "agree"],
    ["agree", "disagree", "pass", "disagree"],
    ["agree", "agree", "disagree", "pass"],
];

/// What the result says of the sides: on no page before the Round is over, on every common-ground page after it.
const TOLD: [&str; 8] = [
    "most agree",
    "most disagree",
    "divided",
    "agrees, as a bloc",
    "disagrees, as a bloc",
    "passes, as a bloc",
    "no answer, as a bloc",
    "answered as one",
];

/// What only the small side's own page says, while it agrees.
const AMONG_THEMSELVES: [&str; 4] = [
    "have said something",
    "Agreed: our side",
    "has handed this to the plenary",
    "Hand this to the plenary",
];

const PAGES: [&str; 6] = [
    "/table", "/caucus", "/round", "/rounds", "/ground", "/seats",
];

#[test]
fn a_side_too_small_for_ballots_answers_as_one() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let programs = table_with(&browser, folder.path(), &SEATS);
    compare_words(&browser, &programs);
    let (convenor, seats) = programs.split_first().unwrap();
    let (larger, small) = seats.split_at(BALLOTS.len());
    ask(&browser, convenor);
    for program in seats {
        program.page(&browser, "/table");
        browser.reads("A Round is open until");
    }
    answer(&browser, &larger[0], &BALLOTS[0]);
    let outside = [convenor, &larger[0]];
    let before = outside.map(|program| shown(&browser, program));

    for (program, ballot) in larger.iter().zip(&BALLOTS).skip(1) {
        answer(&browser, program, ballot);
    }
    agree(&browser, small);
    hand_over(&browser, small);

    let after = outside.map(|program| shown(&browser, program));
    for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
        assert_eq!(before, after, "what others answer changes no page");
    }
    nothing_is_told(&browser, &programs, small.len());
    close(&browser, convenor);
    everybody_reads_the_same(&browser, &programs);
}

/// The page says what becomes of the small side before anything is opened.
fn ask(browser: &Browser, convenor: &Program) {
    convenor.page(browser, "/ballot/ask");
    browser.reads("Oskerry has 3 seats that can take part.");
    browser.reads(
        "A side with too few seats agrees on one answer to each statement in its caucus, by name",
    );
    browser.reads("Arvane has just 5 seats");
    browser.fill("#question", "Where do you stand?");
    browser.fill("#more", &STATEMENTS.join("\n"));
    browser.choose("input[value=blocs]");
    examine(browser, "small-side-ask");
    browser.press("Open the Round to 8 seats");
    browser.reads("A Round is open until");
}

/// One statement a screen, hidden among the own side.
fn answer(browser: &Browser, program: &Program, ballot: &[&str]) {
    program.page(browser, "/table");
    browser.press("Answer the statements");
    browser.reads("hidden among the 5 of your side, at least 5");
    assert_eq!(browser.text("#statement"), STATEMENTS[0]);
    give_answers(browser, ballot, STATEMENTS.len());
    browser.press("Finish");
    browser.reads("Your answers are in.");
}

/// Each seat says by name what it would answer; two of three are enough.
fn agree(browser: &Browser, small: &[Program]) {
    for (place, (program, vote)) in small.iter().zip(&VOTES).enumerate() {
        program.page(browser, "/table");
        browser.reads("It answers as one, agreed in your caucus and by name.");
        browser.reads_not("nobody can tell");
        browser.reads_not("It needs at least");
        browser.press("Answer the statements");
        browser.reads("Your side answers as one");
        browser.reads_not("hidden among");
        browser.reads(&format!("{place} of 3 have said something."));
        if place == 1 {
            browser.refresh();
            browser.reads("Agree: Maren Skaal");
            browser.reads_not("Hand this to the plenary");
        }
        for (statement, answer) in vote.iter().enumerate() {
            browser.choose(&format!("input[name=answer-{statement}][value={answer}]"));
        }
        if place == 1 {
            examine(browser, "small-side-voting");
        }
        browser.press("Say this in our caucus");
        browser.reads("You have answered 4 of 4");
    }
    browser.reads("3 of 3 have said something.");
    browser.press("See what the others have said since");
    browser.reads("Your caucus agrees on 3 of 4 statements");
    browser.reads("Nothing is handed to the plenary yet.");
    let agreed = browser.texts(".review b").into_iter();
    let agreed: Vec<String> = agreed.filter(|text| text.starts_with("Agreed")).collect();
    assert_eq!(
        agreed,
        [
            "Agreed: our side agrees",
            "Agreed: our side disagrees",
            "Agreed: our side passes",
        ]
    );
    examine(browser, "small-side-agreed");
}

/// One of them does it, another one sees who did.
fn hand_over(browser: &Browser, small: &[Program]) {
    browser.press("Hand this to the plenary");
    browser.reads("Hanne Osk has handed this to the plenary.");
    examine(browser, "small-side-handed-over");
    small[0].page(browser, "/round");
    browser.reads("Hanne Osk has handed this to the plenary.");
}

/// All that somebody's pages say, but for the clocks and for how long the log is: that something was handed over
/// is known to all, as one more entry of the plenary; what it was is not.
fn shown(browser: &Browser, program: &Program) -> Vec<String> {
    let page = |path: &&str| {
        program.page(browser, path);
        let text = browser.run(
            "const apart = '.plan, .clock, [aria-labelledby=same]';
            document.querySelectorAll(apart).forEach(one => one.remove());
            return document.body.innerText",
        );
        format!("{path}: {}", text.as_str().unwrap())
    };
    PAGES.iter().map(page).collect()
}

/// How often any of these words stands in the whole source of any of somebody's pages.
fn occurrences(browser: &Browser, program: &Program, pages: &[&str], words: &[&str]) -> usize {
    let on_page = |path: &&str| {
        program.page(browser, path);
        let source = browser
            .run("return document.documentElement.outerHTML.replace(/[\\u2068\\u2069]/g, '')");
        let source = source.as_str().unwrap().to_owned();
        words
            .iter()
            .map(|words| source.matches(words).count())
            .sum::<usize>()
    };
    pages.iter().map(on_page).sum()
}

/// The last ones of the programs are the small side's; only they see what they agree on.
fn nothing_is_told(browser: &Browser, programs: &[Program], small: usize) {
    for (place, program) in programs.iter().enumerate() {
        let name = &program.name;
        assert_eq!(occurrences(browser, program, &PAGES, &TOLD), 0, "{name}");
        let own = occurrences(browser, program, &PAGES, &AMONG_THEMSELVES);
        let is_small = place >= programs.len() - small;
        assert_eq!(own > 0, is_small, "{name} reads {own} of the small side");
    }
}

fn close(browser: &Browser, convenor: &Program) {
    convenor.page(browser, "/round");
    browser.press("Close now: collect the answers");
    browser.reads("The result is here");
}

/// The larger side's words, and the small side's answer as a bloc.
fn everybody_reads_the_same(browser: &Browser, programs: &[Program]) {
    let mut pages = Vec::new();
    for program in programs {
        program.page(browser, "/round");
        browser.reads("The result is here");
        program.page(browser, "/ground");
        browser.reads("Arvane: 5 seats took part. Oskerry answered as one.");
        for words in TOLD {
            let found = occurrences(browser, program, &["/ground"], &[words]);
            assert!(found > 0, "{} does not read {words:?}", program.name);
        }
        pages.push(browser.texts(".result"));
    }
    examine(browser, "small-side-result");
    pages.dedup();
    let [page] = pages.as_slice() else {
        panic!("not the same on every screen: {pages:#?}");
    };
    let told = [
        ["most agree", "agrees, as a bloc", "Arvane: 5 of 5 answered"],
        [
            "most agree",
            "disagrees, as a bloc",
            "most of Oskerry disagree",
        ],
        [
            "most disagree",
            "passes, as a bloc",
            "Arvane: 5 of 5 answered",
        ],
        ["divided", "no answer, as a bloc", "Oskerry gave none"],
    ];
    for (statement, [larger, small, besides]) in STATEMENTS.iter().zip(told) {
        let result = page.iter().find(|result| result.starts_with(statement));
        let result = result.unwrap();
        let lines: Vec<&str> = result.lines().map(str::trim).collect();
        let after = |side: &str| lines.iter().skip_while(|line| **line != side).nth(1);
        assert_eq!(after("Arvane"), Some(&larger), "{result}");
        assert_eq!(after("Oskerry"), Some(&small), "{result}");
        assert!(result.contains(besides), "{result}");
    }
}
