//! A table of six with a Round on it; one of the six is a process, to be killed.

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
pub const KILLED: &str = "Joss Arnesk";
/// The shortest that the rules allow.
const PHASE_MS: u64 = 3000;

/// A dialogue of six seats, the last of them in a process of its own.
pub struct Table {
    pub world: World,
    pub mira: Person,
    pub others: Vec<Person>,
}

impl Table {
    /// Seats everybody, and lets all take part in Rounds.
    pub async fn set() -> Self {
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
    pub async fn play(&self, question: &str, end: &str) -> Process {
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

    /// All but the one in the process.
    pub fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.others.iter().chain([&self.mira])
    }

    /// The Round's end, unless it is stuck for longer than every phase together.
    pub async fn end(&self, question: &str) -> Option<Opening> {
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

/// How the room looks from inside the process.
pub fn plenary(process: &mut Process) -> Value {
    process.tell(&json!({ "do": "view" }));
    process
        .until(|line| line.get("view").map(|view| view["plenary"].clone()))
        .unwrap()
}
