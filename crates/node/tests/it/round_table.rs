//! A table with a Round on it, at which some sit as processes, to be killed.

use std::time::Duration;

use participant::{
    Command,
    view::{Opening, RoundView},
};
use room::RoundId;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    dialogue::{Person, World},
    process::Process,
};

const SIX: [&str; 6] = [
    "Ilse Marant",
    "Maren Skaal",
    "Tobin Hale",
    "Edda Torven",
    "Runa Feld",
    KILLED,
];
pub const KILLED: &str = "Joss Arnesk";
/// The shortest that the rules allow.
const PHASE_MS: u64 = 3000;

/// A dialogue of two sides; whoever may die sits in a process of their own.
pub struct Table {
    pub world: World,
    pub mira: Person,
    pub others: Vec<Person>,
    /// Seats with a side, those in processes included.
    seats: u16,
}

impl Table {
    /// Six seats, the last of them for a process.
    pub async fn set() -> Self {
        Self::of(&SIX, 1).await
    }

    /// Seats everybody, on two sides by turns, and lets all take part in Rounds. The last ones' nodes are
    /// stopped then: their vaults are for processes.
    pub async fn of(names: &[&str], in_processes: usize) -> Self {
        let world = World::new();
        let mut mira = world.convene().await;
        let mut people: Vec<Person> = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let side = place % 2;
            let voucher = (place >= 2).then(|| people.get_mut(side)).flatten();
            let side = u16::try_from(side).unwrap();
            let seat = world.seat(name, side, &mut mira, voucher).await;
            people.push(seat);
        }
        for person in &people {
            person
                .until(|view| {
                    let plenary = view.plenary.as_ref();
                    // Words are compared by people who have all arrived.
                    plenary.is_some_and(|room| {
                        room.seats.len() == names.len() + 1 && room.awaited.is_empty()
                    })
                })
                .await;
            let membership = person.plenary().membership;
            let confirm = Command::ConfirmWords { membership };
            person.node.command(confirm).await.unwrap();
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
        for person in people.split_off(names.len() - in_processes) {
            person.node.stop().await;
        }
        Self {
            world,
            mira,
            others: people,
            seats: u16::try_from(names.len()).unwrap(),
        }
    }

    /// A seat's node as a process, in the room.
    pub fn process(&self, name: &str) -> Process {
        let mut process = Process::start(&self.world.vault(name), None);
        assert!(process.carry_out(&json!({ "do": "take_seat" })));
        process
    }

    /// Opens a Round in which all write.
    pub async fn open(&self, question: &str, processes: &mut [(&str, Process)]) -> RoundId {
        let open = Command::OpenRound {
            question: question.to_owned(),
            slot_bytes: 1024,
            window_ms: 600_000,
            phase_ms: PHASE_MS,
            floor: None,
        };
        self.mira.node.command(open).await.unwrap();
        let all_in =
            |round: &RoundView| round.question == question && round.hidden_among == self.seats;
        for person in self.everybody() {
            person
                .until(|view| {
                    let plenary = view.plenary.as_ref();
                    plenary.is_some_and(|room| room.round.as_ref().is_some_and(all_in))
                })
                .await;
        }
        let round = self.mira.plenary().round.unwrap().round;
        for person in &self.others {
            let text = own_text(&person.name, question);
            let minimum = None;
            let write = Command::Write {
                round,
                text,
                minimum,
            };
            person.node.command(write).await.unwrap();
        }
        for (name, process) in processes {
            while plenary(process)["round"]["question"] != question {}
            let text = own_text(name, question);
            assert!(process.carry_out(&json!({ "do": "write", "text": text })));
        }
        round
    }

    /// Ends the writing window.
    pub async fn close(&self, round: RoundId) {
        let end = Command::EndWindow { round };
        self.mira.node.command(end).await.unwrap();
    }

    /// Opens a Round in which all write, and ends its window; the process is to end at a checkpoint after that.
    pub async fn play(&self, question: &str, end: &str) -> Process {
        let mut processes = [(KILLED, self.process(KILLED))];
        let round = self.open(question, &mut processes).await;
        let [(_, mut process)] = processes;
        process.end_at(end);
        self.close(round).await;
        process
    }

    /// All but those in processes.
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

/// What somebody writes in answer to a question: nobody else does.
pub fn own_text(name: &str, question: &str) -> String {
    format!("{name}: {question}")
}

/// How the room looks from inside the process.
pub fn plenary(process: &mut Process) -> Value {
    process.tell(&json!({ "do": "view" }));
    process
        .until(|line| line.get("view").map(|view| view["plenary"].clone()))
        .unwrap()
}
