//! What people do: they talk, write for Rounds, and show somebody the door.

use std::collections::BTreeSet;

use participant::view::{RoomView, View};
use participant::{Alarm, Command, Place};
use room::{RoundId, SeatId};
use wire::MailboxId;

use super::{House, Kept};

/// The window of a Round, ms.
pub const WINDOW_MS: u64 = 60_000;
/// How long a phase of it lasts, ms.
pub const PHASE_MS: u64 = 3_000;
/// How long people wait for what must come, and how often they look, ms.
pub const PATIENCE_MS: u64 = 4 * 3_600_000;
const LOOKS_MS: [u64; 8] = [
    1, 1_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_200_000,
];

impl House {
    /// What a seat is shown.
    pub fn view(&self, seat: usize) -> Option<View> {
        Some(self.world.seats[seat].participant.as_ref()?.view())
    }

    /// A room as a seat sees it.
    pub fn room(&self, seat: usize, place: Place) -> Option<RoomView> {
        let view = self.view(seat)?;
        match place {
            Place::Plenary => view.plenary,
            Place::Caucus => view.caucus,
        }
    }

    /// Honest seats that have read all that stands in the plenary's mailbox.
    pub fn followed(&self, mailbox: MailboxId) -> Vec<usize> {
        let log = self.world.host.logs.get(&mailbox).map_or(0, Vec::len);
        let follows = |seat: &usize| {
            let here = self.mailbox(*seat, Place::Plenary) == Some(mailbox);
            let room = self.room(*seat, Place::Plenary).filter(|_| here);
            room.is_some_and(|room| room.live && room.entries == log as u64)
        };
        self.honest().into_iter().filter(follows).collect()
    }

    /// Honest seats whose page says that the relay's clock jumped.
    pub fn told_of_the_clock(&self) -> BTreeSet<usize> {
        let told = |seat: &usize| {
            let view = self.view(*seat);
            view.is_some_and(|view| view.alarms.contains(&Alarm::ClockJumped))
        };
        self.honest().into_iter().filter(told).collect()
    }

    /// A command that may be refused.
    pub fn try_command(&mut self, seat: usize, command: Command) -> bool {
        if self.world.seats[seat].participant.is_none() {
            return false;
        }
        let now = self.world.now;
        let done = self.world.seats[seat].command(command, now);
        if let Err(refused) = &done {
            self.note(|| format!("seat {seat} may not: {refused:?}"));
        }
        self.world.run();
        done.is_ok()
    }

    /// Somebody says something new; false where that is refused.
    pub fn say(&mut self, seat: usize, place: Place) -> bool {
        let number = self.said.len();
        let text = format!("Word {number} of seat {seat}");
        let command = Command::Say {
            place,
            text: text.clone(),
        };
        let done = self.try_command(seat, command);
        if done {
            self.note(|| format!("seat {seat} says in the {place:?}: {text}"));
            self.said.push((place, seat, text));
        }
        done
    }

    /// Somebody talks on in a room of this hostile seat, and whoever is there hears it within a minute, whatever
    /// becomes of the log.
    pub fn talk_on(&mut self, hostile: usize, place: Place) {
        let listeners = match place {
            Place::Plenary => self.honest(),
            Place::Caucus => self.colleagues(hostile),
        };
        let speaker = listeners.last().copied();
        if !speaker.is_some_and(|seat| self.say(seat, place)) {
            return;
        }
        let words = self.said.last().map(|(_, _, text)| text.clone());
        self.pass(60_000);
        for seat in listeners {
            let room = self.room(seat, place);
            let read = room.is_some_and(|room| {
                let mut texts = room.messages.iter().map(|message| &message.text);
                texts.any(|text| Some(text) == words.as_ref())
            });
            if !read {
                self.unheard.insert(seat);
            }
        }
    }

    /// Time passes until something holds, as long as people wait for it.
    pub fn wait_until(&mut self, holds: impl Fn(&House) -> bool) -> bool {
        let until = self.world.now.plus_ms(PATIENCE_MS);
        for at in 0.. {
            if holds(self) {
                return true;
            }
            if self.world.now >= until {
                return false;
            }
            self.note_who_is_gone();
            let ms = LOOKS_MS
                .get(at)
                .or(LOOKS_MS.last())
                .copied()
                .unwrap_or(1_000);
            self.pass(ms);
        }
        false
    }

