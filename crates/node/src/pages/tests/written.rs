//! What stands on a page.

use std::sync::Arc;

use participant::view::Doubted;

use super::table::{round, said, shows, table, with_pen, written};
use crate::pages::{Words, diff, limits_show, view::*};

const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}drawkcab";

#[test]
fn what_persons_wrote_is_escaped_and_isolated_everywhere() {
    let mut table = table();
    table.title = HOSTILE.to_owned();
    table.sides = vec![HOSTILE.to_owned(), HOSTILE.to_owned()];
    table
        .seats
        .iter_mut()
        .for_each(|seat| seat.name = HOSTILE.to_owned());
    table.messages = vec![Arc::new(Message {
        name: HOSTILE.to_owned(),
        ..(*said(1, HOSTILE)).clone()
    })];
    table.round = Some(Round {
        question: HOSTILE.to_owned(),
        ..round(RoundStatus::Writing)
    });
    table.last = Some(Arc::new(Statements {
        question: HOSTILE.to_owned(),
        crowd: 5,
        texts: vec![HOSTILE.to_owned()],
        asked: 0,
    }));
    for room in [Room::Plenary, Room::Caucus(1)] {
        table.room = room;
        let page = written(&shows(table.clone()));
        assert!(
            !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(
            page.contains("<p class=\"written said\" dir=\"auto\">&lt;script&gt;"),
            "{page}"
        );
        assert!(page.contains("<bdi>&lt;script&gt;"), "{page}");
    }
}

#[test]
fn a_round_never_shows_more_than_how_many_are_in() {
    let mut table = table();
    table.round = Some(round(RoundStatus::Collecting(2)));
    let page = written(&shows(table));
    assert!(
        page.contains("Nobody’s text was shown.") && page.contains("Hidden among"),
        "{page}"
    );
}

/// The convenor is in no side's crowd, and a bloc in none at all.
#[test]
fn only_whoever_is_hidden_reads_among_how_many() {
    let shown = |status, writes, as_one| {
        let mut table = table();
        table.round = Some(Round {
            each_side: true,
            writes,
            as_one,
            ..round(status)
        });
        written(&shows(table)).replace(['\u{2068}', '\u{2069}'], "")
    };
    let own = "12 seats are in so far. It needs at least 10.";
    let outside = "12 seats are in so far. Each side needs enough of its own.";
    assert!(shown(RoundStatus::Writing, true, false).contains(own));
    let convenor = shown(RoundStatus::Writing, false, false);
    assert!(convenor.contains(outside) && !convenor.contains("at least 10"));
    assert!(!shown(RoundStatus::Writing, true, true).contains("so far"));
    let collecting = RoundStatus::Collecting(1);
    assert!(shown(collecting, true, false).contains("Hidden among 12"));
    for (writes, as_one) in [(false, false), (true, true)] {
        assert!(!shown(collecting, writes, as_one).contains("Hidden among"));
    }
}

#[test]
fn every_state_of_the_page_has_its_words() {
    let alarms = vec![
        Alarm::RestoredCopy,
        Alarm::HistoriesDiffer,
        Alarm::LogDamaged,
        Alarm::StatesDiffer,
        Alarm::WrongRelayKey,
        Alarm::UpdateProgram,
        Alarm::RelayFull,
        Alarm::Removed,
        Alarm::LeftBehind,
        Alarm::MovedAway,
        Alarm::FalseCaucus,
        Alarm::TwoCaucuses,
        Alarm::ClockJumped,
        Alarm::TooLargeToJoin,
        Alarm::DiskFull,
        Alarm::VaultFailed,
    ];
    let page = written(&Shown {
        alarms,
        ..shows(table())
    });
    assert!(
        page.contains("This is an older copy of your vault.")
            && page.contains("Your vault cannot be written")
    );
}

/// There are no words as long as somebody is awaited: nobody is sent to hear them.
#[test]
fn while_somebody_is_awaited_the_table_does_not_send_anybody_to_the_words() {
    let page = |words| written(&shows(Table { words, ..table() }));
    let new = "The table words are new.";
    assert!(page(TableWords::Unchecked).contains(new));
    let awaiting = page(TableWords::Awaiting);
    assert!(!awaiting.contains(new));
    assert!(awaiting.contains("Somebody has a seat and has not come yet."));
}

/// One changed program can bring the alarm about: the page does not say that it is the relay.
#[test]
fn an_alarm_about_another_log_says_by_whom_it_came() {
    let shown = Shown {
        alarms: vec![Alarm::HistoriesDiffer, Alarm::StatesDiffer],
        ..shows(table())
    };
    let view = participant::view::View {
        doubted: vec![Doubted {
            alarm: participant::Alarm::HistoriesDiffer,
            name: "Runa".into(),
            is_gone: false,
        }],
        ..participant::view::View::clone(&shown.view)
    };
    let shown = Shown {
        view: view.into(),
        ..shown
    };
    let page = written(&shown);
    let mut told = page.split("It is what the program of ").skip(1);
    let by = told.next().expect("it says by whom");
    let (name, rest) = by.split_once(" says. ").expect("a name");
    assert!(name.contains("Runa") && rest.starts_with("Either the relay shows"));
    assert!(told.next().is_none(), "nobody brought the other one");
    let mut later = participant::view::View::clone(&shown.view);
    later.doubted.iter_mut().for_each(|by| by.is_gone = true);
    let page = written(&Shown {
        view: later.into(),
        ..shown
    });
    assert!(page.contains("(whose seat is gone"));
}

/// Every file of the pages, with its name.
fn sources() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn every_sentence_that_a_page_asks_for_exists() {
    let words = Words::english();
    let calls = [
        ".say(\"",
        ".name(\"",
        ".count(\"",
        ".say_with(\"",
        "title: \"",
    ];
    let mut asked = 0;
    for (name, text) in sources() {
        let calls = calls.iter().flat_map(|call| text.split(call).skip(1));
        // A call may be broken over lines.
        let broken = ["say_with(", "count(", "name("].into_iter();
        let broken = broken.flat_map(|call| text.split(call).skip(1));
        let broken = broken.filter_map(|rest| rest.trim_start().strip_prefix('"'));
        for rest in calls.chain(broken) {
            let id = rest.split('"').next().unwrap();
            assert!(words.knows(id), "{name}: {id}");
            asked += 1;
        }
        for (id, _) in text.match_indices("\"sorry-") {
            let id = text[id + 1..].split('"').next().unwrap();
            assert!(words.knows(id), "{name}: {id}");
        }
    }
    assert!(asked > 200, "{asked} calls were found");
    for limit in limits_show::TEN {
        for part in ["", "-why", "-do"] {
            assert!(words.knows(&format!("{limit}{part}")), "{limit}{part}");
        }
    }
}

#[test]
fn every_sentence_is_asked_for_by_a_page() {
    let all: String = sources().into_iter().map(|(_, text)| text).collect();
    let text = include_str!("../../../locales/en.ftl");
    let ids = text
        .lines()
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id));
    let ids = ids.filter(|id| id.starts_with(|first: char| first.is_ascii_lowercase()));
    for id in ids.filter(|id| !id.starts_with("limit-")) {
        assert!(all.contains(&format!("\"{id}\"")), "{id} is shown nowhere");
    }
}

