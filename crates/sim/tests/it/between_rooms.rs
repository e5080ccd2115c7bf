//! Rounds exist in the plenary alone, and nothing that is said in one room is taken up in another: not
//! by its fold, and not by what people keep in their vaults.

use std::collections::BTreeMap;

use participant::Place::{Caucus, Plenary};
use participant::voice::Words;
use participant::{Command, Place};
use room::{
    Approved, Audience, BlocAnswer, CaucusFounded, CaucusKey, CaucusName, CaucusWelcome,
    CommitName, Event, Name, Open, Question, Ready, RequestId, Role, RoomVersion, RoundId,
    RoundKind, SeatId, SlotSize, StatementText, Vouched, WordsConfirmed,
};
use round::{Ballot, Close, GiveUp, Leave, Message, Phase};
use sim::World;

use crate::ballots::open;
use crate::stage::{asked, awaited, invitation, open_round, seated, write};

fn open_in_caucus(round: RoundId, kind: RoundKind) -> Event {
    Event::RoundOpened(Open {
        id: round,
        question: Question::parse("What do we think among us?").unwrap(),
        kind,
        audience: Audience::Room,
        floor: None,
        window_ms: 50,
        phase_ms: 3_000,
    })
}

/// The first seat of a side confirms the words of its caucus, and says an event there.
fn in_caucus(world: &mut World, event: Event) {
    let membership = world.seats[1].core().state_of(Caucus).unwrap().membership();
    let words = Event::WordsConfirmed(WordsConfirmed { membership });
    let words = [words, event].into_iter().map(Words::Event).collect();
    let now = world.now;
    world.seats[1].utter(Caucus, words, now);
    world.run();
}

/// What a vault keeps for Rounds.
fn kept(world: &World, seat: usize) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let ours = |key: &[u8]| {
        let prefixes: [&[u8]; 4] = [b"draft/", b"answers/", b"lock/", b"returned/"];
        prefixes.into_iter().any(|prefix| key.starts_with(prefix))
    };
    let rows = world.seats[seat].vault[&0].iter();
    let rows = rows.filter(|(key, _)| ours(key));
    rows.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn everything_kept(world: &World) -> Vec<BTreeMap<Vec<u8>, Vec<u8>>> {
    (0..world.seats.len())
        .map(|seat| kept(world, seat))
        .collect()
}

#[test]
fn a_round_under_the_plenarys_id_takes_no_draft_into_a_caucus() {
    let mut world = seated(12, 900);
    let round = open_round(&mut world, 600_000, 3_000);
    for seat in 1..13 {
        write(
            &mut world,
            seat,
            round,
            &format!("Draft number {}", seat * 7919),
        );
    }
    let before = everything_kept(&world);
    let kind = RoundKind::Statement(SlotSize::OneKib);
    in_caucus(&mut world, open_in_caucus(round, kind));
    world.pass(60_000);
    assert_eq!(everything_kept(&world), before);
    for seat in [1, 3, 11] {
        let caucus = world.seats[seat].core().view().caucus.unwrap();
        assert!(caucus.round.is_none() && caucus.results.is_empty());
    }
    world.pass(600_000);
    for seat in 0..13 {
        let plenary = world.seats[seat].core().view().plenary.unwrap();
        let texts = plenary.results.iter().map(|o| o.statements.len());
        assert_eq!(texts.collect::<Vec<_>>(), [12], "seat {seat}");
    }
}

#[test]
fn no_tally_of_a_caucus_stands_beside_the_plenarys() {
    let mut world = seated(14, 901);
    let round = open(&mut world, true);
    for seat in 1..15 {
        let answers = vec![Ballot::Agree; 3];
        world.command(
            seat,
            Command::Cast {
                round,
                answers,
                minimum: None,
            },
        );
    }
    let statements = ["One bridge.", "Two bridges.", "A ferry at night."];
    let parse = |text: &&str| StatementText::parse(text).unwrap();
    let kind = RoundKind::Ballot(statements.iter().map(parse).collect());
    in_caucus(&mut world, open_in_caucus(round, kind));
    world.pass(65_000);
    for seat in 1..15 {
        let view = world.seats[seat].core().view();
        assert!(view.caucus.unwrap().results.is_empty());
        assert_eq!(view.plenary.unwrap().results.len(), 2, "seat {seat}");
    }
}

/// Also a caucus whose table words are confirmed by nobody but its founder is not held up by a Round.
#[test]
fn a_removed_founder_of_a_caucus_does_not_stay_in_it_by_a_round() {
    let mut world = seated(12, 910);
    for seat in 1..13 {
        world.command(seat, Command::TakeSeat);
    }
    let kind = RoundKind::Statement(SlotSize::OneKib);
    in_caucus(&mut world, open_in_caucus(RoundId([5; 16]), kind));
    world.pass(20_000);
    let founder = world.seats[1].core().view().plenary.unwrap().own_seat;
    world.command(0, Command::Remove { seat: founder });
    world.pass(30_000);
    let caucus = world.seats[3].core().view().caucus.unwrap();
    assert!(caucus.seats.iter().all(|seat| seat.name != "Seat01"));
    assert_eq!(caucus.seats.len(), 5);
}

