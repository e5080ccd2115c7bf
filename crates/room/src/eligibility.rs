//! Who counts in Rounds. Without this rule a convenor with two friends could
//! fill a roster with puppets and leave one honest seat among them.

use crate::founding::RoomKind;
use crate::ids::{SeatId, SideId};
use crate::rules::{Rule, holds};
use crate::seat::Seat;

/// Marks every seat that counts from now on, and names them. The conditions
/// only ever get easier as seats begin to count, so the order does not matter.
pub(crate) fn count_more(room: RoomKind, seats: &mut [Seat], event_number: u64) -> Vec<SeatId> {
    let mut now_counting = Vec::new();
    let counts = |seat: &Seat, seats: &[Seat]| {
        is_confirmed(seat, seats) && is_heard_enough(room, seat, seats)
    };
    while let Some(next) = seats.iter().position(|seat| counts(seat, seats)) {
        let Some(seat) = seats.get_mut(next) else {
            break;
        };
        seat.counting_since = Some(event_number);
        now_counting.push(seat.id);
    }
    now_counting.sort();
    now_counting
}

/// Whether a seat that does not count yet has all the confirmations it needs.
fn is_confirmed(seat: &Seat, seats: &[Seat]) -> bool {
    let Some(own_side) = seat.role.side() else {
        return false;
    };
    if !holds(Rule::CountedByWords) {
        return seat.counting_since.is_none();
    }
    seat.counting_since.is_none()
        && voucher_counts(seat, seats)
        && other_sides(seats, own_side).all(|side| heard_by(seat, seats, side))
        && (heard_by(seat, seats, own_side) || nobody_else_vouches(seat, seats, own_side))
}

/// How many confirmations a newcomer needs, its voucher's not among them: the next after a side's first
/// seat one, as nobody else is there; all others two; three where nobody vouches, because the side was
/// emptied. Else a convenor who removes the honest needs fewer friends than before.
pub(crate) fn needs(room: RoomKind, seated_before: u32, is_vouched: bool) -> u8 {
    match (room, seated_before, is_vouched) {
        (RoomKind::Plenary, 0, _) => 0,
        (RoomKind::Caucus(_), _, _) | (RoomKind::Plenary, 1, true) => 1,
        (RoomKind::Plenary, _, true) => 2,
        (RoomKind::Plenary, _, false) => 3,
    }
}

/// By as many as it needs, and in the plenary by another side, whether the others have come yet or not.
fn is_heard_enough(room: RoomKind, seat: &Seat, seats: &[Seat]) -> bool {
    if !holds(Rule::RemovingLowersNothing) || !holds(Rule::CountedByWords) {
        return true;
    }
    let own = seat.role.side();
    let heard = seats.iter().filter(|other| confirms(other, seat));
    let by_others = heard.clone().any(|other| other.role.side() != own);
    let is_heard_elsewhere = match room {
        RoomKind::Plenary => by_others,
        RoomKind::Caucus(_) => true,
    };
    is_heard_elsewhere && heard.count() >= usize::from(seat.needs)
}

/// Whoever has not been heard by others brings nobody in: two friends on two sides could otherwise
/// let one puppet vouch for the next, and would both be free to confirm that one.
fn voucher_counts(newcomer: &Seat, seats: &[Seat]) -> bool {
    newcomer.voucher.is_none_or(|voucher| {
        let mut seats = seats.iter();
        seats.any(|seat| seat.id == voucher && seat.counting_since.is_some())
    })
}

/// Sides that have seats; a side without seats is not waited for.
fn other_sides(seats: &[Seat], own: SideId) -> impl Iterator<Item = SideId> {
    seats
        .iter()
        .filter_map(|seat| seat.role.side())
        .filter(move |side| *side != own)
}

fn heard_by(newcomer: &Seat, seats: &[Seat], side: SideId) -> bool {
    let mut seats = seats.iter();
    seats.any(|seat| seat.role.side() == Some(side) && confirms(seat, newcomer))
}

/// A counting seat of a side, neither the newcomer nor its voucher, has confirmed the table words since the
/// newcomer joined.
fn confirms(seat: &Seat, newcomer: &Seat) -> bool {
    seat.id != newcomer.id
        && Some(seat.id) != newcomer.voucher
        && seat.counting_since.is_some()
        && seat.confirmed >= Some(newcomer.joined)
}

/// Of its own side nobody was seated before it except its voucher. Later seats
/// are not looked at: two newcomers would wait for each other for ever.
fn nobody_else_vouches(newcomer: &Seat, seats: &[Seat], own_side: SideId) -> bool {
    !seats.iter().any(|seat| {
        seat.role.side() == Some(own_side)
            && seat.id < newcomer.id
            && Some(seat.id) != newcomer.voucher
    })
}