/// Words of the trade, which nobody at the table should have to know.
const JARGON: [&str; 22] = [
    "epoch",
    "key package",
    "ciphertext",
    "plaintext",
    "mailbox",
    "commit",
    "hash",
    "nonce",
    "payload",
    "protocol",
    "mls",
    "digest",
    "token",
    "localhost",
    "server",
    "node",
    "encrypt",
    "decrypt",
    "cryptograph",
    "metadata",
    "session",
    "error",
];

#[test]
fn no_sentence_holds_a_word_of_the_trade() {
    for line in include_str!("../../../locales/en.ftl").lines() {
        let sentence = line
            .split_once(" = ")
            .map_or(line, |(_, sentence)| sentence);
        let sentence = sentence.to_lowercase();
        for word in JARGON {
            assert!(!sentence.contains(word), "{word}: {line}");
        }
        assert!(!sentence.contains('!'), "no exclamation marks: {line}");
    }
}

#[test]
fn no_page_has_words_of_its_own() {
    for (name, text) in sources() {
        // What stands between braces and quotes in markup would be shown as it is, but for attributes.
        for (at, _) in text.match_indices("{ \"") {
            if text[..at].ends_with('=') {
                continue;
            }
            let shown = text[at + 3..].split('"').next().unwrap();
            // Selectors and addresses are single words in small letters.
            let is_sentence = shown.trim().contains(' ') || shown.starts_with(char::is_uppercase);
            assert!(!is_sentence, "{name}: {shown}");
        }
    }
}

#[test]
fn an_unchanged_view_sends_nothing() {
    let shown = shows(table());
    with_pen(|pen| assert_eq!(diff::changes(pen, &shown, &shown.clone(), false), []));
}

#[test]
fn a_caucus_shows_no_mark_of_another_side() {
    let mut caucus = table();
    caucus.room = Room::Caucus(0);
    caucus.seats.retain(|seat| seat.role == Role::Side(0));
    caucus.messages.clear();
    let page = written(&shows(caucus));
    // The drawings themselves stand in the document; what is used of them counts.
    assert!(
        page.contains("#mark-1") && !page.contains("href=\"#mark-2\""),
        "{page}"
    );
    assert!(page.contains("Beyond this wall"));
}
