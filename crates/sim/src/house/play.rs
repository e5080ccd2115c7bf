//! One seed of the house: attacks for some hours, then people clear up, and the oracles are asked.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use participant::Place;
use round::Phase;

use super::House;
use super::attacks::Live;
use super::canaries::HUNTS;
use super::cases::{Case, Out};
use super::oracle::{self, Failure, Oracle, fails};
use super::template::Template;
use crate::cases::Draw;
use crate::template::number_keys_from;

/// How long a beat lasts at most, ms.
const BEATS_MS: [u64; 6] = [100, 5_000, 60_000, 600_000, 1_800_000, 5_400_000];
/// How often a seat is shown the door before people despair.
const REMOVALS: usize = 24;
const TEN_MINUTES_MS: u64 = 600_000;

/// One seed, played.
pub struct Played {
    /// Which.
    pub seed: u64,
    /// The name of what was played.
    pub case: String,
    /// What did not hold.
    pub failures: Vec<Failure>,
    /// Most requests that a node wanted to send within an hour.
    pub busiest: u64,
    /// What happened, if somebody reads it.
    pub trace: Vec<String>,
}

/// Plays a case. A panic is one more way to fail.
pub fn play(seed: u64, case: &Case, traced: bool) -> Played {
    let played = catch_unwind(AssertUnwindSafe(|| play_out(seed, case, traced)));
    take_out(None);
    played.unwrap_or_else(|_| Played {
        seed,
        case: case.name.clone(),
        failures: vec![fails(Oracle::Panics, "see above")],
        busiest: 0,
        trace: Vec::new(),
    })
}

/// Draws a rule that was taken out anew until that has shown itself, so that every seed finds it.
pub fn hunt(seed: u64, case: &Case, traced: bool) -> Played {
    let is_canary = case.name.starts_with("canary-");
    let mut hunted = play(seed, case, traced);
    for draw in (1..HUNTS).take_while(|_| is_canary) {
        if !hunted.failures.is_empty() {
            break;
        }
        hunted = play(seed.wrapping_add(draw << 32), case, traced);
    }
    Played { seed, ..hunted }
}

fn play_out(seed: u64, case: &Case, traced: bool) -> Played {
    let mut draw = Draw::new(seed, Phase::Joins);
    let n = draw.seats_with_room().max(case.seats);
    let hostile = hostile(&mut draw, n, case);
    let template = Template::of(n, case.relay);
    number_keys_from(seed.wrapping_mul(1_000).wrapping_add(1 << 40));
    take_out(case.without);
    let mut house = House {
        world: template.world(seed),
        n,
        hostile,
        draw,
        said: Vec::new(),
        kept: Vec::new(),
        ahead_ms: 0,
        untold: BTreeSet::new(),
        unheard: BTreeSet::new(),
        left_out: BTreeSet::new(),
        busiest: 0,
        trace: traced.then(Vec::new),
    };
    let before = caucuses(&house);
    let lives = attacked(&mut house, case);
    if case.waits_for_time {
        house.pass(house.ahead_ms);
    }
    let mut failures = cleared_up(&mut house, &lives);
    if failures.is_empty() {
        failures.extend(used_again(&mut house));
    }
    house.note_circumstances();
    let after = caucuses(&house);
    let moved = [0, 1].map(|side| before[side] != after[side]);
    if case.attacks.len() == 1 {
        failures.extend(oracle::heard_meanwhile(&house));
    }
    failures.extend(oracle::always(&house));
    if failures.is_empty() {
        failures.extend(oracle::said_once(&house, moved));
    }
    failures.extend(oracle::removed_are_out(&mut house));
    take_out(None);
    Played {
        seed,
        case: case.name.clone(),
        failures,
        busiest: house.busiest,
        trace: house.trace.take().unwrap_or_default(),
    }
}

/// One hostile seat, or two where the honest are still as many as they are used to.
fn hostile(draw: &mut Draw, n: usize, case: &Case) -> Vec<usize> {
    let by_founder = case.attacks.iter().any(|attack| attack.by_a_founder());
    let mut hostile = match by_founder {
        true => vec![1 + usize::from(draw.one_in(2))],
        false => draw.some(n, 1),
    };
    if n >= 10 && draw.one_in(2) {
        hostile.extend(draw.some(n, n));
        let first = hostile.first().copied();
        let second = hostile.iter().copied().find(|seat| Some(*seat) != first);
        hostile = first.into_iter().chain(second).collect();
    }
    hostile
}

/// Where the caucuses of seats with even and with odd numbers are.
fn caucuses(house: &House) -> [Option<wire::MailboxId>; 2] {
    [0, 1].map(|side| {
        let mut honest = house.honest().into_iter();
        let member = honest.find(|seat| *seat > 0 && seat % 2 == side)?;
        house.mailbox(member, Place::Caucus)
    })
}

/// The attack, for some beats; people go on with what they do.
fn attacked(house: &mut House, case: &Case) -> Vec<Live> {
    let lives: Vec<Live> = case
        .attacks
        .iter()
        .map(|attack| Live::begin(*attack, house))
        .collect();
    let beats = 2 + house.draw.below(4);
    let early = house.draw.one_in(2).then(|| house.draw.below(beats));
    for beat in 0..beats {
        for live in &lives {
            live.beat(house);
        }
        talk(house);
        if house.draw.one_in(3) {
            let writers = house.honest();
            house.open_round(&writers);
        }
        if early == Some(beat) {
            for seat in house.hostile.clone() {
                house.remove(seat);
            }
        }
        let at = usize::try_from(house.draw.below(BEATS_MS.len() as u64)).unwrap_or(0);
        let ms = 1 + house.draw.below(BEATS_MS[at]);
        house.pass(ms);
        house.note_who_is_gone();
    }
    for live in &lives {
        live.end(house);
    }
    lives
}

