//! What a room reads: a posted event, a state from an inviter, and any events from any leaf in any
//! order. A void event leaves no trace, and readers of one log agree however they came by it.

use std::sync::LazyLock;

use room::{
    Added, Approved, Audience, BegunHash, CaucusFounded, CaucusKey, CaucusName, CaucusWelcome,
    CommitName, Effect, Event, FailedWhy, Fate, Founding, Leaf, MailboxName, MessageId,
    MessageText, Name, NewSeat, Open, OpenHash, Outcome, Place, Posted, Question, Ready, RequestId,
    Role, RoomKind, RoomVersion, RoundClosed, RoundFailed, RoundId, RoundKind, RuleCard, RunEnded,
    RunReleased, SeatId, SeatsChanged, SideId, SideName, SlotSize, State, StatementText, Tally,
    Text, Title, Void, Vouched, WordsConfirmed, floor,
};
use tls_codec::{DeserializeBytes as _, VLBytes};

use crate::script::Script;

/// Seats of the two sides; the convenor's leaf is 0, theirs follow.
const SEATS: u32 = 6;
const CONVENOR: Leaf = Leaf(0);
/// Events of one script, at most.
const EVENTS: usize = 200;

/// Rooms to begin with: empty, seated, in a writing window, and in a run.
static ROOMS: LazyLock<[State; 4]> = LazyLock::new(|| {
    let seated = seated();
    let window = at_the_end_of_a_window(seated.clone());
    let mut running = window.clone();
    let start = Event::Started(open(0).id);
    running
        .apply(Some(Leaf(1)), WINDOW_MS * 2, &start)
        .expect("START counts");
    [founded(), seated, window, running]
});

/// An event as a member sends it.
pub fn posted(bytes: &[u8]) {
    let Ok(posted) = Posted::decode(bytes) else {
        return;
    };
    assert_eq!(posted.encode(), bytes);
    assert!(!posted.event().is_derived());
    for room in &*ROOMS {
        for leaf in 0..3 {
            let _ = step(&mut room.clone(), Some(Leaf(leaf)), 10_000, posted.event());
        }
    }
}

/// A state as an inviter hands it over, and events that follow.
pub fn room_state(bytes: &[u8]) {
    let Ok(mut state) = State::decode(bytes) else {
        return;
    };
    assert_eq!(state.encode(), bytes);
    let mut script = Script::new(bytes);
    for _ in 0..8 {
        let event = if script.one_in(3) {
            derived(&mut script)
        } else {
            sent(&mut script)
        };
        let from = (!event.is_derived()).then(|| leaf(&mut script));
        let _ = state.apply(from, u64::from(script.word()), &event);
    }
    let _ = (
        state.digest(),
        state.departed().len(),
        state.may_seat(RequestId([1; 32])),
    );
    let _ = state.default_own_minimum(Audience::Room, u64::MAX);
}

/// Any events from any leaf, and what is derived from any log.
pub fn room_events(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let begin = script.below(ROOMS.len());
    let mut state = ROOMS[begin].clone();
    let mut newcomer = state.clone();
    let mut time_ms = WINDOW_MS;
    for _ in 0..EVENTS {
        if script.is_spent() {
            return;
        }
        time_ms += u64::from(script.byte()) * WINDOW_MS / 64;
        let event = match script.byte() % 8 {
            0 => raw(&mut script),
            1..=2 => Some(derived(&mut script)),
            _ => Some(sent(&mut script)),
        };
        let Some(event) = event else { continue };
        // Now and then from the wrong source.
        let by_nobody = event.is_derived() != script.one_in(16);
        let from = (!by_nobody).then(|| leaf(&mut script));
        let result = step(&mut state, from, time_ms, &event);
        if script.one_in(16) {
            newcomer = State::decode(&state.encode()).expect("what was written is read");
        } else {
            assert_eq!(newcomer.apply(from, time_ms, &event), result);
        }
        if script.one_in(4) {
            let begun = BegunHash([script.byte() % 2; 32]);
            state.await_seated(begun);
            newcomer.await_seated(begun);
        }
        assert_eq!(newcomer, state);
        assert_floors_hold(&state);
    }
}