    /// The convenor opens a Round; whoever is present writes for it.
    pub fn open_round(&mut self, writers: &[usize]) -> Option<RoundId> {
        for seat in 1..self.world.seats.len() {
            if self.is_there(seat) {
                self.try_command(seat, Command::TakeSeat);
            }
        }
        let open = Command::OpenRound {
            question: "What could both sides live with?".into(),
            slot_bytes: 1024,
            window_ms: WINDOW_MS,
            phase_ms: PHASE_MS,
            floor: None,
        };
        if !self.try_command(0, open) {
            return None;
        }
        self.world.pass(10);
        let round = self.room(0, Place::Plenary)?.round?.round;
        for seat in writers {
            let text = text_of(*seat, round);
            let command = Command::Write {
                round,
                text,
                minimum: None,
            };
            if self.is_there(*seat) {
                self.try_command(*seat, command);
            }
        }
        self.note(|| format!("round {round:?} is open"));
        Some(round)
    }

    /// Switched on, and connected.
    pub fn is_there(&self, seat: usize) -> bool {
        let seat = &self.world.seats[seat];
        seat.participant.is_some() && !seat.offline
    }

    /// Whoever is cut off comes back, whatever stopped goes on.
    pub fn everybody_comes_back(&mut self) {
        for seat in self.honest() {
            let node = &mut self.world.seats[seat];
            node.offline = false;
            if node.participant.is_none() {
                node.start();
            }
        }
        self.world.run();
    }

    /// The Round that is open ends, or is given up.
    pub fn end_round(&mut self) -> bool {
        let over = |house: &House| {
            let mut honest = house.honest().into_iter();
            honest.all(|seat| {
                let room = house.room(seat, Place::Plenary);
                room.is_none_or(|room| room.round.is_none())
            })
        };
        for _ in 0..24 {
            if over(self) {
                return true;
            }
            self.pass(600_000);
            for seat in self.honest() {
                let room = self.room(seat, Place::Plenary);
                if let Some(open) = room.and_then(|room| room.round) {
                    self.try_command(seat, Command::GiveUp { round: open.round });
                }
            }
            self.pass(1_000);
        }
        over(self)
    }

    /// The number of a seat in the plenary.
    pub fn seat_id(&self, seat: usize) -> Option<SeatId> {
        Some(self.room(seat, Place::Plenary)?.own_seat)
    }

    /// The convenor removes a hostile seat, and keeps what it has at that moment.
    pub fn remove(&mut self, seat: usize) {
        let Some(id) = self.seat_id(seat) else { return };
        if !self.kept.iter().any(|kept| kept.seat == seat) {
            for place in [Place::Plenary, Place::Caucus] {
                let Some((mailbox, token)) = self.subscription(seat, place) else {
                    continue;
                };
                self.kept.push(Kept {
                    seat,
                    place,
                    vault: self.world.seats[seat].vault.clone(),
                    mailbox,
                    token,
                    since: None,
                });
            }
            self.world.seats[seat].offline = true;
            self.world.seats[seat].disconnect();
        }
        let done = self.try_command(0, Command::Remove { seat: id });
        self.note_who_is_gone();
        self.note(|| format!("the convenor removes seat {seat}: {done}"));
    }

    /// Whether a seat is gone for everybody who is honest and there: from the plenary, and its caucus.
    pub fn is_gone(&self, seat: usize) -> bool {
        let Some(id) = self.seat_id(seat) else {
            return true;
        };
        let name = format!("Seat{seat:02}");
        let mut honest = self.honest().into_iter();
        honest.all(|other| {
            let plenary = self.room(other, Place::Plenary);
            let gone = plenary.is_some_and(|room| room.seats.iter().all(|one| one.seat != id));
            let caucus = self.room(other, Place::Caucus);
            let gone_there =
                caucus.is_none_or(|room| room.seats.iter().all(|one| one.name != name));
            gone && gone_there
        })
    }

    /// Whether it is gone from the plenary for everybody who is honest.
    pub fn is_gone_from_plenary(&self, seat: usize) -> bool {
        let Some(id) = self.seat_id(seat) else {
            return true;
        };
        let mut honest = self.honest().into_iter();
        honest.all(|other| {
            let plenary = self.room(other, Place::Plenary);
            plenary.is_some_and(|room| room.seats.iter().all(|one| one.seat != id))
        })
    }
}

/// What a seat writes for a Round.
pub fn text_of(seat: usize, round: RoundId) -> String {
    let RoundId(id) = round;
    let number = u64::from_be_bytes([id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7]]);
    format!("What seat {seat} writes in {number}")
}
