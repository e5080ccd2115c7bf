//! What a stored state may not be, one fault at a time: with no other fault beside it, each rule is alone.

use crate::ballots::{Ballots, Roster, Voted};
use crate::bloc::{Answer, Bloc, BlocAnswer, BlocVote};
use crate::founding::{Founding, NewSeat, Role, RoomKind, RuleCard};
use crate::ids::{
    CaucusName, Leaf, MailboxName, MessageId, OpenHash, RequestId, RoundId, SeatId, SideId,
    StatementKey,
};
use crate::limits;
use crate::membership::Seated;
use crate::open_round::{Audience, Open, OpenRound, Progress, RoundKind, SlotSize};
use crate::places::{Announced, Caucus, Place};
use crate::rounds::EndedRound;
use crate::seat::{Arrival, Commits, DepartedSeat, Seat};
use crate::snapshot::SnapshotError;
use crate::state::{Approval, FIRST_VERSION, State};
use crate::text::{Name, Question, SideName, StatementText, Title};

fn name(number: u32) -> Name {
    Name::parse(&format!("Person {number}")).unwrap()
}

fn side_name(number: u32) -> SideName {
    SideName::parse(&format!("Side {number}")).unwrap()
}

fn role(number: u32) -> Role {
    Role::Side(SideId(u16::try_from(number % 2).unwrap()))
}

fn seat(number: u32) -> Seat {
    Seat {
        id: SeatId(number),
        name: name(number),
        role: role(number),
        leaf: Leaf(number),
        signature_key: vec![7; 32],
        voucher: None,
        needs: 0,
        joined: 0,
        confirmed: None,
        counting_since: None,
        speaks: FIRST_VERSION,
        key_package: None,
        arrival: Arrival::Here,
        commits: Commits::Count,
    }
}

/// A plenary with a convenor and four seats, numbered on.
fn sound() -> State {
    let founding = Founding {
        room: RoomKind::Plenary,
        title: Title::parse("Talks").unwrap(),
        sides: vec![side_name(0), side_name(1)],
        rule_card: RuleCard::ChathamHouse,
        founder: NewSeat {
            name: name(0),
            role: Role::Convenor,
            leaf: Leaf(0),
            signature_key: vec![7; 32],
        },
    };
    let mut state = State::found(founding).unwrap();
    state.membership.seats.extend((1..5).map(seat));
    state.membership.next_seat = 5;
    state
}

fn bloc(side: u16, answers: usize) -> Bloc {
    Bloc {
        side: SideId(side),
        by: SeatId(1),
        answers: vec![Answer::Agree; answers],
    }
}

fn ended(blocs: Vec<Bloc>) -> EndedRound {
    EndedRound {
        id: RoundId([1; 16]),
        open_hash: OpenHash([1; 32]),
        audience: Audience::Room,
        ended_ms: 0,
        sequences: vec![],
        blocs,
    }
}

fn open(blocs: Vec<Bloc>) -> OpenRound {
    OpenRound {
        open: Open {
            id: RoundId([2; 16]),
            question: Question::parse("What?").unwrap(),
            kind: RoundKind::Statement(SlotSize::OneKib),
            audience: Audience::Room,
            floor: None,
            window_ms: 1,
            phase_ms: 1,
        },
        author: SeatId(0),
        opened_ms: 0,
        ends_ms: 1,
        brought_forward_ms: None,
        gate_ms: None,
        ready: vec![],
        blocs,
        progress: Progress::Window,
    }
}

fn vote(seat: u32, answers: usize) -> BlocVote {
    BlocVote {
        seat: SeatId(seat),
        vote: BlocAnswer {
            open_hash: OpenHash([1; 32]),
            answers: vec![Answer::Pass; answers],
        },
    }
}

fn roster(seats: &[u32], promise: usize) -> Roster {
    Roster {
        seats: seats.iter().copied().map(SeatId).collect(),
        promise: u16::try_from(promise).unwrap(),
        next_seat: 5,
    }
}

fn voted(number: usize, by: &[u16]) -> Voted {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    Voted {
        statement: StatementKey(key),
        by: by.to_vec(),
    }
}

fn announced(seat: u32) -> Announced {
    Announced {
        seat: SeatId(seat),
        place: Place {
            relay: vec![1].into(),
            mailbox: MailboxName([1; 32]),
        },
    }
}

fn caucus(side: u16, turns: &[u32]) -> Caucus {
    Caucus {
        side: SideId(side),
        name: CaucusName([1; 32]),
        by: SeatId(1),
        since_ms: 1,
        turns: turns.iter().copied().map(SeatId).collect(),
    }
}

fn departed(number: u32) -> DepartedSeat {
    DepartedSeat {
        id: SeatId(number),
        name: name(number),
        role: role(number),
        signature_key: vec![7; 32],
    }
}