/// Applies, and compares what must and must not have changed.
fn step(
    state: &mut State,
    from: Option<Leaf>,
    time_ms: u64,
    event: &Event,
) -> Result<Effect, Void> {
    let before = state.clone();
    let result = state.apply(from, time_ms, event);
    match result {
        Ok(_) => assert_ne!(state.digest(), before.digest()),
        Err(_) => assert_eq!(*state, before, "a void event left a trace"),
    }
    if from.is_some() && event.is_derived() {
        assert!(matches!(
            result,
            Err(Void::WrongSource | Void::NotSeated | Void::NotArrived)
        ));
    }
    result
}

fn assert_floors_hold(state: &State) {
    let Some(round) = state.open_round() else {
        return;
    };
    for run in round.runs() {
        let opening = run.opening_roster.len();
        assert!(usize::from(run.floor) >= floor(opening, None));
        let shows = match &run.fate {
            Fate::Running => false,
            // It may never have begun.
            Fate::Over(Outcome::Failed(_)) => continue,
            Fate::Released | Fate::Over(Outcome::Closed { .. }) => true,
        };
        assert!(opening >= 5);
        assert!(!shows || run.roster().count() >= usize::from(run.floor));
    }
}

/// An event as it stands in the bytes.
fn raw(script: &mut Script) -> Option<Event> {
    let bytes = script.bytes(200);
    Event::tls_deserialize_bytes(bytes)
        .ok()
        .map(|(event, _)| event)
}

fn leaf(script: &mut Script) -> Leaf {
    Leaf(u32::from(script.byte() % 10))
}

fn seats(script: &mut Script) -> Vec<SeatId> {
    if script.one_in(4) {
        // All who are in the run to begin with.
        return (1..SEATS).map(SeatId).collect();
    }
    let many = script.byte() % 8;
    let seat = |script: &mut Script| SeatId(u32::from(script.byte() % 9));
    (0..many).map(|_| seat(script)).collect()
}

fn role(script: &mut Script) -> Role {
    let side = SideId(u16::from(script.byte() % 3));
    match script.byte() % 4 {
        0 => Role::Convenor,
        1 => Role::Interpreter(side),
        _ => Role::Side(side),
    }
}

/// What seats send.
fn sent(script: &mut Script) -> Event {
    let number = u32::from(script.byte() % 12);
    let round = RoundId([script.byte() % 3; 16]);
    match script.byte() % 19 {
        0 => message(script.byte()).event().clone(),
        1 => Event::Approved(Approved {
            request: request(number),
            name: name(number),
            role: role(script),
        }),
        2 => Event::Vouched(Vouched {
            request: request(number),
        }),
        3 | 4 => Event::WordsConfirmed(WordsConfirmed {
            membership: u64::from(number),
        }),
        5 => Event::CaucusKey(CaucusKey {
            key_package: VLBytes::from(script.bytes(8)),
        }),
        6 => Event::CaucusWelcome(CaucusWelcome {
            seat: SeatId(number),
            bytes: VLBytes::from(script.bytes(8)),
        }),
        7 => Event::RoundOpened(odd_terms(script)),
        8 => Event::WindowEnds(round),
        9 | 10 => Event::Ready(Ready {
            round,
            open_hash: if script.one_in(4) {
                OpenHash([0; 32])
            } else {
                open(round.0[0]).hash()
            },
        }),
        11 => Event::Started(round),
        14 => Event::PlaceAnnounced(place(script)),
        15 => Event::Moved(place(script)),
        16 => Event::CaucusFounded(CaucusFounded {
            caucus: CaucusName([script.byte() % 3; 32]),
            replaces: script
                .one_in(2)
                .then(|| CaucusName([script.byte() % 3; 32])),
        }),
        17 => Event::NotYet(CommitName([script.byte() % 2; 32])),
        18 => Event::Arrived(BegunHash([script.byte() % 2; 32])),
        12 => Event::Speaks(RoomVersion(u16::from(script.byte() % 4))),
        _ => Event::Upgraded(RoomVersion(u16::from(script.byte() % 4))),
    }
}

