//! A node that is killed at any step of a Round is absent, or its text appears once, or nothing does.

use std::time::Duration;

use participant::{Command, view::Opening};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    dialogue::{Person, World},
    process::Process,
};

const NAMES: [&str; 6] = [
    "Ilse Marant",
    "Tobin Hale",
    "Runa Feld",
    "Maren Skaal",
    "Edda Torven",
    "Joss Arnesk",
];
const KILLED: &str = "Joss Arnesk";
/// The shortest that the rules allow.
const PHASE_MS: u64 = 3000;

/// A dialogue of six seats, the last of them in a process of its own.
struct Table {
    world: World,
    mira: Person,
    others: Vec<Person>,
}

impl Table {
    async fn set() -> Self {
        let world = World::new();
        let mut mira = world.convene().await;
        let mut people: Vec<Person> = Vec::new();
        for (place, name) in NAMES.into_iter().enumerate() {
            let first = place / 3 * 3;
            let voucher = (place > first).then(|| people.get_mut(first)).flatten();
            let person = world
                .seat(name, u16::from(place >= 3), &mut mira, voucher)
                .await;
            people.push(person);
        }
        for person in &people {
            person
                .until(|view| {
                    view.plenary
                        .as_ref()
                        .is_some_and(|room| room.seats.len() == 7)
                })
                .await;
            person.node.command(Command::ConfirmWords).await.unwrap();
        }
        for person in &people {
            person
                .until(|view| {
                    let seats = view.plenary.iter().flat_map(|room| &room.seats);
                    seats
                        .filter(|seat| seat.side.is_some())
                        .all(|seat| seat.counts)
                })
                .await;
            person.node.command(Command::TakeSeat).await.unwrap();
        }
        people.pop().unwrap().node.stop().await;
        Self {
            world,
            mira,
            others: people,
        }
    }

    /// Opens a Round in which all write, and ends its window; the process is to end at a checkpoint after that.
    async fn play(&self, question: &str, end: &str) -> Process {
        let mut process = Process::start(&self.world.vault(KILLED), None);
        assert!(process.carry_out(&json!({ "do": "take_seat" })));
        let open = Command::OpenRound {
            question: question.to_owned(),
            slot_bytes: 1024,
            window_ms: 600_000,
            phase_ms: PHASE_MS,
            floor: None,
        };
        self.mira.node.command(open).await.unwrap();
        for person in self.everybody() {
            person
                .until(|view| {
                    view.plenary.as_ref().is_some_and(|room| {
                        room.round.as_ref().is_some_and(|round| {
                            round.question == question && round.hidden_among == 6
                        })
                    })
                })
                .await;
        }
        let round = self.mira.plenary().round.unwrap().round;
        for person in &self.others {
            let text = format!("{}: {question}", person.name);
            person
                .node
                .command(Command::Write {
                    round,
                    text,
                    minimum: None,
                })
                .await
                .unwrap();
        }
        while plenary(&mut process)["round"]["question"] != question {}
        let text = format!("{KILLED}: {question}");
        assert!(process.carry_out(&json!({ "do": "write", "text": text })));
        assert!(process.carry_out(&json!({ "do": "end", "at": end })));
        self.mira
            .node
            .command(Command::EndWindow { round })
            .await
            .unwrap();
        process
    }

    fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.others.iter().chain([&self.mira])
    }

    /// The Round's end, unless it is stuck for longer than every phase together.
    async fn end(&self, question: &str) -> Option<Opening> {
        let mut views = self.mira.node.views();
        let patience = Duration::from_millis(PHASE_MS * 5 / 2);
        let over = timeout(
            patience,
            views.wait_for(|view| {
                result(view.plenary.iter().flat_map(|room| &room.results), question).is_some()
            }),
        );
        let _ = over.await;
        result(self.mira.plenary().results.iter(), question)
    }
}

fn result<'a>(
    mut results: impl Iterator<Item = &'a std::sync::Arc<Opening>>,
    question: &str,
) -> Option<Opening> {
    results
        .find(|opening| opening.question == question)
        .map(|opening| (**opening).clone())
}

fn plenary(process: &mut Process) -> Value {
    process.tell(&json!({ "do": "view" }));
    process
        .until(|line| line.get("view").map(|view| view["plenary"].clone()))
        .unwrap()
}

/// What became of the text of the one who was killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// The Round was repeated without it.
    Absent,
    /// It appeared, once, with all others.
    Shown,
    /// Nothing appeared, of anybody.
    Stuck,
}

impl Fate {
    fn of(question: &str, opening: Option<&Opening>) -> Self {
        let Some(Opening {
            statements,
            final_roster,
            ..
        }) = opening
        else {
            return Self::Stuck;
        };
        let own = format!("{KILLED}: {question}");
        let times = statements.iter().filter(|text| **text == own).count();
        assert_eq!(
            statements.len(),
            usize::from(*final_roster),
            "{question} {statements:?}"
        );
        assert_eq!(
            times,
            usize::from(*final_roster == 6),
            "{question} {statements:?}"
        );
        if times == 1 {
            Self::Shown
        } else {
            Self::Absent
        }
    }
}

/// One Round in which the process dies at a checkpoint and comes back.
async fn die_and_return(table: &Table, question: &str, end: &str) -> Fate {
    let process = table.play(question, end).await;
    let before = table.end(question).await;
    process.kill();
    let mut process = Process::start(&table.world.vault(KILLED), None);
    let opening = if before.is_some() {
        before
    } else {
        table.end(question).await
    };
    let fate = Fate::of(question, opening.as_ref());
    if fate == Fate::Stuck {
        let round = table.mira.plenary().round.unwrap().round;
        table.others[0]
            .node
            .command(Command::GiveUp { round })
            .await
            .unwrap();
    }
    for person in table.everybody() {
        person
            .until(|view| {
                view.plenary
                    .as_ref()
                    .is_some_and(|room| room.round.is_none())
            })
            .await;
    }
    let same = |process: &mut Process| {
        plenary(process)["digest"] == data_encoding::HEXLOWER.encode(&table.mira.plenary().digest.0)
    };
    assert!(
        (0..10_000).any(|_| same(&mut process)),
        "{question}: it catches up"
    );
    process.kill();
    fate
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_step_a_text_appears_once_or_stays_home() {
    let table = Table::set().await;
    // Early and in the middle of the collection: before its GO. Around GO and RELEASE either end is right.
    for end in ["before-persist:2", "after-persist:24"] {
        assert_eq!(
            die_and_return(&table, &format!("{end}?"), end).await,
            Fate::Absent
        );
    }
    for end in ["after-send:39", "after-persist:43", "before-persist:45"] {
        die_and_return(&table, &format!("{end}?"), end).await;
    }
    // And nobody is killed: the table still works.
    let end = "after-send:1000000";
    assert_eq!(die_and_return(&table, "And now?", end).await, Fate::Shown);
}