fn approval(number: u32) -> Approval {
    Approval {
        request: RequestId([3; 32]),
        name: name(number),
        role: role(number),
        voucher: None,
    }
}

fn is_read(change: impl FnOnce(&mut State)) -> bool {
    let mut state = sound();
    change(&mut state);
    match State::decode(&state.encode()) {
        Ok(read) => read == state,
        Err(SnapshotError::Damaged | SnapshotError::UnknownVersion(_)) => false,
    }
}

/// As many as fit are read, and one more is refused.
fn ends_at(limit: usize, fill: impl Fn(&mut State, usize)) {
    assert!(is_read(|state| fill(state, limit)));
    assert!(!is_read(|state| fill(state, limit + 1)));
}

#[test]
fn lists_of_a_state_are_as_short_as_the_fold_keeps_them() {
    let up_to = |count: usize| 0..u32::try_from(count).unwrap();
    ends_at(limits::SEATS_MAX, |state, count| {
        state.membership.seats = up_to(count).map(seat).collect();
        state.membership.next_seat = u32::try_from(count).unwrap();
    });
    ends_at(limits::DEPARTED_MAX, |state, count| {
        state.membership.departed = up_to(count).map(departed).collect();
    });
    ends_at(limits::APPROVALS_MAX, |state, count| {
        state.membership.approvals = up_to(count).map(approval).collect();
    });
    ends_at(limits::ENDED_ROUNDS_MAX, |state, count| {
        state.ended_rounds = vec![ended(vec![]); count];
    });
    ends_at(limits::RECENT_MESSAGES_MAX, |state, count| {
        state.recent_messages = vec![MessageId([1; 16]); count];
    });
    ends_at(limits::SIDES_MAX, |state, count| {
        state.sides = up_to(count).map(side_name).collect();
    });
}

#[test]
fn seats_of_a_state_ascend_below_the_next_number_and_sit_with_sides_that_there_are() {
    assert!(is_read(|_| ()));
    assert!(!is_read(|state| state.membership.seats.swap(1, 2)));
    assert!(!is_read(|state| state.membership.next_seat = 4));
    assert!(is_read(|state| state.membership.next_seat = 9));
    assert!(!is_read(|state| state.membership.seats[2].id = SeatId(1)));
    assert!(!is_read(|state| state.membership.seats[2].leaf = Leaf(1)));
    let seated = |role: Role| is_read(|state| state.membership.seats[2].role = role);
    assert!(seated(Role::Side(SideId(1))) && seated(Role::Interpreter(SideId(1))));
    assert!(!seated(Role::Side(SideId(2))) && !seated(Role::Interpreter(SideId(2))));
}

#[test]
fn what_sides_answer_as_one_is_in_order_and_short() {
    let longest = limits::LANES_MAX;
    let both = |blocs: Vec<Bloc>| {
        let of_ended = is_read(|state| state.ended_rounds = vec![ended(blocs.clone())]);
        assert_eq!(
            is_read(|state| state.open_round = Some(open(blocs))),
            of_ended
        );
        of_ended
    };
    assert!(both(vec![bloc(0, longest), bloc(1, longest)]));
    assert!(!both(vec![bloc(0, longest), bloc(1, longest + 1)]));
    assert!(!both(vec![bloc(1, 1), bloc(0, 1)]));
    assert!(!both(vec![bloc(1, 1), bloc(1, 1)]));
    assert!(both((0..5).map(|side| bloc(side, 1)).collect()));
    assert!(!both((0..6).map(|side| bloc(side, 1)).collect()));
}

#[test]
fn votes_of_a_caucus_are_of_its_seats_in_order_and_short() {
    let longest = limits::LANES_MAX;
    let votes = |votes: Vec<BlocVote>| is_read(|state| state.bloc_votes = votes);
    assert!(votes(vec![vote(1, longest), vote(2, 1)]));
    assert!(!votes(vec![vote(1, longest + 1), vote(2, 1)]));
    assert!(!votes(vec![vote(2, 1), vote(1, 1)]));
    assert!(!votes(vec![vote(1, 1), vote(1, 1)]));
    assert!(!votes(vec![vote(1, 1), vote(9, 1)]));
}

#[test]
fn ballots_of_a_state_name_rosters_that_there_are_in_order() {
    let stored = |rosters: Vec<Roster>, all: Vec<Voted>| {
        is_read(|state| {
            state.ballots.rosters = rosters;
            state.ballots.voted = all;
        })
    };
    let (one, other) = (roster(&[1, 2], 5), roster(&[3, 4], 5));
    let two = || vec![one.clone(), other.clone()];
    assert!(stored(two(), vec![voted(1, &[0, 1]), voted(2, &[1])]));
    assert!(!stored(two(), vec![voted(1, &[0, 2])]));
    assert!(!stored(two(), vec![voted(1, &[0, 1, 0])]));
    assert!(!stored(two(), vec![voted(2, &[0]), voted(1, &[1])]));
    assert!(!stored(two(), vec![voted(1, &[0]), voted(1, &[1])]));
    assert!(!stored(vec![roster(&[2, 1], 5)], vec![]));
    assert!(!stored(vec![roster(&[1, 1], 5)], vec![]));
}

