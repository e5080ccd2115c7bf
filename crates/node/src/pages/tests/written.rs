//! What stands on a page.

use std::sync::Arc;

use wire::Timestamp;

use super::table::{round, said, table, written};
use crate::pages::{Hours, Words, diff, layout::Pen, view::*};

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
    }));
    for room in [Room::Plenary, Room::Caucus(1)] {
        table.room = room;
        let page = written(&Shown {
            page: Page::Table(table.clone()),
            alarms: Vec::new(),
        });
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
    let page = written(&Shown {
        page: Page::Table(table),
        alarms: Vec::new(),
    });
    assert!(
        page.contains("Nobody’s text was shown.") && page.contains("Hidden among"),
        "{page}"
    );
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
        Alarm::DiskFull,
        Alarm::VaultFailed,
    ];
    for page in [
        Page::NoDialogue,
        Page::Asking {
            name: "Orso Wick".to_owned(),
        },
        Page::Table(table()),
    ] {
        let page = written(&Shown {
            page,
            alarms: alarms.clone(),
        });
        assert!(
            page.contains("This is an older copy of your vault.")
                && page.contains("Your vault cannot be written")
        );
    }
}

#[test]
fn every_sentence_that_a_page_asks_for_exists() {
    let words = Words::english();
    let pages = [
        include_str!("../table_show.rs"),
        include_str!("../seating.rs"),
        include_str!("../round_clock.rs"),
        include_str!("../statements.rs"),
        include_str!("../discussion.rs"),
        include_str!("../layout.rs"),
    ];
    let calls = [
        "pen.say(\"",
        "pen.name(\"",
        "pen.count(\"",
        "pen.say_with(\"",
    ];
    for id in pages
        .iter()
        .flat_map(|page| calls.iter().flat_map(|call| page.split(call).skip(1)))
    {
        let id = id.split('"').next().unwrap();
        assert!(words.knows(id), "{id}");
    }
}

#[test]
fn an_unchanged_view_sends_nothing() {
    let (words, hours) = (Words::english(), Hours::universal());
    let pen = Pen {
        words: &words,
        hours: &hours,
        now: Timestamp::from_ms(0),
    };
    let shown = Shown {
        page: Page::Table(table()),
        alarms: Vec::new(),
    };
    assert_eq!(diff::changes(pen, &shown, &shown.clone()), []);
}