/// The relay refuses the commit that removes somebody from a caucus: until it stands, nobody speaks there.
#[test]
fn nobody_speaks_in_a_caucus_in_which_a_gone_seat_still_sits() {
    let mut world = seated(8, 904);
    let seat = world.seats[3].core().view().plenary.unwrap().own_seat;
    let mailbox = world.seats[3].core().subscriptions()[1].mailbox;
    world.host.no_rotations = Some(mailbox);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    let before = world.host.logs[&mailbox].len();
    let text = "now that one is gone".to_owned();
    world.command(
        5,
        Command::Say {
            place: Caucus,
            text,
        },
    );
    world.pass(60_000);
    assert_eq!(world.host.logs[&mailbox].len(), before);
    let view = world.seats[5].core().view();
    let caucus = view.caucus.unwrap();
    let gone = caucus.gone.iter().filter_map(|seat| caucus.seat(*seat));
    let gone: Vec<&str> = gone.map(|seat| seat.name.as_str()).collect();
    assert_eq!(gone.len(), 1);
    let left = &view.plenary.unwrap().left;
    assert!(left.iter().any(|seat| seat.name == gone[0]));
    assert!(view.alarms.is_empty(), "told in the caucus alone");
    world.seats[5].crash();
    world.seats[5].start();
    world.pass(60_000);
    assert_eq!(world.host.logs[&mailbox].len(), before);
    world.host.no_rotations = None;
    world.pass(3_600_000);
    let caucus = world.seats[7].core().view().caucus.unwrap();
    assert_eq!(caucus.seats.len(), 3);
    let texts: Vec<String> = caucus.messages.iter().map(|m| m.text.clone()).collect();
    assert_eq!(texts, ["now that one is gone"]);
    let caucus = world.seats[5].core().view().caucus.unwrap();
    assert!(caucus.gone.is_empty());
}

/// Whoever keeps its last message back is removed like anybody, and the others go on.
#[test]
fn whoever_withholds_its_last_message_is_removed_all_the_same() {
    let mut world = seated(7, 911);
    let round = open_round(&mut world, 10_000, 3_000);
    for seat in 1..8 {
        write(&mut world, seat, round, &format!("Text number {seat}"));
    }
    let decided = |w: &World| {
        let rows = w.seats[3].vault.get(&1).unwrap();
        rows.keys().any(|key| key.starts_with(b"share/"))
    };
    assert!(world.pass_until(30_000, decided));
    world.seats[3].crash();
    let seat = world.seats[1].core().view().plenary.unwrap().seats[3].seat;
    world.command(0, Command::Remove { seat });
    world.pass(30_000);
    let plenary = world.seats[1].core().view().plenary.unwrap();
    assert!(plenary.seats.iter().all(|other| other.seat != seat));
    assert_eq!(awaited(&world), ["Seat03"]);
    world.command(1, Command::GiveUp { round });
    world.pass(1_000);
    assert!(
        world.seats[5]
            .core()
            .view()
            .plenary
            .unwrap()
            .round
            .is_none()
    );
    let again = open_round(&mut world, 10_000, 3_000);
    write(&mut world, 1, again, "Something else.");
    world.pass(20_000);
    let results = world.seats[5].core().view().plenary.unwrap().results;
    assert_eq!(results.last().unwrap().statements, ["Something else."]);
}

/// Everything that a seat can send, with the ids of the plenary's: its Round, its messages, its
/// requests, its seats, its membership.
fn events_with_ids_of(world: &World, place: Place, request: RequestId) -> Vec<Event> {
    let plenary = world.seats[0].core().state().unwrap();
    let terms = plenary.open_round().unwrap().open.clone();
    let other = world.seats[1].core().state_of(place).unwrap();
    let (round, open_hash) = (terms.id, terms.hash());
    let answers = vec![room::Answer::Agree];
    let approved = Approved {
        request,
        name: Name::parse("Somebody").unwrap(),
        role: Role::Side(room::SideId(0)),
    };
    let last = other.seats().last().unwrap().id;
    let welcome = CaucusWelcome {
        seat: SeatId(last.0.saturating_add(1)),
        bytes: vec![1; 40].into(),
    };
    let place = plenary.places()[0].place.clone();
    let founded = |side: u16| {
        Event::CaucusFounded(CaucusFounded {
            caucus: CaucusName([9; 32]),
            replaces: plenary.caucus(room::SideId(side)).map(|caucus| caucus.name),
        })
    };
    vec![
        Event::PlaceAnnounced(place.clone()),
        Event::Moved(place),
        founded(0),
        founded(1),
        Event::Approved(approved),
        Event::Vouched(Vouched { request }),
        Event::WordsConfirmed(WordsConfirmed {
            membership: other.membership().saturating_add(1),
        }),
        Event::CaucusWelcome(welcome),
        Event::Speaks(RoomVersion(1)),
        Event::Upgraded(RoomVersion(2)),
        Event::RoundOpened(terms),
        open_in_caucus(round, RoundKind::Statement(SlotSize::OneKib)),
        open_in_caucus(RoundId([8; 16]), RoundKind::Statement(SlotSize::OneKib)),
        Event::WindowEnds(round),
        Event::Ready(Ready { round, open_hash }),
        Event::Started(round),
        Event::BlocAnswered(BlocAnswer { open_hash, answers }),
    ]
}

