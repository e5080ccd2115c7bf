//! What is typed wrong, on every form: a plain sentence with what to do, and nothing typed is lost.

use browser::{Browser, Window};
use participant::{Invitation, Relays};
use room::{Role, SideId};
use wire::{CreationSecret, Fingerprint, GrantSecret, MailboxId, RelayAddress, Timestamp};
use zeroize::Zeroizing;

use crate::{
    dialogue::{
        CONVENOR, SIDES, TITLE, ask_to_join, convene, hear_words, invitation, make_vault, table_of,
        words_read_aloud,
    },
    program::{PASSPHRASE, Program, folder},
};

/// The browser's own checks come first, as a rule; here the program has to answer by itself.
fn send(browser: &Browser, button: &str) {
    browser.run("document.querySelectorAll('main form').forEach(form => form.noValidate = true)");
    browser.press(button);
}

/// Puts a text into a field without regard to the field's own limits.
fn force(browser: &Browser, field: &str, text: &str) {
    browser.run(&format!(
        "document.querySelector('{field}').value = {text:?}"
    ));
}

fn nowhere() -> RelayAddress {
    RelayAddress {
        host: "127.0.0.1".to_owned(),
        port: 9,
        fingerprint: Fingerprint::new([7; 32]),
    }
}

#[test]
fn a_vault_is_not_made_with_a_bad_passphrase() {
    let folder = folder();
    let (browser, program) = (
        Browser::open(&Window::default()),
        Program::start(folder.path(), CONVENOR),
    );
    program.launch(&browser);
    for (first, again, says) in [
        ("short", "short", "A passphrase has at least 8 letters;"),
        (PASSPHRASE, "another one", "The two are not the same."),
        ("", "", "A passphrase has at least 8 letters;"),
    ] {
        browser.fill("#passphrase", first);
        browser.fill("#again", again);
        send(&browser, "Make my vault");
        browser.reads(says);
    }
    let long = "long ".repeat(2_000);
    force(&browser, "#passphrase", &long);
    force(&browser, "#again", &long);
    send(&browser, "Make my vault");
    browser.reads("This is longer than the vault takes.");
    make_vault_from_here(&browser);
    program.page(&browser, "/settings");
    for (old, new, again, says) in [
        (
            "not this one",
            PASSPHRASE,
            PASSPHRASE,
            "The passphrase of now is another one.",
        ),
        (
            PASSPHRASE,
            "a new one entirely",
            "a newer one",
            "The two are not the same.",
        ),
        (
            PASSPHRASE,
            "short",
            "short",
            "A passphrase has at least 8 letters;",
        ),
    ] {
        browser.fill("#old", old);
        browser.fill("#new", new);
        browser.fill("#again", again);
        browser.press("Change the passphrase");
        browser.reads(says);
    }
}

fn make_vault_from_here(browser: &Browser) {
    browser.fill("#passphrase", PASSPHRASE);
    browser.fill("#again", PASSPHRASE);
    browser.press("Make my vault");
    browser.reads("Welcome");
}

#[test]
fn a_dialogue_is_not_opened_with_a_bad_form() {
    let folder = folder();
    let (browser, program) = (
        Browser::open(&Window::default()),
        Program::start(folder.path(), CONVENOR),
    );
    make_vault(&browser, &program);
    browser.press("Convene");
    browser.reads("Open a dialogue");
    browser.fill("#title", TITLE);
    browser.fill("#name", CONVENOR);
    browser.press("Addresses");
    browser.fill("#host", "127.0.0.1");
    browser.fill("#port", "0");
    let long = "x".repeat(200);
    let secret = CreationSecret::new([7; 32]).to_text().to_string();
    for (field, wrong, right, says) in [
        ("#title", "", TITLE, "Give the dialogue a title."),
        (
            "#title",
            long.as_str(),
            TITLE,
            "A name or title is too long",
        ),
        (
            "#side-1",
            "",
            SIDES[1],
            "A dialogue has at least two sides.",
        ),
        ("#side-1", "blue", SIDES[1], "Two sides have the same name."),
        (
            "#name",
            " ",
            CONVENOR,
            "Write the name under which you want to sit",
        ),
        (
            "#name",
            long.as_str(),
            CONVENOR,
            "A name or title is too long",
        ),
        (
            "#host",
            "my house",
            "127.0.0.1",
            "Write how others reach this computer",
        ),
        ("#port", "many", "0", "A port is a number from 0 to 65535."),
    ] {
        force(&browser, field, wrong);
        send(&browser, "Open the dialogue");
        browser.reads(says);
        assert_eq!(browser.value(field), wrong, "{field} keeps what was typed");
        force(&browser, field, right);
        let kept = browser.value("#title") == TITLE || field == "#title";
        assert!(kept, "the other fields keep theirs");
    }
    a_bad_relay_is_not_taken(&browser, &secret);
}

