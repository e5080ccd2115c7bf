//! A dialogue from a fresh program to a locked vault, as seven people walk through it.

use browser::{Browser, Window};

use crate::{
    dialogue::{
        CONVENOR, approve, ask_to_join, convene, enter, give_answers, hear_words, invitation,
        make_vault, say, seat, vouch, vouching, words_of_a_request, words_read_aloud,
    },
    looks::examine,
    program::{PASSPHRASE, Program, folder},
};

const PEOPLE: [&str; 6] = [
    "Ilse Marant",
    "Maren Skaal",
    "Runa Feld",
    "Edda Torven",
    "Orso Wick",
    "Hanne Osk",
];

const QUESTION: &str = "What would you need to hear from the other side to stop boarding boats?";

const TEXTS: [&str; 6] = [
    "That March was a mistake. One sentence, from somebody whose name we know.",
    "That nobody of ours is charged for fishing where his father fished.",
    "A telephone number that is answered at night.",
    "Nothing. Somebody has to begin, and it may be us.",
    "That the ferry sails in winter, whatever else happens.",
    "يجب أن تحمل العبّارة العلمين معًا، أو لا شيء.",
];

#[test]
fn seven_people_hold_a_dialogue_on_their_pages() {
    let folder = folder();
    let (main, second) = (
        Browser::open(&Window::default()),
        Browser::open(&Window::default()),
    );
    let mut programs = gather(&main, folder.path());
    compare_words(&main, &programs);
    talk(&main, &second, &programs);
    keep_apart(&main, &programs);
    hold_a_round(&main, &second, &programs);
    ask_for_answers(&main, &programs);
    remove_a_seat(&main, &programs);
    lock_and_open(&main, &mut programs);
    keep_the_relay(&main, &mut programs);
}

/// The convenor opens a dialogue, six others join; from a fresh program to the plenary in eight clicks at most.
fn gather(browser: &Browser, folder: &std::path::Path) -> Vec<Program> {
    let convenor = Program::start(folder, CONVENOR);
    convenor.launch(browser);
    examine(browser, "first-start");
    let convenor = convenor.restart();
    browser.reset_clicks();
    make_vault(browser, &convenor);
    convenor.page(browser, "/convene");
    examine(browser, "convene");
    convenor.page(browser, "/");
    convene(browser, &convenor);
    assert!(
        browser.clicks() <= 8,
        "the convenor clicked {}",
        browser.clicks()
    );
    let mut programs = vec![convenor];
    for (place, name) in PEOPLE.iter().enumerate() {
        let text = invitation(browser, &programs[0], place % 2);
        if place == 1 {
            examine(browser, "seats");
        }
        let program = Program::start(folder, name);
        browser.reset_clicks();
        make_vault(browser, &program);
        if place == 0 {
            examine(browser, "home");
            program.page(browser, "/join");
            examine(browser, "join");
            program.page(browser, "/");
        }
        ask_to_join(browser, &program, &text);
        if place == 0 {
            examine(browser, "waiting");
        }
        let asked = browser.clicks();
        match place {
            2 => other_words_let_nobody_in(browser, &programs, &program),
            _ => {
                let voucher = (place > 2).then(|| &programs[1 + place % 2]);
                seat(browser, &programs[0], voucher, &program);
            }
        }
        program.page(browser, "/waiting");
        browser.reset_clicks();
        if place == 0 {
            browser.reads("You are in");
            browser.press("Go to the door");
            examine(browser, "door");
            program.page(browser, "/waiting");
        }
        enter(browser);
        let clicks = asked + browser.clicks();
        assert!(clicks <= 8, "{name} clicked {clicks} times");
        programs.push(program);
    }
    programs
}

/// Whoever is asked to vouch finds the words that the newcomer reads aloud, or does not vouch.
fn other_words_let_nobody_in(browser: &Browser, programs: &[Program], asks: &Program) {
    let words = words_of_a_request(browser, asks);
    assert_eq!(words.len(), 6);
    approve(browser, &programs[0], &asks.name);
    vouching(browser, &programs[1], &asks.name);
    examine(browser, "vouch");
    browser.choose("input[value=none]");
    browser.press(&format!("That is what {} read to me", asks.name));
    browser.reads("Do not vouch");
    examine(browser, "vouch-stop");
    vouching(browser, &programs[1], &asks.name);
    vouch(browser, &asks.name, &words);
}

