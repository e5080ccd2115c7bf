//! What must hold once an attack is over: honest people use their rooms again, and nobody else does.

use std::collections::{BTreeMap, BTreeSet};

use participant::rogue::Rogue;
use participant::{Alarm, Op, Place};
use room::RoundId;
use wire::{EntryKind, Token};

use super::House;
use super::people::text_of;
use crate::mood::rubbish;

/// More requests than this within an hour are a node that sends without end.
const REQUESTS_IN_AN_HOUR: u64 = 6_000;

/// One thing that must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oracle {
    /// Honest seats may say something in their rooms.
    CannotSay,
    /// What they say is read by all others who are honest.
    Unread,
    /// Honest seats have one digest for each room.
    DigestsDiffer,
    /// Whoever was shown the door is gone, from all rooms.
    StillSeated,
    /// Every honest seat of a side sits in the caucus of its side, with all others.
    CaucusDivides,
    /// A Round among the honest opens.
    RoundFails,
    /// With all their texts.
    TextMissing,
    /// No honest seat is named a disruptor.
    HonestBlamed,
    /// Nor left out where nothing goes wrong.
    HonestLeftOut,
    /// No text leaves in a smaller crowd than its author was promised.
    CrowdTooSmall,
    /// No Round is held in a caucus.
    RoundInCaucus,
    /// No honest node takes itself for a copy, or sees histories or states that differ.
    Alarmed,
    /// Nobody honest follows a clock that runs away without being told.
    ClockUntold,
    /// A member who shuts a room after each reset keeps nobody from being heard.
    Unheard,
    /// Whoever was removed reads nothing later.
    RemovedReads,
    /// Nor writes.
    RemovedWrites,
    /// Nor resets.
    RemovedResets,
    /// What was said in a room that still is what it was is read.
    Lost,
    /// Nothing that was said is read twice.
    SaidTwice,
    /// No node sends without end.
    SendsWithoutEnd,
    /// Nothing panics.
    Panics,
}

impl Oracle {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Oracle::CannotSay => "cannot-say",
            Oracle::Unread => "unread",
            Oracle::DigestsDiffer => "digests-differ",
            Oracle::StillSeated => "still-seated",
            Oracle::CaucusDivides => "caucus-divides",
            Oracle::RoundFails => "round-fails",
            Oracle::TextMissing => "text-missing",
            Oracle::HonestBlamed => "honest-blamed",
            Oracle::HonestLeftOut => "honest-left-out",
            Oracle::CrowdTooSmall => "crowd-too-small",
            Oracle::RoundInCaucus => "round-in-caucus",
            Oracle::Alarmed => "alarmed",
            Oracle::ClockUntold => "clock-untold",
            Oracle::Unheard => "unheard",
            Oracle::RemovedReads => "removed-reads",
            Oracle::RemovedWrites => "removed-writes",
            Oracle::RemovedResets => "removed-resets",
            Oracle::Lost => "lost",
            Oracle::SaidTwice => "said-twice",
            Oracle::SendsWithoutEnd => "sends-without-end",
            Oracle::Panics => "panics",
        }
    }

    /// Whether honest people have lost a room.
    pub fn loses_a_room(self) -> bool {
        use Oracle as O;
        let lost = [O::CannotSay, O::Unread, O::DigestsDiffer, O::StillSeated];
        let rest = [O::CaucusDivides, O::RoundFails, O::TextMissing, O::Panics];
        lost.contains(&self) || rest.contains(&self)
    }

    /// Whether somebody is hidden among fewer than was promised.
    pub fn unmasks(self) -> bool {
        matches!(self, Oracle::CrowdTooSmall | Oracle::RoundInCaucus)
    }
}

/// One thing that did not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What it was.
    pub oracle: Oracle,
    /// Who and where.
    pub what: String,
}

/// A failure.
pub fn fails(oracle: Oracle, what: impl Into<String>) -> Failure {
    let what = what.into();
    Failure { oracle, what }
}