fn a_bad_relay_is_not_taken(browser: &Browser, secret: &str) {
    browser.choose("input[value=there]");
    for (address, secret, says) in [
        ("relay.example", secret, "This is no relay’s address."),
        (
            nowhere().to_string().as_str(),
            "abc",
            "This is no creation secret.",
        ),
    ] {
        force(browser, "#address", address);
        force(browser, "#secret", secret);
        send(browser, "Open the dialogue");
        browser.reads(says);
        assert_eq!(browser.value("#address"), address);
    }
    force(browser, "#secret", secret);
    browser.press("Open the dialogue");
    browser.reads("Before you take your seat");
    browser.press("I have read this. Take my seat");
    browser.reads("The relay cannot be reached. Nothing is lost");
}

#[test]
fn nobody_joins_with_a_bad_invitation() {
    let folder = folder();
    let (browser, program) = (
        Browser::open(&Window::default()),
        Program::start(folder.path(), "Ilse Marant"),
    );
    make_vault(&browser, &program);
    browser.press("Join");
    browser.reads("Join a dialogue");
    let expired = Invitation {
        relays: Relays::one(nowhere()),
        grant: GrantSecret::new([1; 32]),
        mailbox: MailboxId::new([2; 32]),
        secret: Zeroizing::new([3; 32]),
        role: Role::Side(SideId(0)),
        expires: Timestamp::from_ms(1),
    };
    let expired = expired.to_text();
    let cut_off = &expired[..expired.len() - 9];
    let long = "x".repeat(61);
    for (text, name, says) in [
        (
            "",
            "Ilse Marant",
            "Paste your invitation, or choose its file.",
        ),
        (cut_off, "Ilse Marant", "This is not a whole invitation."),
        (
            "Dear Ilse, come and join us.",
            "Ilse Marant",
            "This is not a whole invitation.",
        ),
        (&expired, "Ilse Marant", "This invitation’s time is over."),
        (&expired, "", "Write the name under which you want to sit"),
    ] {
        force(&browser, "#invitation", text);
        force(&browser, "#name", name);
        send(&browser, "Ask to join");
        browser.reads(says);
        assert_eq!(browser.value("#invitation"), text);
        assert_eq!(browser.value("#name"), name);
    }
    let valid = Invitation::parse(&expired).ok().map(|mut invitation| {
        invitation.expires = Timestamp::from_ms(u64::MAX / 2);
        invitation.to_text()
    });
    for name in [long.as_str(), "Ilse\u{202e}Marant"] {
        force(&browser, "#invitation", valid.as_deref().unwrap());
        force(&browser, "#name", name);
        send(&browser, "Ask to join");
        browser.reads("A name or title is too long, or holds characters that nobody can see.");
        assert_eq!(browser.value("#name"), name);
    }
}