/// The words are the same on two screens; a wrong line stops a person.
fn compare_words(browser: &Browser, programs: &[Program]) {
    let words = words_read_aloud(browser, &programs[0]);
    assert_eq!(words.len(), 6);
    programs[1].page(browser, "/words");
    examine(browser, "words");
    let lines = browser.count("input[name=line]");
    assert_eq!(lines, 4, "three lines, and none of these");
    browser.choose("input[value=none]");
    browser.press("These are the words I hear");
    browser.reads("Stop here for now");
    examine(browser, "words-stop");
    for program in &programs[1..] {
        hear_words(browser, program, &words);
    }
    programs[0].page(browser, "/words");
    browser.press("I have read them aloud");
    programs[1].page(browser, "/words");
    browser.reads("You have checked these words");
    assert_eq!(browser.texts("ol.six li"), words, "the same on two screens");
}

/// A message is taken back; another one leaves, is read and answered.
fn talk(main: &Browser, second: &Browser, programs: &[Program]) {
    programs[1].page(main, "/table");
    say(main, "A word too many.");
    main.press("Undo");
    main.reads_not("Undo,");
    assert_eq!(
        main.value("#message"),
        "A word too many.",
        "nothing typed is lost"
    );
    main.fill(
        "#message",
        "Three months without boarding would need somebody to count.",
    );
    main.press("Send to 7 people, both sides");
    main.reads("Going to 7 people, both sides.");
    programs[2].launch_again(second);
    second.reads("Your dialogue");
    programs[2].page(second, "/table");
    second.reads("Three months without boarding");
    second.reads_not("A word too many.");
    second.press("Reply");
    second.reads("To Ilse Marant:");
    say(
        second,
        "One number at one harbour office would count for both.",
    );
    main.reads("One number at one harbour office");
    assert_eq!(main.count(".reply"), 1);
}

/// The caucus is one side's alone, and cannot be taken for the plenary.
fn keep_apart(browser: &Browser, programs: &[Program]) {
    programs[1].page(browser, "/caucus");
    browser.reads("Caucus of Arvane");
    browser.fill("#message", "If we say banks, they hear all the banks.");
    browser.press("Send to 3 people, Arvane only");
    browser.reads("If we say banks");
    programs[3].page(browser, "/caucus");
    browser.reads("If we say banks");
    browser.reads("Beyond this wall: Oskerry, the convenor.");
    examine(browser, "caucus");
    for outside in [&programs[0], &programs[2]] {
        outside.page(browser, "/caucus");
        browser.reads_not("If we say banks");
    }
    assert!(browser.text(".band").contains("Caucus of Oskerry"));
}

/// Six write; all texts appear on every page at once, in one order.
fn hold_a_round(main: &Browser, second: &Browser, programs: &[Program]) {
    programs[0].page(main, "/table");
    main.press("Ask everybody in a Round");
    examine(main, "ask");
    main.fill("#question", QUESTION);
    main.press("Open the Round to 6 seats");
    main.reads("A Round is open until");
    examine(main, "table-convenor");
    for (program, text) in programs[1..].iter().zip(TEXTS) {
        program.page(main, "/table");
        main.reset_clicks();
        main.press("Write my statement");
        main.reads("Hidden among 6");
        if text == TEXTS[0] {
            examine(main, "round-write");
        }
        main.fill("#text", text);
        main.press("Add to the Round, hidden among 6");
        assert!(main.clicks() <= 2, "{} clicks", main.clicks());
        main.reads("Your text is in.");
    }
    examine(main, "round-collect");
    programs[1].page(main, "/table");
    main.reads("6 seats are in so far.");
    programs[0].page(main, "/round");
    main.press("Close now");
    second.reads("From the last Round, without names");
    for text in TEXTS {
        second.reads(text);
    }
    main.reads("The texts are here");
    let mut orders = Vec::new();
    for program in programs {
        program.page(main, "/rounds");
        main.reads("Closed");
        program.page(main, "/rounds/1");
        orders.push(main.texts(".statements > li"));
    }
    let mut sorted = orders[0].clone();
    sorted.sort();
    let mut expected = TEXTS.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(sorted, expected, "every text once, and nothing else");
    orders.dedup();
    assert_eq!(orders.len(), 1, "one order on every page");
    examine(main, "round-result");
    programs[1].page(main, "/rounds");
    examine(main, "rounds");
    programs[1].page(main, "/table");
    examine(main, "table");
    main.press("Discuss this");
    assert!(main.value("#message").starts_with('“'));
}

