//! One seat's whole way with the keyboard alone.

use browser::{Browser, ENTER, SPACE, TAB, Window};
use serde_json::Value;

use crate::{
    dialogue::{
        CONVENOR, TITLE, hear_words, invitation, make_vault, seat_by_words, table_of,
        words_read_aloud,
    },
    program::{PASSPHRASE, Program, folder},
};

/// More stops than any page has before the one that is looked for.
const STOPS: usize = 90;

/// What has the focus, in a word.
const FOCUS: &str = "const at = document.activeElement;
    if (!at.matches(':focus')) { return '' }
    const shown = (at.innerText || at.value || at.tagName).replace(/[\\u2068\\u2069]/g, '').trim();
    return at.id ? '#' + at.id : shown";

/// Presses Tab until something with this identity or these first words has the focus, and can be seen to have it.
fn tab_to(browser: &Browser, wanted: &str) {
    let mut passed = Vec::new();
    for _ in 0..STOPS {
        let name = browser.run(FOCUS).as_str().unwrap().to_owned();
        if name == wanted || (!wanted.starts_with('#') && name.starts_with(wanted)) {
            // A field that takes the focus by itself is drawn a moment later.
            browser.until(
                "const seen = getComputedStyle(document.activeElement);
                return seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) >= 2",
            );
            return;
        }
        passed.push(name);
        browser.keys(TAB);
    }
    panic!("{wanted} cannot be reached with Tab; passed: {passed:?}");
}

fn type_into(browser: &Browser, field: &str, text: &str) {
    tab_to(browser, field);
    browser.keys(text);
}

fn press(browser: &Browser, label: &str) {
    tab_to(browser, label);
    browser.keys(ENTER);
}

#[test]
fn a_seat_is_asked_for_taken_and_used_without_a_mouse() {
    let folder = folder();
    let others = Browser::open(&Window::default());
    let mut programs = table_of(
        &others,
        folder.path(),
        &["Ilse Marant", "Maren Skaal", "Runa Feld", "Edda Torven"],
    );
    let text = invitation(&others, &programs[0], 0);
    let program = Program::start(folder.path(), "Orso Wick");
    let browser = Browser::open(&Window::default());
    program.launch(&browser);
    browser.reads("Choose a passphrase");
    type_into(&browser, "#passphrase", PASSPHRASE);
    type_into(&browser, "#again", PASSPHRASE);
    press(&browser, "Make my vault");
    browser.reads("Welcome");
    press(&browser, "Join");
    browser.reads("Join a dialogue");
    type_into(&browser, "#invitation", text.trim());
    type_into(&browser, "#name", "Orso Wick");
    press(&browser, "Ask to join");
    browser.reads("You have asked to join");
    let words = browser.texts("ol.six li");
    let asks = ("Orso Wick", words.as_slice());
    seat_by_words(&others, &programs[0], Some(&programs[1]), asks);
    browser.reads("You are in");
    press(&browser, "Go to the door");
    browser.reads("Before you take your seat");
    press(&browser, "I have read this. Take my seat");
    browser.reads("Plenary");
    programs.push(program);

    let words = words_read_aloud(&others, &programs[0]);
    for other in &programs[1..5] {
        hear_words(&others, other, &words);
    }
    press(&browser, "Table words");
    browser.reads("Which six words do you hear?");
    let line = browser.run(&format!(
        "return [...document.querySelectorAll('input[name=line]')].findIndex(line => line.value === '{}')",
        words.join(" ")
    ));
    pick(&browser, line.as_u64().unwrap());
    press(&browser, "These are the words I hear");
    browser.reads("Plenary");

    type_into(&browser, "#message", "Good morning to both sides.");
    press(&browser, "Send to 6 people, both sides");
    browser.reads("Good morning to both sides.");

    programs[0].page(&others, "/round/ask");
    others.fill("#question", "What now?");
    others.press("Open the Round");
    browser.reads("A Round is open until");
    press(&browser, "Write my statement");
    browser.reads("Hidden among 5");
    type_into(&browser, "#text", "Begin with the ferry.");
    press(&browser, "Add to the Round, hidden among 5");
    browser.reads("Your text is in.");
    press(&browser, "Lock now");
    browser.reads("A Round is open. Lock all the same?");
}

/// The first Space takes the first line; the arrows go on from there.
fn pick(browser: &Browser, line: u64) {
    const DOWN: &str = "\u{E015}";
    let first = "return document.activeElement.name === 'line'";
    for _ in 0..STOPS {
        if browser.run(first) == Value::Bool(true) {
            break;
        }
        browser.keys(TAB);
    }
    browser.keys(SPACE);
    for _ in 0..line {
        browser.keys(DOWN);
    }
    let checked = browser.run(
        "return [...document.querySelectorAll('input[name=line]')].findIndex(line => line.checked)",
    );
    assert_eq!(checked, line);
}

#[test]
fn the_convenors_first_steps_need_no_mouse_either() {
    let folder = folder();
    let program = Program::start(folder.path(), CONVENOR);
    let browser = Browser::open(&Window::default());
    make_vault(&browser, &program);
    press(&browser, "Convene");
    browser.reads("Open a dialogue");
    type_into(&browser, "#title", TITLE);
    type_into(&browser, "#name", CONVENOR);
    press(&browser, "Addresses");
    tab_to(&browser, "#host");
    browser.fill("#host", "127.0.0.1");
    browser.fill("#port", "0");
    press(&browser, "Open the dialogue");
    browser.reads("Before you take your seat");
    press(&browser, "I have read this. Take my seat");
    browser.reads("You are alone so far.");
    press(&browser, "Invite somebody");
    browser.reads("Make an invitation");
    press(&browser, "Make an invitation");
    browser.reads("Invitations to hand over");
}