fn talk(house: &mut House) {
    for _ in 0..1 + house.draw.below(3) {
        let honest = house.honest();
        let at = usize::try_from(house.draw.below(honest.len() as u64)).unwrap_or(0);
        let seat = honest.get(at).copied().unwrap_or(0);
        let place = match seat > 0 && house.draw.one_in(2) {
            true => Place::Caucus,
            false => Place::Plenary,
        };
        if house.is_there(seat) {
            house.say(seat, place);
        }
    }
}

/// The relay is as it should be; people end what is open and remove whoever is hostile.
fn cleared_up(house: &mut House, lives: &[Live]) -> Vec<Failure> {
    let mut found = Vec::new();
    house.everybody_comes_back();
    // A convenor whose room is full learns of it by saying something.
    house.say(0, Place::Plenary);
    house.pass(2 * TEN_MINUTES_MS);
    if !house.end_round() {
        found.push(fails(Oracle::RoundFails, "a Round stays open"));
    }
    for seat in house.hostile.clone() {
        let mut left = REMOVALS;
        while left > 0 && !house.is_gone(seat) {
            house.remove(seat);
            house.pass(TEN_MINUTES_MS);
            house.note_who_is_gone();
            left -= 1;
        }
        if !house.is_gone(seat) {
            let what = format!("seat {seat}{}", where_it_sits(house, seat));
            found.push(fails(Oracle::StillSeated, what));
        }
    }
    for live in lives {
        live.after_removal(house);
    }
    house.pass(TEN_MINUTES_MS);
    found
}

fn where_it_sits(house: &House, seat: usize) -> String {
    match house.is_gone_from_plenary(seat) {
        true => ", in its caucus alone".into(),
        false => String::new(),
    }
}

/// Honest people talk in all their rooms, and hold a Round.
fn used_again(house: &mut House) -> Vec<Failure> {
    let whole = |house: &House| {
        let honest = house.honest();
        let mut seated = honest.iter().filter(|seat| **seat > 0);
        seated.all(|seat| caucus_is_whole(house, *seat))
    };
    if !house.wait_until(whole) {
        let honest = house.honest();
        let without = honest.iter().filter(|seat| **seat > 0);
        let without: Vec<&usize> = without
            .filter(|seat| !caucus_is_whole(house, **seat))
            .collect();
        return vec![fails(Oracle::CaucusDivides, format!("for {without:?}"))];
    }
    let first = house.said.len();
    let mut found = Vec::new();
    for seat in house.honest() {
        for place in [Place::Plenary, Place::Caucus] {
            if (seat > 0 || place == Place::Plenary) && !house.say(seat, place) {
                let what = format!("seat {seat} in the {place:?}");
                found.push(fails(Oracle::CannotSay, what));
            }
        }
    }
    let said: Vec<(Place, usize, String)> = house.said[first..].to_vec();
    let all_read = |house: &House| all_unread(house, &said).is_empty();
    if !house.wait_until(all_read) {
        for (seat, what) in all_unread(house, &said) {
            found.push(fails(Oracle::Unread, format!("by seat {seat}: {what}")));
        }
        return found;
    }
    let honest = house.honest();
    found.extend(oracle::agrees(house, Place::Plenary, &honest));
    for side in 0..2 {
        let members = honest
            .iter()
            .filter(|seat| **seat > 0 && **seat % 2 == side);
        let members: Vec<usize> = members.copied().collect();
        found.extend(oracle::agrees(house, Place::Caucus, &members));
    }
    if found.is_empty() {
        found.extend(last_round(house));
    }
    found
}

fn caucus_is_whole(house: &House, seat: usize) -> bool {
    let Some(room) = house.room(seat, Place::Caucus) else {
        return false;
    };
    let mut names: Vec<String> = room.seats.iter().map(|seat| seat.name.clone()).collect();
    names.sort();
    let members = house.colleagues(seat).into_iter();
    room.live
        && names
            == members
                .map(|seat| format!("Seat{seat:02}"))
                .collect::<Vec<_>>()
}

fn all_unread(house: &House, said: &[(Place, usize, String)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for seat in house.honest() {
        for place in [Place::Plenary, Place::Caucus] {
            let heard = |one: &&(Place, usize, String)| {
                let here = place == Place::Plenary || (seat > 0 && one.1 % 2 == seat % 2);
                one.0 == place && here
            };
            let texts: Vec<String> = said.iter().filter(heard).map(|one| one.2.clone()).collect();
            let missing = oracle::unread(house, seat, place, &texts);
            found.extend(
                missing
                    .into_iter()
                    .map(|text| (seat, format!("{place:?}: {text}"))),
            );
        }
    }
    found
}

fn last_round(house: &mut House) -> Vec<Failure> {
    let writers: Vec<usize> = house
        .honest()
        .into_iter()
        .filter(|seat| *seat > 0)
        .collect();
    let Some(round) = house.open_round(&writers) else {
        return vec![fails(Oracle::RoundFails, "it cannot be opened")];
    };
    let over = |house: &House| {
        let room = house.room(0, Place::Plenary);
        room.is_some_and(|room| room.round.is_none())
    };
    house.wait_until(over);
    house.pass(10_000);
    oracle::round_opens(house, round)
}

fn take_out(rule: Option<Out>) {
    let (of_round, of_room, of_participant) = match rule {
        None => (None, None, None),
        Some(Out::Round(rule)) => (Some(rule), None, None),
        Some(Out::Room(rule)) => (None, Some(rule), None),
        Some(Out::Participant(rule)) => (None, None, Some(rule)),
    };
    round::rules::take_out(of_round);
    room::rules::take_out(of_room);
    participant::rules::take_out(of_participant);
}