fn place(script: &mut Script) -> Place {
    Place {
        relay: VLBytes::from(script.bytes(4)),
        mailbox: MailboxName([script.byte() % 2; 32]),
    }
}

fn odd_terms(script: &mut Script) -> Open {
    let plain = open(script.byte() % 3);
    if !script.one_in(3) {
        return plain;
    }
    let audience = match script.byte() % 4 {
        0 => Audience::Room,
        3 => Audience::EachSide,
        side => Audience::Side(SideId(u16::from(side))),
    };
    let extremes = [0, 1, WINDOW_MS, u64::MAX];
    let statements = ["The quay opens.", "The quay OPENS!", "The quay closes."];
    let statements = statements.map(|words| StatementText::parse(words).expect("a statement"));
    let kind = match script.byte() % 4 {
        0 => plain.kind,
        many => RoundKind::Ballot(statements.into_iter().skip(usize::from(many) - 1).collect()),
    };
    Open {
        kind,
        audience,
        floor: script.one_in(2).then(|| u16::from(script.byte())),
        window_ms: *script.choose(&extremes).expect("not empty"),
        phase_ms: *script.choose(&extremes).expect("not empty"),
        ..plain
    }
}

/// Mostly that of a Round with one sequence.
fn side(script: &mut Script) -> Option<SideId> {
    let is_named = script.one_in(4);
    is_named.then(|| SideId(u16::from(script.byte() % 3)))
}

fn tallies(script: &mut Script) -> Vec<Tally> {
    let tally = |script: &mut Script| Tally {
        agree: u16::from(script.byte() % 6),
        unanswered: u16::from(script.byte() % 6),
        ..Tally::default()
    };
    (0..script.byte() % 4).map(|_| tally(script)).collect()
}

/// What whoever folds the log derives, rightly or wrongly.
fn derived(script: &mut Script) -> Event {
    let round = RoundId([script.byte() % 3; 16]);
    match script.byte() % 8 {
        0 | 1 => {
            let new = script.byte() % 3;
            let added = |script: &mut Script| {
                let number = u32::from(script.byte() % 12);
                added(number, script.one_in(2).then(|| name(number)))
            };
            Event::SeatsChanged(SeatsChanged {
                added: (0..new).map(|_| added(script)).collect(),
                removed: seats(script).into_iter().map(|seat| Leaf(seat.0)).collect(),
                by: leaf(script),
                follows: u64::from(script.byte() % 3),
            })
        }
        2 => Event::RunEnded(RunEnded {
            round,
            side: side(script),
            absent: seats(script),
            disruptors: seats(script),
        }),
        3 => Event::RunReleased(RunReleased {
            round,
            side: side(script),
        }),
        4 => Event::RoundClosed(RoundClosed {
            round,
            side: side(script),
            runs: u16::from(script.byte() % 3),
            final_roster: seats(script),
            statements: Vec::new(),
            blanks: u16::from(script.byte() % 8),
            tallies: tallies(script),
        }),
        5 => Event::LogShut,
        6 => Event::LogReopened,
        _ => Event::RoundFailed(RoundFailed {
            round,
            side: side(script),
            why: FailedWhy::GaveUp,
        }),
    }
}

const WINDOW_MS: u64 = 60_000;

fn open(number: u8) -> Open {
    Open {
        id: RoundId([number; 16]),
        question: Question::parse("What could you live with?").expect("a question"),
        kind: RoundKind::Statement(SlotSize::OneKib),
        audience: Audience::Room,
        floor: None,
        window_ms: WINDOW_MS,
        phase_ms: 3_000,
    }
}