/// Everybody honest has read what was said last, and has one digest.
pub fn agrees(house: &House, place: Place, seats: &[usize]) -> Vec<Failure> {
    let mut found = Vec::new();
    let mut digests = BTreeMap::new();
    for seat in seats {
        match house.room(*seat, place) {
            Some(room) if room.live => {
                let digest = (room.digest.to_string(), room.seats.len());
                digests.entry(digest).or_insert(*seat);
            }
            Some(_) | None => {
                let what = format!("seat {seat} does not follow the {place:?}");
                found.push(fails(Oracle::Unread, what));
            }
        }
    }
    if digests.len() > 1 {
        let what = format!("{place:?}: {digests:?}");
        found.push(fails(Oracle::DigestsDiffer, what));
    }
    found
}

/// Which of these words a seat has not read.
pub fn unread(house: &House, seat: usize, place: Place, texts: &[String]) -> Vec<String> {
    let room = house.room(seat, place);
    let messages = room.map(|room| room.messages).unwrap_or_default();
    let read: BTreeSet<&str> = messages
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let missing = texts.iter().filter(|text| !read.contains(text.as_str()));
    missing.cloned().collect()
}

/// What was said, by honest seats that are in one room, is read by all of them, once.
pub fn said_once(house: &House, moved: [bool; 2]) -> Vec<Failure> {
    let mut found = Vec::new();
    for seat in house.honest() {
        for place in [Place::Plenary, Place::Caucus] {
            let Some(room) = house.room(seat, place) else {
                continue;
            };
            let mut read: BTreeMap<&str, usize> = BTreeMap::new();
            for message in &room.messages {
                *read.entry(message.text.as_str()).or_default() += 1;
            }
            if let Some((text, times)) = read.iter().find(|(_, times)| **times > 1) {
                let what = format!("seat {seat} reads {times} times in the {place:?}: {text}");
                found.push(fails(Oracle::SaidTwice, what));
            }
            let same = place == Place::Plenary || !moved[seat % 2];
            let here = |said: &&(Place, usize, String)| {
                said.0 == place && (place == Place::Plenary || said.1 % 2 == seat % 2)
            };
            let mut said = house.said.iter().filter(here);
            if let Some((_, by, text)) = said.find(|said| !read.contains_key(said.2.as_str()))
                && same
            {
                let what =
                    format!("seat {seat} has not read in the {place:?} what {by} said: {text}");
                found.push(fails(Oracle::Lost, what));
            }
        }
    }
    found
}

/// What may not happen at any time, and cannot be undone.
pub fn always(house: &House) -> Vec<Failure> {
    let mut found = Vec::new();
    let honest = house.honest();
    let names: Vec<String> = honest.iter().map(|seat| format!("Seat{seat:02}")).collect();
    let least = (house.n * 4).div_ceil(5);
    for seat in &honest {
        let Some(view) = house.view(*seat) else {
            continue;
        };
        for alarm in &view.alarms {
            if is_wrong(*alarm) {
                found.push(fails(Oracle::Alarmed, format!("seat {seat}: {alarm:?}")));
            }
        }
        if let Some(caucus) = &view.caucus
            && (caucus.round.is_some() || !caucus.results.is_empty() || caucus.failed.is_some())
        {
            found.push(fails(Oracle::RoundInCaucus, format!("seen by seat {seat}")));
        }
        for result in view.plenary.iter().flat_map(|room| room.results.iter()) {
            let plenary = view.plenary.as_ref();
            let name = |seat: &room::SeatId| Some(&plenary?.seat(*seat)?.name);
            let mut blamed = result.disruptors.iter().filter_map(name);
            if let Some(blamed) = blamed.find(|blamed| names.contains(blamed)) {
                found.push(fails(
                    Oracle::HonestBlamed,
                    format!("{blamed}, by seat {seat}"),
                ));
            }
            let honest_text =
                |text: &String| honest.iter().any(|by| *text == text_of(*by, result.round));
            let small = usize::from(result.final_roster) < least;
            if small && result.statements.iter().any(honest_text) {
                let what = format!(
                    "{} of {}, seen by seat {seat}",
                    result.final_roster, house.n
                );
                found.push(fails(Oracle::CrowdTooSmall, what));
            }
        }
    }
    for seat in &house.untold {
        found.push(fails(Oracle::ClockUntold, format!("seat {seat}")));
    }
    if house.busiest > REQUESTS_IN_AN_HOUR {
        let what = format!("{} requests in an hour", house.busiest);
        found.push(fails(Oracle::SendsWithoutEnd, what));
    }
    found
}

