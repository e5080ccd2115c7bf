//! One seat's whole way in a browser that runs no scripts: pages are loaded again instead of living.

use browser::{Browser, Window};

use crate::{
    dialogue::{
        ask_to_join, enter, hear_words, invitation, make_vault, seat, table_of, words_read_aloud,
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
    seat(&others, &programs[0], Some(&programs[1]), "Orso Wick");
    program.page(&browser, "/waiting");
    enter(&browser);
    let words = words_read_aloud(&others, &programs[0]);
    for other in &programs[1..] {
        hear_words(&others, other, &words);
    }
    hear_words(&browser, &program, &words);

    browser.fill("#message", "A word too many.");
    browser.press("Send to 6 people, both sides");
    browser.reads("Going to 6 people, both sides.");
    browser.press("Undo");
    assert_eq!(browser.value("#message"), "A word too many.");
    browser.reads_not("Going to");
    browser.fill("#message", "Good morning to both sides.");
    browser.press("Send to 6 people, both sides");
    programs[2].page(&others, "/table");
    others.reads("Good morning to both sides.");
    program.page(&browser, "/caucus");
    browser.reads("Caucus of Arvane");
    browser.fill("#message", "Among ourselves.");
    browser.press("Send to 3 people, Arvane only");
    browser.reads("Going to 3 people, Arvane only.");

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
    program.page(&browser, "/rounds/1");
    browser.reads("Begin with the ferry.");

    program.page(&browser, "/seats");
    browser.reads("Same words, same history");
    browser.press("Lock now");
    browser.reads("Your vault is closed");
    browser.fill("#passphrase", PASSPHRASE);
    browser.press("Open");
    browser.reads("Your dialogue");
}