#[test]
fn an_invitation_seats_one_person_only() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let programs = table_of(&browser, folder.path(), &[]);
    let text = invitation(&browser, &programs[0], 0);
    let first = Program::start(folder.path(), "Ilse Marant");
    make_vault(&browser, &first);
    ask_to_join(&browser, &first, &text);
    programs[0].page(&browser, "/seats");
    browser.reads("Ilse Marant asks for a seat");
    let second = Program::start(folder.path(), "Viggo Stern");
    make_vault(&browser, &second);
    browser.press("Join");
    browser.reads("Join a dialogue");
    browser.fill("#invitation", &text);
    browser.fill("#name", "Viggo Stern");
    browser.press("Ask to join");
    // The answer may be there before the page is.
    browser.reads("Somebody has used this invitation before.");
    browser.press("I have another invitation");
    browser.reads("Join a dialogue");
    first.page(&browser, "/join");
    browser.reads("You have asked to join");
}

#[test]
fn what_is_said_and_written_at_the_table_comes_back_when_it_is_not_taken() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let people = [
        "Ilse Marant",
        "Maren Skaal",
        "Runa Feld",
        "Edda Torven",
        "Orso Wick",
    ];
    let programs = table_of(&browser, folder.path(), &people);
    let words = words_read_aloud(&browser, &programs[0]);
    programs[1].page(&browser, "/words");
    send(&browser, "These are the words I hear");
    browser.reads("Choose the line that you heard");
    for program in &programs[1..] {
        hear_words(&browser, program, &words);
    }
    browser.press("Send to 6 people");
    browser.reads("Write something first.");
    let long = "word ".repeat(4_000);
    force(&browser, "#message", &long);
    browser.press("Send to 6 people");
    browser.reads("The message is longer than 16,000 letters.");
    assert_eq!(browser.value("#message"), long);

    programs[0].page(&browser, "/round/ask");
    for (question, floor, says) in [
        ("", "", "Write a question."),
        (
            long.as_str(),
            "",
            "The question is longer than 500 letters.",
        ),
        (
            "What now?",
            "few",
            "The smallest crowd is a number from five",
        ),
        ("What now?", "4", "The smallest crowd is a number from five"),
    ] {
        force(&browser, "#question", question);
        force(&browser, "#floor", floor);
        send(&browser, "Open the Round");
        browser.reads(says);
        assert_eq!(browser.value("#question"), question);
        assert_eq!(browser.value("#floor"), floor);
    }
    force(&browser, "#floor", "");
    browser.press("Open the Round");
    browser.reads("A Round is open until");
    programs[1].page(&browser, "/table");
    browser.press("Write my statement");
    browser.reads("Hidden among 5");
    for (text, minimum, says) in [
        (" ", "5", "Write something first. Whoever adds nothing"),
        (long.as_str(), "5", "The text does not fit"),
        ("Begin.", "4", "The smallest crowd is a number between"),
        ("Begin.", "99", "The smallest crowd is a number between"),
        ("Begin.", "few", "The smallest crowd is a number between"),
    ] {
        force(&browser, "#text", text);
        choose_beyond(&browser, "#minimum", minimum);
        send(&browser, "Add to the Round");
        browser.reads(says);
        assert_eq!(browser.value("#text"), text);
        assert_eq!(browser.value("#minimum"), "5", "what the page offers");
    }
}

/// Chooses what a list does not offer.
fn choose_beyond(browser: &Browser, list: &str, choice: &str) {
    browser.run(&format!(
        "const list = document.querySelector('{list}'); list.add(new Option({choice:?})); list.value = {choice:?}"
    ));
}

#[test]
fn a_page_left_open_over_a_restart_says_so_and_keeps_what_was_typed() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let first = Program::start(folder.path(), CONVENOR);
    let port = first.address.rsplit(':').next().unwrap().to_owned();
    make_vault(&browser, &first);
    convene(&browser, &first);
    browser.fill("#message", "Three lines of thought.");
    drop(first);
    browser.press("Send to");
    assert_eq!(
        browser.value("#message"),
        "Three lines of thought.",
        "nobody there"
    );
    let _second = Program::start_with(folder.path(), CONVENOR, &["--port", &port]);
    browser.press("Send to");
    browser.reads("This page is from an earlier start of the program");
    assert_eq!(browser.value("#typed"), "Three lines of thought.");
}