fn request(number: u32) -> RequestId {
    let mut bytes = [9; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    RequestId(bytes)
}

fn name(number: u32) -> Name {
    Name::parse(&format!("Person {number}")).expect("a name")
}

fn key(number: u32) -> Vec<u8> {
    [[7; 28].as_slice(), &number.to_be_bytes()].concat()
}

fn added(number: u32, name: Option<Name>) -> Added {
    Added {
        leaf: Leaf(number),
        signature_key: key(number),
        request: request(number),
        name,
    }
}

fn message(number: u8) -> Posted {
    let text = MessageText::parse("We heard you.").expect("a text");
    let salt = [number; 32];
    Posted::message(MessageId([number; 16]), None, Text { salt, text })
}

fn founded() -> State {
    let side = |name| SideName::parse(name).expect("a name");
    let founding = Founding {
        room: RoomKind::Plenary,
        title: Title::parse("Talks about the estuary").expect("a title"),
        sides: vec![side("River"), side("Harbour")],
        rule_card: RuleCard::ChathamHouse,
        founder: NewSeat {
            name: name(0),
            role: Role::Convenor,
            leaf: CONVENOR,
            signature_key: key(0),
        },
    };
    State::found(founding).expect("a room")
}

/// Everybody is seated and has confirmed the table words.
fn seated() -> State {
    let mut state = founded();
    let mut say = |from: Option<u32>, event: Event| {
        let effect = state.apply(from.map(Leaf), 1_000, &event);
        effect.expect("it counts");
    };
    for number in 1..=SEATS {
        let side = (number - 1) % 2;
        let approved = Approved {
            request: request(number),
            name: name(number),
            role: Role::Side(SideId(u16::from(side == 1))),
        };
        say(Some(0), Event::Approved(approved));
        if number > 2 {
            let request = request(number);
            say(Some(side + 1), Event::Vouched(Vouched { request }));
        }
        let change = SeatsChanged {
            added: vec![added(number, None)],
            removed: Vec::new(),
            by: CONVENOR,
            follows: 0,
        };
        say(None, Event::SeatsChanged(change));
    }
    let membership = u64::from(SEATS);
    for number in 0..=SEATS {
        say(
            Some(number),
            Event::WordsConfirmed(WordsConfirmed { membership }),
        );
    }
    state
}

/// All but one are ready, and the window is over.
fn at_the_end_of_a_window(mut state: State) -> State {
    let open = open(0);
    let mut say = |from: u32, event: Event| {
        let effect = state.apply(Some(Leaf(from)), 2_000, &event);
        effect.expect("it counts");
    };
    let ready = Event::Ready(Ready {
        round: open.id,
        open_hash: open.hash(),
    });
    say(0, Event::RoundOpened(open));
    for leaf in 1..SEATS {
        say(leaf, ready.clone());
    }
    state
}

/// One event of each kind that is sent.
pub fn events() -> Vec<Vec<u8>> {
    let kinds = (0..14).map(|kind| sent(&mut Script::new(&[1, 0, kind, 1, 1, 1])));
    let alone = kinds.filter_map(Posted::event_alone);
    alone.chain([message(1)]).map(|p| p.encode()).collect()
}

/// The rooms to begin with.
pub fn states() -> Vec<Vec<u8>> {
    ROOMS.iter().map(State::encode).collect()
}

/// A script for each room to begin with.
pub fn scripts() -> Vec<Vec<u8>> {
    let decisions = |room: u8| {
        let step = |n: u8| [n % 3, n % 8, n, n % 3, n % 14, n % 10, n % 5, n % 7];
        let steps = (0..60).flat_map(|n: u8| step(n.wrapping_mul(37).wrapping_add(room)));
        [room].into_iter().chain(steps).collect()
    };
    (0..4).map(decisions).collect()
}
