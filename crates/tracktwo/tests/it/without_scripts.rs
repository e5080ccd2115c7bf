//! One seat's whole way in a browser that runs no scripts: pages are loaded again instead of living.

use browser::{Browser, Window};

use crate::{
    dialogue::{
        ask_to_join, enter, give_answers, hear_words, invitation, make_vault, seat_by_words,
        table_of, words_read_aloud,
    },
    program::{PASSPHRASE, Program, folder},
};

#[test]
fn a_seat_is_asked_for_taken_and_used_without_scripts() {
    let folder = folder();
    let others = Browser::open(&Window::default());
    let people = ["Ilse Marant", "Maren Skaal", "Runa Feld", "Edda Torven"];
    let programs = table_of(&others, folder.path(), &people);
    let text = invitation(&others, &programs[0], 0);
    let program = Program::start(folder.path(), "Orso Wick");
    let browser = Browser::open(&Window {
        scripts: false,
        ..Window::default()
    });
    make_vault(&browser, &program);
    ask_to_join(&browser, &program, &text);
    let words = browser.texts("ol.six li");
    let asks = ("Orso Wick", words.as_slice());
    seat_by_words(&others, &programs[0], Some(&programs[1]), asks);
    program.page(&browser, "/waiting");
    enter(&browser);
    let words = words_read_aloud(&others, &programs[0]);
    for other in &programs[1..] {
        hear_words(&others, other, &words);
    }
    hear_words(&browser, &program, &words);

    talk(&others, &browser, &programs, &program);

    programs[0].page(&others, "/round/ask");
    others.fill("#question", "What now?");
    others.press("Open the Round");
    others.reads("A Round is open until");
    for other in &programs[1..] {
        other.page(&others, "/table");
        others.reads("A Round is open until");
    }
    program.page(&browser, "/table");
    browser.reads("A Round is open until");
    browser.press("Write my statement");
    browser.fill("#text", "Begin with the ferry.");
    browser.press("Add to the Round, hidden among 5");
    browser.reads("Your text is in.");
    browser.press("Change my text");
    assert_eq!(browser.value("#text"), "Begin with the ferry.");
    browser.press("Add to the Round, hidden among 5");
    browser.reads("5 seats are in so far.");
    programs[0].page(&others, "/round");
    others.press("Close now");
    others.reads("The texts are here");
    // This seat's program reads the texts in its own time.
    program.page(&browser, "/rounds");
    browser.reads("Closed");
    program.page(&browser, "/rounds/1");
    browser.reads("Begin with the ferry.");
    ask_for_answers(&browser, &programs[0]);
    answer_back_and_forth(&browser, &program);
    read_the_result(&others, &browser, &programs, &program);

    program.page(&browser, "/seats");
    browser.reads("Same words, same history");
    browser.press("Lock now");
    browser.reads("Your vault is closed");
    browser.fill("#passphrase", PASSPHRASE);
    browser.press("Open");
    browser.reads("Your dialogue");
}

/// A message is taken back, another one read; the caucus has its own.
fn talk(others: &Browser, browser: &Browser, programs: &[Program], program: &Program) {
    browser.fill("#message", "A word too many.");
    browser.press("Send to 6 people, both sides");
    browser.reads("Going to 6 people, both sides.");
    browser.press("Undo");
    assert_eq!(browser.value("#message"), "A word too many.");
    browser.reads_not("Going to");
    browser.fill("#message", "Good morning to both sides.");
    browser.press("Send to 6 people, both sides");
    programs[2].page(others, "/table");
    others.reads("Good morning to both sides.");
    program.page(browser, "/caucus");
    browser.reads("Caucus of Arvane");
    browser.fill("#message", "Among ourselves.");
    browser.press("Send to 3 people, Arvane only");
    browser.reads("Going to 3 people, Arvane only.");
}

/// The convenor puts the text that came and two more statements to everybody.
fn ask_for_answers(browser: &Browser, convenor: &Program) {
    convenor.launch_again(browser);
    browser.reads("Your dialogue");
    convenor.page(browser, "/table");
    browser.press("Ask everybody in a Round");
    browser.press("Ask for answers to statements instead");
    browser.reads("Begin with the ferry.");
    browser.fill("#question", "Where do you stand?");
    browser.fill("#more", "Then the quota.\nThen the boardings.");
    browser.reads("One result for the whole room");
    browser.press("Open the Round to 5 seats");
    browser.reads("A Round is open until");
}

/// Each statement on a page of its own: forth, back, over one of them, and to the end by way of all of them.
fn answer_back_and_forth(browser: &Browser, program: &Program) {
    program.page(browser, "/table");
    browser.reads("A Round is open until");
    browser.press("Answer the statements");
    browser.reads("0 of 3 answered");
    let first = browser.text("#statement");
    browser.reads_not("Take this answer back");
    browser.press("I agree");
    browser.reads("1 of 3 answered");
    let second = browser.text("#statement");
    assert_ne!(first, second, "an answer leads to the next statement");
    browser.press("Back");
    assert_eq!(browser.text("#statement"), first);
    assert_eq!(pressed(browser), ["I agree"], "what was answered is shown");
    browser.press("I disagree");
    assert_eq!(browser.text("#statement"), second);
    browser.reads("1 of 3 answered");
    browser.press("Leave it unanswered");
    assert_eq!(browser.text("#statement"), "Then the boardings.");
    browser.press("Pass");
    browser.reads("Your answers");
    browser.reads("Finish, leaving 1 unanswered");
    browser.press("Answer statement 2");
    assert_eq!(browser.text("#statement"), second);
    browser.press("I agree");
    browser.reads("3 of 3 answered");
    let given = browser.texts(".review b");
    assert_eq!(given, ["I disagree", "I agree", "Pass"]);
    browser.press("Finish");
    browser.reads("Your answers are in.");
    browser.press("Change my answers");
    browser.press("Change statement 3");
    browser.press("Take this answer back");
    browser.reads("Finish, leaving 1 unanswered");
    browser.press("Change statement 1");
    browser.press("Back to all answers");
    browser.press("Answer statement 3");
    browser.press("I agree");
    browser.press("Finish");
    browser.reads("Your answers are in.");
}

/// The button that is marked as the answer given.
fn pressed(browser: &Browser) -> Vec<String> {
    browser.texts(".answers [aria-pressed=true] b")
}

/// The others agree with all three; the convenor closes, and everybody reads the same.
fn read_the_result(others: &Browser, browser: &Browser, programs: &[Program], program: &Program) {
    for other in &programs[1..] {
        other.page(others, "/table");
        others.reads("A Round is open until");
        others.press("Answer the statements");
        give_answers(others, &["I agree"; 3], 3);
        others.press("Finish");
        others.reads("Your answers are in.");
    }
    program.page(browser, "/ground");
    browser.reads_not("most agree");
    programs[0].page(browser, "/round");
    browser.press("Close now: collect the answers");
    browser.reads("The result is here");
    browser.press("See the common ground");
    browser.reads("3 statements have most of the room behind them.");
    let told = browser.texts(".result");
    assert_eq!(told.len(), 3);
    for statement in &told {
        assert!(statement.contains("most agree"), "{statement}");
        assert!(statement.contains("5 of 5 answered"), "{statement}");
    }
    program.page(browser, "/ground");
    assert_eq!(browser.texts(".result"), told, "the same on two screens");
    browser.press("The same as a table");
    assert_eq!(browser.count("tbody tr"), 3);
}