/// The six texts are put to everybody: sides of three are too small, so there is one result for the room. Five
/// agree with all; one disagrees with the first and leaves the rest.
fn ask_for_answers(browser: &Browser, programs: &[Program]) {
    programs[0].page(browser, "/round/ask");
    browser.press("Ask for answers to statements instead");
    browser.reads("has 3 seats that can take part");
    browser.reads("One result for the whole room");
    examine(browser, "ballot-ask");
    browser.fill("#question", "Where do you stand?");
    browser.press("Open the Round to 6 seats");
    browser.reads("A Round is open until");
    for (seat, program) in programs[1..].iter().enumerate() {
        program.page(browser, "/table");
        browser.press("Answer the statements");
        browser.reads("0 of 6 answered");
        browser.reads("hidden among 6");
        match seat {
            5 => give_answers(browser, &["I disagree"], TEXTS.len()),
            _ => give_answers(browser, &["I agree"; TEXTS.len()], TEXTS.len()),
        }
        if seat == 5 {
            examine(browser, "ballot");
            browser.press("See all, and finish");
            browser.reads("Finish, leaving 5 unanswered");
            examine(browser, "ballot-review");
        }
        browser.press("Finish");
        browser.reads("Your answers are in.");
    }
    programs[0].page(browser, "/round");
    browser.press("Close now: collect the answers");
    browser.reads("The result is here");
    let mut pages = Vec::new();
    for program in programs {
        program.page(browser, "/ground");
        browser.reads("One statement has most of the room behind it. 5 are open.");
        browser.reads("Nothing is known of sides.");
        pages.push(browser.texts(".result"));
    }
    examine(browser, "common-ground");
    pages.dedup();
    assert_eq!(pages.len(), 1, "the same page for all");
}

/// A seat is removed, and everybody sees it.
fn remove_a_seat(browser: &Browser, programs: &[Program]) {
    programs[0].page(browser, "/seats/leave?seat=6");
    browser.reads("Remove Hanne Osk from the dialogue?");
    examine(browser, "leave");
    browser.press("Remove Hanne Osk");
    browser.reads("No longer here");
    programs[1].page(browser, "/table");
    browser.reads("6 people: all sides and the convenor");
    programs[6].page(browser, "/table");
    browser.reads("Your seat was removed.");
}

/// A closed vault shows nothing; five wrong passphrases open nothing; the right one goes on.
fn lock_and_open(browser: &Browser, programs: &mut [Program]) {
    programs[1].page(browser, "/table");
    browser.press("Lock now");
    browser.reads("Your vault is closed");
    examine(browser, "locked");
    programs[1].page(browser, "/table");
    browser.reads("Your vault is closed");
    for told in [
        "Try again",
        "either",
        "Caps Lock",
        "Caps Lock",
        "wrong 5 times",
    ] {
        browser.fill("#passphrase", "not this one");
        browser.press("Open");
        browser.reads(told);
    }
    browser.fill("#passphrase", PASSPHRASE);
    browser.press("Open");
    browser.reads("Your dialogue");
    examine(browser, "home-seated");
    browser.press("Go to the table");
    browser.reads("Three months without boarding");
    programs[1].page(browser, "/settings");
    examine(browser, "settings");
    programs[1].page(browser, "/limits");
    examine(browser, "limits");
}

/// The convenor's program is started again: its relay goes on, though its vault is still closed.
fn keep_the_relay(browser: &Browser, programs: &mut Vec<Program>) {
    let convenor = programs.remove(0).restart();
    convenor.launch(browser);
    browser.reads("Your vault is closed");
    programs.insert(0, convenor);
    programs[2].page(browser, "/table");
    browser.fill("#message", "Are we still heard?");
    browser.press("Send to");
    programs[1].page(browser, "/table");
    browser.reads("Are we still heard?");
}