#[test]
fn promises_and_numbers_of_ballots_have_limits() {
    let promised =
        |promise| is_read(|state| state.ballots.rosters = vec![roster(&[1, 2], promise)]);
    assert!(promised(limits::FLOOR_MIN) && promised(limits::ROSTER_MAX));
    assert!(!promised(limits::FLOOR_MIN - 1) && !promised(limits::ROSTER_MAX + 1));
    ends_at(limits::BALLOT_ROSTERS_MAX, |state, count| {
        state.ballots.rosters = vec![roster(&[1], 5); count];
    });
    ends_at(limits::STATEMENT_NAMES_MAX, |state, count| {
        state.ballots.voted = (0..count).map(|number| voted(number, &[])).collect();
    });
}

#[test]
fn sides_count_their_seats_once_and_no_roster_voted_with_seats_to_come() {
    let seated = |sides: &[u16]| {
        let seated = |side: &u16| Seated {
            side: SideId(*side),
            ever: 1,
        };
        is_read(|state| state.membership.seated = sides.iter().map(seated).collect())
    };
    assert!(seated(&[]) && seated(&[0, 1]));
    assert!(!seated(&[1, 0]) && !seated(&[1, 1]) && !seated(&[0, 2]));
    let next = |next_seat| {
        let last = Roster {
            next_seat,
            ..roster(&[1, 2], 5)
        };
        is_read(|state| state.ballots.rosters = vec![last])
    };
    assert!(next(5) && !next(6));
}

#[test]
fn places_and_caucuses_of_a_state_belong_to_seats_and_sides_that_there_are() {
    assert!(!is_read(|state| state.membership.keeper = SeatId(9)));
    let places = |seats: &[u32]| {
        is_read(|state| state.places = seats.iter().copied().map(announced).collect())
    };
    assert!(places(&[0, 1]));
    assert!(!places(&[1, 0]) && !places(&[1, 1]) && !places(&[0, 9]));
    let caucuses = |all: Vec<Caucus>| is_read(|state| state.caucuses = all);
    assert!(caucuses(vec![caucus(0, &[1, 2]), caucus(1, &[])]));
    assert!(!caucuses(vec![caucus(1, &[]), caucus(0, &[])]));
    assert!(!caucuses(vec![caucus(1, &[]), caucus(1, &[])]));
    assert!(!caucuses(vec![caucus(0, &[]), caucus(2, &[])]));
    assert!(!caucuses(vec![caucus(0, &[1, 9]), caucus(1, &[])]));
}

/// Rosters are kept once: as long as the seats and the promise are the same, and no longer.
#[test]
fn a_roster_that_votes_is_remembered_apart_from_every_other() {
    let statement = StatementText::parse("We stay.").unwrap();
    let statement = RoundKind::Ballot(vec![statement]).statement_keys();
    let mut ballots = Ballots::default();
    let few: Vec<u32> = (1..11).collect();
    let more: Vec<u32> = (1..16).collect();
    let all = [
        roster(&few, 5),
        roster(&more, 5),
        roster(&few, 6),
        roster(&more, 6),
    ];
    for (number, one) in all.iter().enumerate() {
        for _ in 0..2 {
            ballots.remember(&statement, one.clone());
            assert_eq!(ballots.rosters, all[..=number]);
            let voted: Vec<&Roster> = ballots.rosters_of(&statement[0]).collect();
            assert_eq!(voted, all[..=number].iter().collect::<Vec<_>>());
        }
    }
    let later = Roster {
        next_seat: 9,
        ..all[1].clone()
    };
    ballots.remember(&statement, later.clone());
    assert_eq!(ballots.rosters[1], later);
    assert_eq!(ballots.rosters.len(), all.len());
}

/// The two of them share a promise, and nobody may be counted as one of the other.
#[test]
fn who_has_voted_twice_in_different_rosters_of_one_promise_is_in_cells_of_both() {
    let statement = StatementText::parse("We stay.").unwrap();
    let statement = RoundKind::Ballot(vec![statement]).statement_keys();
    let mut ballots = Ballots::default();
    ballots.remember(&statement, roster(&(1..11).collect::<Vec<_>>(), 5));
    ballots.remember(&statement, roster(&(1..16).collect::<Vec<_>>(), 5));
    let seats = |seats: std::ops::Range<u32>| seats.map(SeatId).collect::<Vec<_>>();
    assert!(ballots.allows(&statement[0], &seats(1..16), 5));
    assert!(ballots.allows(&statement[0], &seats(1..21), 5));
    // The second roster's five without one: four are left.
    assert!(!ballots.allows(&statement[0], &seats(1..15), 5));
}
