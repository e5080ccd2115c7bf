//! What somebody typed and did not send must not lie on the disk: a real browser with a real profile is asked.

use std::{fs, path::Path, sync::Arc};

use browser::{Browser, Window};
use node::pages::{
    Hours, Pages, PagesConfig,
    view::{Page, Room, Shown, Standing},
};
use participant::view::RoundPhase;
use room::SeatId;
use tokio::sync::watch;

use crate::{ballot_states, large_table::Nobody, round_states};

/// Marks what can be written into, and says how many there are.
const FIELDS: &str = "
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    for (const part of document.querySelectorAll('main *'))
        if (getComputedStyle(part).display === 'none') part.style.display = 'block';
    const chosen = ['hidden', 'radio', 'checkbox', 'file', 'submit'];
    const fields = [...document.querySelectorAll('input, textarea')]
        .filter(field => !field.readOnly && !chosen.includes(field.type));
    fields.forEach((field, place) => field.dataset.place = place);
    return fields.length";

/// A page of the program, as it was before a field was kept from the browser.
const UNPROTECTED: &str = "<!doctype html><title>Control</title><form method=post>
    <textarea data-place=0 name=text></textarea><input data-place=1 name=name></form>";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_and_not_sent_lies_nowhere_in_the_browsers_profile() {
    let (show, showing) = watch::channel(Arc::new(Shown::default()));
    let (config, hours) = (PagesConfig::default(), Hours::universal());
    let pages = Pages::start(config, showing, hours, Arc::new(Nobody))
        .await
        .unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&pages.launch_url().unwrap());
    browser.reads("Choose a passphrase");
    let address = browser.run("return location.origin");
    let mut typed = Vec::new();
    for (path, fields, shown) in states() {
        show.send_replace(Arc::new(shown));
        browser.go(&format!("{}{path}", address.as_str().unwrap()));
        let marked = type_into_all(&browser, &mut typed);
        assert_eq!(marked, fields, "fields of {path}");
    }
    browser.go(&format!("{}/limits", address.as_str().unwrap()));
    let left = browser.close();
    assert_eq!(kept(left.path(), &typed), [""; 0]);
    pages.stop().await;
}

#[test]
fn an_unprotected_field_is_found_in_the_browsers_profile() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("control.html");
    fs::write(&page, UNPROTECTED).unwrap();
    let browser = Browser::open(&Window::default());
    browser.go(&format!("file://{}", page.display()));
    let mut typed = Vec::new();
    type_into_all(&browser, &mut typed);
    browser.go("about:blank");
    let left = browser.close();
    assert_eq!(kept(left.path(), &typed), typed);
}

/// Every page that has something to write into, with the number of its fields.
fn states() -> Vec<(&'static str, usize, Shown)> {
    let seated = |own: u32| {
        let mut room = round_states::room();
        room.own_seat = SeatId(own);
        room
    };
    let shown = |own: u32| (*ballot_states::shown(&seated(own))).clone();
    let empty = |standing| Shown {
        standing,
        ..Shown::default()
    };
    let mut writing = seated(1);
    writing.round = Some(round_states::round(RoundPhase::Writing, &[]));
    let mut caucus = shown(1);
    if let Page::Table(table) = &caucus.page {
        let mut table = (**table).clone();
        table.room = Room::Caucus(0);
        caucus.caucus = Some(table);
    }
    vec![
        ("/", 2, empty(Standing::NoVault)),
        ("/", 1, empty(Standing::Locked)),
        ("/convene", 11, empty(Standing::Open)),
        ("/join", 2, empty(Standing::Open)),
        ("/settings", 3, shown(0)),
        ("/relay", 2, shown(0)),
        ("/table", 1, shown(1)),
        ("/caucus", 1, caucus),
        (
            "/round?change=yes",
            1,
            (*ballot_states::shown(&writing)).clone(),
        ),
        ("/round/ask", 2, shown(0)),
        ("/ballot/ask", 3, shown(0)),
    ]
}

/// Types a word of its own into every field of the page.
fn type_into_all(browser: &Browser, typed: &mut Vec<String>) -> usize {
    let control = browser.count("[data-place]");
    let fields = match control {
        0 => browser.run(FIELDS).as_u64().unwrap() as usize,
        marked => marked,
    };
    for place in 0..fields {
        let word = format!("heron{}mooring", typed.len());
        browser.fill(&format!("[data-place=\"{place}\"]"), &word);
        typed.push(word);
    }
    fields
}

/// Which of these words stand in a file of the folder, in either of the two ways that browsers write.
fn kept(folder: &Path, words: &[String]) -> Vec<String> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let stands = |word: &&String| {
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ways = [word.as_bytes(), &wide];
        let found = |file: &Vec<u8>| {
            ways.iter()
                .any(|way| file.windows(way.len()).any(|window| window == *way))
        };
        files.iter().any(found)
    };
    words.iter().filter(stands).cloned().collect()
}

fn collect(folder: &Path, files: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), files);
        } else if kind.is_file() {
            // What the browser removes while it is read held nothing that stays.
            files.extend(fs::read(entry.path()).ok());
        }
    }
}
