//! What people do on the pages, step by step: used by the walk, and by whoever needs a dialogue to begin with.

use browser::Browser;

use crate::program::{PASSPHRASE, Program};

pub const TITLE: &str = "The Sound: fishing water and the ferry";
pub const SIDES: [&str; 2] = ["Arvane", "Oskerry"];
pub const CONVENOR: &str = "Mira Holt";

/// The first page of a fresh program, up to Home.
pub fn make_vault(browser: &Browser, program: &Program) {
    program.launch(browser);
    browser.reads("Choose a passphrase");
    browser.fill("#passphrase", PASSPHRASE);
    browser.fill("#again", PASSPHRASE);
    browser.press("Make my vault");
    browser.reads("Welcome");
}

/// From Home to a table at which the convenor sits alone.
pub fn convene(browser: &Browser, program: &Program) {
    browser.press("Convene");
    browser.reads("Open a dialogue");
    browser.fill("#title", TITLE);
    browser.fill("#side-0", SIDES[0]);
    browser.fill("#side-1", SIDES[1]);
    browser.fill("#name", &program.name);
    browser.press("Addresses");
    browser.fill("#host", "127.0.0.1");
    browser.fill("#port", "0");
    browser.press("Open the dialogue");
    take_seat(browser);
}

/// At the door.
pub fn take_seat(browser: &Browser) {
    browser.reads("Before you take your seat");
    browser.press("I have read this. Take my seat");
    browser.reads("Plenary");
}

/// The text of a new invitation, made on the convenor's page.
pub fn invitation(browser: &Browser, convenor: &Program, side: usize) -> String {
    convenor.page(browser, "/seats");
    browser.run(&format!("document.querySelector('#side').value = {side}"));
    browser.press("Make an invitation");
    browser.reads("Invitations to hand over");
    let newest = browser.count(".invitation");
    browser.value(&format!(".invitation:nth-of-type({newest}) textarea"))
}

/// From Home to waiting for a seat.
pub fn ask_to_join(browser: &Browser, program: &Program, invitation: &str) {
    browser.press("Join");
    browser.reads("Join a dialogue");
    browser.fill("#invitation", invitation);
    browser.fill("#name", &program.name);
    browser.press("Ask to join");
    browser.reads("You have asked to join");
}

/// The convenor approves whoever asks; where the side has a seat, that one vouches.
pub fn seat(browser: &Browser, convenor: &Program, voucher: Option<&Program>, asks: &Program) {
    let words = words_of_a_request(browser, asks);
    seat_by_words(browser, convenor, voucher, (&asks.name, &words));
}

/// The same, where somebody has heard the newcomer's name and words already.
pub fn seat_by_words(
    browser: &Browser,
    convenor: &Program,
    voucher: Option<&Program>,
    (name, words): (&str, &[String]),
) {
    approve(browser, convenor, name);
    if let Some(voucher) = voucher {
        vouching(browser, voucher, name);
        vouch(browser, name, words);
    }
}

/// The convenor's half.
pub fn approve(browser: &Browser, convenor: &Program, name: &str) {
    convenor.page(browser, "/seats");
    browser.reads(&format!("{name} asks for a seat"));
    browser.press(&format!("Approve {name}"));
}

/// The page on which a seat is asked to vouch.
pub fn vouching(browser: &Browser, voucher: &Program, name: &str) {
    voucher.page(browser, "/seats");
    browser.reads(&format!("Do you vouch for {name}?"));
}

/// Finds the words that were read aloud, and vouches.
pub fn vouch(browser: &Browser, name: &str, words: &[String]) {
    browser.choose(&format!("input[value=\"{}\"]", words.join(" ")));
    browser.press(&format!("That is what {name} read to me"));
}

/// The six words that somebody reads aloud who waits for a seat.
pub fn words_of_a_request(browser: &Browser, asks: &Program) -> Vec<String> {
    asks.page(browser, "/waiting");
    browser.reads("Your six words");
    browser.texts("ol.six li")
}

/// From waiting to the table, once the others have agreed.
pub fn enter(browser: &Browser) {
    browser.reads("You are in");
    browser.press("Go to the door");
    take_seat(browser);
}

/// The six words as the convenor reads them aloud.
pub fn words_read_aloud(browser: &Browser, convenor: &Program) -> Vec<String> {
    convenor.page(browser, "/words");
    browser.reads("Read these six words aloud");
    browser.texts("ol.six li")
}

/// A seat picks the line that it hears.
pub fn hear_words(browser: &Browser, program: &Program, words: &[String]) {
    program.page(browser, "/words");
    browser.reads("Which six words do you hear?");
    browser.choose(&format!("input[value=\"{}\"]", words.join(" ")));
    browser.press("These are the words I hear");
    browser.reads("Plenary");
}

/// Says something in the room that is on the screen.
pub fn say(browser: &Browser, text: &str) {
    browser.fill("#message", text);
    browser.press("Send to");
    browser.reads("Undo");
}

/// Everybody at the table: the convenor first, then seats of both sides in turn.
pub fn table_of(browser: &Browser, folder: &std::path::Path, names: &[&str]) -> Vec<Program> {
    let in_turn = names.iter().zip([0, 1].into_iter().cycle());
    let seats: Vec<_> = in_turn.map(|(name, side)| (*name, side)).collect();
    table_with(browser, folder, &seats)
}

/// Everybody at the table: the convenor first, then these people, each with the place of their side.
pub fn table_with(
    browser: &Browser,
    folder: &std::path::Path,
    seats: &[(&str, usize)],
) -> Vec<Program> {
    let convenor = Program::start(folder, CONVENOR);
    make_vault(browser, &convenor);
    convene(browser, &convenor);
    let mut programs = vec![convenor];
    for (place, (name, side)) in seats.iter().enumerate() {
        let program = Program::start(folder, name);
        let invitation = invitation(browser, &programs[0], *side);
        make_vault(browser, &program);
        ask_to_join(browser, &program, &invitation);
        let first_of_side = seats.iter().position(|(_, other)| other == side);
        let voucher = first_of_side.filter(|first| *first < place);
        let voucher = voucher.map(|first| &programs[1 + first]);
        seat(browser, &programs[0], voucher, &program);
        program.page(browser, "/waiting");
        enter(browser);
        programs.push(program);
    }
    programs
}

/// Every seat hears the same six words.
pub fn compare_words(browser: &Browser, programs: &[Program]) {
    let words = words_read_aloud(browser, &programs[0]);
    for program in &programs[1..] {
        hear_words(browser, program, &words);
    }
}

/// Presses these answers, one statement after the other, of so many in all.
pub fn give_answers(browser: &Browser, answers: &[&str], all: usize) {
    for (given, answer) in (1..).zip(answers) {
        browser.press(answer);
        browser.reads(&format!("{given} of {all} answered"));
    }
}