fn digests(world: &World, place: Place) -> Vec<room::Digest> {
    let seats = world.seats.iter().filter_map(|seat| {
        let view = seat.participant.as_ref()?.view();
        match place {
            Plenary => view.plenary,
            Caucus => view.caucus,
        }
    });
    seats.map(|room| room.digest).collect()
}

/// A plenary with an open Round and drafts, a request that waits for a voucher, and messages.
fn busy() -> (World, RoundId, RequestId) {
    let mut world = seated(10, 920);
    world.seats.push(sim::Seat::new(920_999));
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let (invitation, name) = (invitation(&world), "Late".to_owned());
    world.command(11, Command::Join { invitation, name });
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    let round = open_round(&mut world, 3_600_000, 3_000);
    for seat in 1..11 {
        write(
            &mut world,
            seat,
            round,
            &format!("Text number {}", seat * 31),
        );
    }
    world.pass(1_000);
    (world, round, RequestId(request))
}

#[test]
fn nothing_of_one_room_is_taken_up_in_another() {
    let (mut world, round, request) = busy();
    let before = everything_kept(&world);
    let rooms = [digests(&world, Plenary), digests(&world, Caucus)];
    let mut tried = events_with_ids_of(&world, Caucus, request);
    let key_package = vec![7; 40].into();
    tried.push(Event::CaucusKey(CaucusKey { key_package }));
    tried.push(Event::NotYet(CommitName([3; 32])));
    for event in tried {
        let now = world.now;
        world.seats[1].utter(Caucus, vec![Words::Event(event.clone())], now);
        world.pass(200);
        assert_eq!(digests(&world, Caucus), rooms[1], "{event:?}");
        assert_eq!(digests(&world, Plenary), rooms[0], "{event:?}");
    }
    // In the plenary a seat of a side has no word about what is the convenor's, and no votes of a caucus.
    let open_hash = world.seats[0].core().state().unwrap();
    let open_hash = open_hash.open_round().unwrap().open.hash();
    let vote = BlocAnswer {
        open_hash,
        answers: vec![room::Answer::Agree],
    };
    let mut tried = events_with_ids_of(&world, Plenary, RequestId([3; 32]));
    tried.push(Event::BlocVoted(vote));
    for event in tried {
        let now = world.now;
        world.seats[1].utter(Plenary, vec![Words::Event(event.clone())], now);
        world.pass(200);
        assert_eq!(digests(&world, Plenary), rooms[0], "{event:?}");
    }
    messages_of_a_run_in_another_room(&mut world, round);
    assert_eq!(digests(&world, Caucus), rooms[1]);
    assert_eq!(everything_kept(&world), before);
}

/// Messages of the plenary's run, posted in a caucus, end nothing.
fn messages_of_a_run_in_another_room(world: &mut World, round: RoundId) {
    let ctx = [9; 32];
    let said = [
        Message::Leave(Leave { ctx }),
        Message::GiveUp(GiveUp { ctx }),
        Message::Close(Close {
            ctx,
            phase: Phase::Joins,
        }),
    ];
    let plenary = digests(world, Plenary);
    for message in said {
        let now = world.now;
        world.seats[1].utter(Caucus, vec![Words::Round(round, Box::new(message))], now);
        world.pass(200);
        assert_eq!(digests(world, Plenary), plenary);
    }
}

/// A message of one room under the id of a message of another is a message of its own, and takes
/// nothing from the other one.
#[test]
fn a_message_id_of_another_room_takes_nothing_from_it() {
    let mut world = seated(6, 921);

    let text = "of all".to_owned();
    world.command(
        3,
        Command::Say {
            place: Plenary,
            text,
        },
    );
    let plenary = world.seats[5].core().view().plenary.unwrap();
    let id = plenary.messages[0].id;
    let now = world.now;
    world.seats[1].utter(Caucus, vec![Words::Said(id, "of us".into())], now);
    world.pass(200);
    let view = world.seats[5].core().view();
    let texts = |room: participant::view::RoomView| -> Vec<String> {
        room.messages.iter().map(|m| m.text.clone()).collect()
    };
    assert_eq!(texts(view.plenary.unwrap()), ["of all"]);
    assert_eq!(texts(view.caucus.unwrap()), ["of us"]);
}