/// Asked where nothing else goes wrong at the same time.
pub fn heard_meanwhile(house: &House) -> Vec<Failure> {
    let unheard = house.unheard.iter();
    let unheard = unheard.map(|seat| fails(Oracle::Unheard, format!("seat {seat}")));
    let left_out = house.left_out.iter();
    let left_out = left_out.map(|seat| fails(Oracle::HonestLeftOut, format!("seat {seat}")));
    unheard.chain(left_out).collect()
}

fn is_wrong(alarm: Alarm) -> bool {
    matches!(
        alarm,
        Alarm::RestoredCopy
            | Alarm::HistoriesDiffer
            | Alarm::StatesDiffer
            | Alarm::LogDamaged
            | Alarm::UpdateProgram
            | Alarm::FalseCaucus
            | Alarm::TwoCaucuses
            | Alarm::Removed
    )
}

/// Whoever was removed has keys and tokens that are worth nothing now.
pub fn removed_are_out(house: &mut House) -> Vec<Failure> {
    let mut found = Vec::new();
    for kept in std::mem::take(&mut house.kept) {
        let (seat, place) = (kept.seat, kept.place);
        let rogue = Rogue::of(&kept.vault, place);
        let log = house.world.host.logs.get(&kept.mailbox);
        let since = kept.since.unwrap_or(usize::MAX);
        let later = log.into_iter().flatten().skip(since);
        let mut later = later.filter(|entry| entry.kind == EntryKind::Append);
        if later.any(|entry| rogue.reads(&entry.bytes)) {
            let what = format!("seat {seat} in the {place:?}");
            found.push(fails(Oracle::RemovedReads, what));
        }
        let witness = house.colleagues(seat).first().copied().unwrap_or(0);
        let Some(mailbox) = house.mailbox(witness, place) else {
            continue;
        };
        let now = house.world.now;
        let host = &mut house.world.host;
        let append = Op::Append {
            token: kept.token.clone(),
            bytes: rubbish(u32::MAX, 1024),
        };
        if host.request(mailbox, append, now).is_ok() {
            let what = format!("seat {seat} in the {place:?}");
            found.push(fails(Oracle::RemovedWrites, what));
        }
        if let Some(founder) = rogue.founder() {
            let token = Token::new([98; 32]).hash();
            let from = 0;
            let reset = Op::Reset {
                founder,
                token,
                from,
            };
            if host.request(mailbox, reset, now).is_ok() {
                let what = format!("seat {seat} in the {place:?}");
                found.push(fails(Oracle::RemovedResets, what));
            }
        }
    }
    found
}

/// The last Round among the honest.
pub fn round_opens(house: &House, round: RoundId) -> Vec<Failure> {
    let mut found = Vec::new();
    let honest = house.honest();
    let mut texts: Vec<String> = honest
        .iter()
        .filter(|seat| **seat > 0)
        .map(|seat| text_of(*seat, round))
        .collect();
    texts.sort();
    for seat in honest {
        let Some(room) = house.room(seat, Place::Plenary) else {
            continue;
        };
        let Some(result) = room.results.iter().find(|result| result.round == round) else {
            let why = room.failed.map(|failed| failed.why);
            let what = format!("for seat {seat}: {why:?}");
            found.push(fails(Oracle::RoundFails, what));
            continue;
        };
        let mut shown = result.statements.clone();
        shown.sort();
        if shown != texts {
            let what = format!("seat {seat} reads {} of {}", shown.len(), texts.len());
            found.push(fails(Oracle::TextMissing, what));
        }
        if !result.absent.is_empty() {
            let what = format!("seat {seat}: {:?}", result.absent);
            found.push(fails(Oracle::HonestLeftOut, what));
        }
    }
    found
}
