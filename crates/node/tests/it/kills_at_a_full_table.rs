//! Twelve seats, some of whose computers die while a Round collects: it goes on down to its floor, and no
//! further; whatever happens, every text is with its author or on all screens.

use participant::view::{Opening, RoomView};
use room::{FailedWhy, SeatId};
use serde_json::{Value, json};

use crate::{
    dialogue::{Person, readable},
    process::Process,
    round_table::{Table, own_text, plenary},
};

const TWELVE: [&str; 12] = [
    "Ilse Marant",
    "Maren Skaal",
    "Tobin Hale",
    "Edda Torven",
    "Runa Feld",
    "Joss Arnesk",
    "Orso Wick",
    "Anke Lindt",
    "Pavel Brandt",
    "Sine Halvor",
    "Marek Ostrow",
    "Lea Vinter",
];
const QUESTION: &str = "What would you give up first?";
/// Before it can say GO a node has read NOW, START and twelve of each JOIN, KEM, SLOT and DC, each in a
/// step of its own: whoever dies at this one has not said GO.
const BEFORE_ITS_GO: &str = "after-persist:45";
/// Ten of twelve are the floor; who is gone once three are counted need not be counted any more.
const BELOW_THE_FLOOR: usize = 3;
/// Reached even by a node that reads NOW, START, eight JOINs and a CLOSE, and no more.
const AMONG_THE_JOINS: &str = "after-send:10";

/// Waits until START stands and the run has begun, as somebody who lives sees it.
async fn collecting(person: &Person) {
    person
        .until(|view| {
            let round = view.plenary.as_ref().and_then(|room| room.round.as_ref());
            round.is_some_and(|round| {
                matches!(
                    round.phase,
                    participant::view::RoundPhase::Collecting { .. }
                )
            })
        })
        .await;
}

/// Kills one at START and lets the others die at their checkpoints.
async fn kill(table: &Table, ends: &[Option<&str>]) {
    let names = &TWELVE[TWELVE.len() - ends.len()..];
    let with_name = |name: &&'static str| (*name, table.process(name));
    let mut processes: Vec<(&str, Process)> = names.iter().map(with_name).collect();
    let round = table.open(QUESTION, &mut processes).await;
    for ((_, process), end) in processes.iter_mut().zip(ends) {
        match end {
            Some(end) => process.end_at(end),
            None => process.stop_still(),
        }
    }
    table.close(round).await;
    collecting(&table.mira).await;
    for ((_, process), end) in processes.into_iter().zip(ends) {
        match end {
            Some(_) => process.dies(),
            None => process.kill(),
        }
    }
}

/// The room of everybody who lives, once the Round is over and all have read the same.
async fn over(table: &Table) {
    for person in table.everybody() {
        person
            .until(|view| {
                view.plenary
                    .as_ref()
                    .is_some_and(|room| room.round.is_none())
            })
            .await;
    }
    let digest = table.mira.plenary().digest;
    for person in &table.others {
        person
            .until(|view| {
                view.plenary
                    .as_ref()
                    .is_some_and(|room| room.digest == digest)
            })
            .await;
    }
}

/// The killed one's computer is switched on again: what its vault shows once it has read what the others have.
fn come_back(table: &Table, name: &str) -> Value {
    let mut process = Process::start(&table.world.vault(name), None);
    let digest = data_encoding::HEXLOWER.encode(&table.mira.plenary().digest.0);
    while plenary(&mut process)["digest"] != digest.as_str() {}
    process.tell(&json!({ "do": "view" }));
    let view = process.until(|line| line.get("view").cloned()).unwrap();
    process.kill();
    view
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| own_text(name, QUESTION)).collect()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// Nothing of any text, no name and no question can be read in what the relay keeps.
fn nothing_is_readable(table: Table) {
    let folder = table.world.dir.path().join("relay");
    table.world.relay.stop();
    let mut words = TWELVE.to_vec();
    words.push("give up first");
    assert_eq!(readable(&folder, &words), [""; 0]);
    std::fs::write(folder.join("plain"), own_text(TWELVE[0], QUESTION)).unwrap();
    assert_eq!(
        readable(&folder, &words).len(),
        2,
        "what is readable is found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_two_of_twelve_killed_the_round_finishes_with_ten() {
    let table = Table::of(&TWELVE, 2).await;
    let (living, killed) = TWELVE.split_at(10);
    kill(&table, &[None, Some(BEFORE_ITS_GO)]).await;
    over(&table).await;
    let opening = |person: &Person| -> Opening {
        let room = person.plenary();
        assert_eq!(room.results.len(), 1, "{}", person.name);
        (*room.results[0]).clone()
    };
    let first = opening(&table.mira);
    assert_eq!((first.opening_roster, first.final_roster), (12, 10));
    assert_eq!(sorted(first.statements.clone()), sorted(texts(living)));
    let absent = names(&table.mira.plenary(), &first.absent);
    assert_eq!(sorted(absent.clone()), sorted(owned(killed)));
    assert_eq!(first.disruptors, []);
    assert!(
        first.runs <= 3,
        "at most one run for each of the two, and the last"
    );
    for person in &table.others {
        assert_eq!(opening(person), first, "{}", person.name);
        assert_eq!(person.node.view().returned, [], "{}", person.name);
    }
    for name in killed {
        let view = come_back(&table, name);
        assert_eq!(view["returned"], own_text(name, QUESTION).as_str());
        let result = &view["plenary"]["results"][0];
        assert_eq!(result["statements"], json!(first.statements));
        assert_eq!(result["absent"], json!(absent));
    }
    nothing_is_readable(table);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_four_of_twelve_killed_nothing_is_shown_and_everybody_has_their_text_back() {
    let table = Table::of(&TWELVE, 4).await;
    let killed = &TWELVE[8..];
    kill(
        &table,
        &[None, Some(AMONG_THE_JOINS), None, Some(AMONG_THE_JOINS)],
    )
    .await;
    over(&table).await;
    for person in table.everybody() {
        let room = person.plenary();
        assert_eq!(room.results.len(), 0, "{}", person.name);
        let failed = room.failed.clone().unwrap();
        assert_eq!(failed.why, FailedWhy::BelowFloor);
        let absent = names(&room, &failed.absent);
        assert!(
            absent.len() >= BELOW_THE_FLOOR
                && absent.iter().all(|name| killed.contains(&name.as_str())),
            "only those who were killed, and the Round ends with the first that is one too many: {absent:?}"
        );
        assert_eq!(failed.disruptors, []);
        let own = (person.name != table.mira.name).then(|| own_text(&person.name, QUESTION));
        let returned = person.node.view().returned.last().cloned();
        assert!(returned.iter().all(|one| one.round == Some(failed.round)));
        assert_eq!(returned.map(|one| one.text), own, "{}", person.name);
    }
    for name in killed {
        let view = come_back(&table, name);
        assert_eq!(view["returned"], own_text(name, QUESTION).as_str());
        assert_eq!(view["plenary"]["results"], json!([]));
    }
    nothing_is_readable(table);
}

fn names(room: &RoomView, seats: &[SeatId]) -> Vec<String> {
    let known = seats.iter().filter_map(|seat| room.seat(*seat));
    known.map(|seat| seat.name.clone()).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
