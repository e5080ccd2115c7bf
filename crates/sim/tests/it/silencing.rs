//! Members and relays who want somebody to fall silent, or a room to stop. Nobody may be able to.

use participant::rogue::request;
use participant::{Alarm, Command, Input, Kind, Op, Place, Refused};
use room::{Event, KNOWN_VERSION, Leaf, RoomVersion, State};
use sim::{Seat, World};
use wire::Token;
use wire::limits::BUCKETS;

use crate::attack::{
    alarmed, append, away, back, cannot_read_commits, everybody_reads, everybody_reads_of, rng,
    rogue, rotate,
};
use crate::stage::{asked, invitation, join, name_of, read, say, seat_id, seated, vouch};

/// What seat 3 says next, sealed and not sent yet.
fn on_its_way(world: &mut World, text: &str) -> Vec<u8> {
    let command = Command::Say {
        place: Place::Plenary,
        text: text.into(),
    };
    let now = world.now;
    world.seats[3].command(command, now).unwrap();
    let Op::Append { bytes, .. } = &world.seats[3].outgoing.last().unwrap().op else {
        panic!("a message is appended");
    };
    bytes.clone()
}

#[test]
fn an_entry_sealed_again_is_a_repetition_and_silences_nobody() {
    let mut world = seated(6, 600);
    say(&mut world, 3, Place::Plenary, "first");
    let rogue = rogue(&world, 2, Place::Plenary);
    let last = world.host.logs[&rogue.mailbox()].last().unwrap().clone();
    let content = rogue.open(&last.bytes);
    for bucket in BUCKETS {
        let again = rogue.seal(&content, bucket, &mut rng());
        append(&mut world, &rogue, again);
    }
    world.run();
    everybody_reads(&world, &["first"]);
    say(&mut world, 3, Place::Plenary, "second");
    everybody_reads(&world, &["first", "second"]);
}

#[test]
fn a_copy_that_comes_before_its_original_counts_in_its_place_for_its_author_too() {
    let mut world = seated(6, 601);
    let original = on_its_way(&mut world, "what I said");
    let rogue = rogue(&world, 2, Place::Plenary);
    let content = rogue.open(&original);
    // In a bucket that is not the smallest it is nothing; in another nonce it is the message.
    let larger = rogue.seal(&content, BUCKETS[2], &mut rng());
    append(&mut world, &rogue, larger);
    let same = rogue.seal(&content, 0, &mut rng());
    append(&mut world, &rogue, same);
    say(&mut world, 1, Place::Plenary, "and I");
    everybody_reads(&world, &["what I said", "and I"]);
    let voids = |seat: usize| {
        let room = world.seats[seat].core().view().plenary;
        room.unwrap().void_entries
    };
    assert!((0..7).all(|seat| voids(seat) == 2));
}

#[test]
fn a_message_in_the_place_of_a_commit_takes_nothing_from_its_author() {
    let mut world = seated(6, 602);
    let original = on_its_way(&mut world, "still mine");
    let rogue = rogue(&world, 2, Place::Plenary);
    let content = rogue.open(&original);
    let as_commit = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, as_commit, 66);
    world.pass(5_000);
    everybody_reads(&world, &["still mine"]);
}

#[test]
fn words_of_another_under_ones_own_signature_take_nothing_from_their_author() {
    let mut world = seated(6, 603);
    let original = on_its_way(&mut world, "in my own name");
    let mut rogue = rogue(&world, 2, Place::Plenary);
    let message = rogue.mls_message(&rogue.open(&original));
    let stolen = rogue.sign(Kind::Message, message);
    let stolen = rogue.seal(&stolen, 0, &mut rng());
    append(&mut world, &rogue, stolen);
    world.run();
    everybody_reads(&world, &["in my own name"]);
    say(&mut world, 3, Place::Plenary, "and again");
    everybody_reads(&world, &["in my own name", "and again"]);
}

#[test]
fn entries_out_of_their_authors_order_are_said_again() {
    let mut world = seated(6, 604);
    let first = on_its_way(&mut world, "one");
    let second = on_its_way(&mut world, "two");
    assert_ne!(first, second);
    world.seats[3].outgoing.swap(0, 1);
    world.pass(5_000);
    everybody_reads(&world, &["two", "one"]);
}

#[test]
fn what_a_rooms_version_does_not_know_is_void_and_stops_nobody() {
    let mut world = seated(6, 610);
    let mut rogue = rogue(&world, 2, Place::Plenary);
    let mut unknown_kind = vec![1, 0, 99];
    unknown_kind.extend([7; 40]);
    let mut contents = vec![
        rogue.say(b""),
        rogue.say(&[9]),
        rogue.say(&[1; 200]),
        rogue.post_event(&[]),
        rogue.post_event(&unknown_kind),
    ];
    unknown_kind[0] = 2;
    contents.push(rogue.post_event(&unknown_kind));
    for content in contents {
        let entry = rogue.seal(&content, 0, &mut rng());
        append(&mut world, &rogue, entry);
    }
    world.run();
    for seat in (0..7).filter(|seat| *seat != 2) {
        let room = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(room.void_entries, 6, "seat {seat}");
        assert!(!alarmed(&world, seat, Alarm::UpdateProgram));
    }
    say(&mut world, 3, Place::Plenary, "we go on");
    everybody_reads(&world, &["we go on"]);
}

#[test]
fn a_program_that_does_not_know_its_rooms_version_stops_and_says_so() {
    let mut world = seated(6, 611);
    let newer = RoomVersion(KNOWN_VERSION.0 + 1);
    world.seats[3].crash();
    let rows = world.seats[3].vault.get_mut(&1).unwrap();
    let mut state = State::decode(&rows[b"state".as_slice()]).unwrap();
    let leaves: Vec<Leaf> = state.seats().iter().map(|seat| seat.leaf).collect();
    let time = state.time_ms();
    for leaf in leaves {
        state
            .apply(Some(leaf), time, &Event::Speaks(newer))
            .unwrap();
    }
    let upgraded = Event::Upgraded(newer);
    state.apply(Some(Leaf(0)), time, &upgraded).unwrap();
    rows.insert(b"state".to_vec(), state.encode());
    world.seats[3].start();
    world.pass(1_000);
    assert!(alarmed(&world, 3, Alarm::UpdateProgram));
    let command = Command::Say {
        place: Place::Plenary,
        text: "hello".into(),
    };
    let now = world.now;
    let refused = world.seats[3].command(command, now);
    assert_eq!(refused, Err(Refused::UpdateProgram));
}

/// A second request by the holder of a seat's key, which no commit can add beside that seat.
#[test]
fn a_request_that_no_commit_can_add_is_turned_away_and_keeps_nobody_waiting() {
    let mut world = seated(6, 640);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    let package = rogue(&world, 1, Place::Plenary).key_package_until(u64::MAX);
    ask(&mut world, &text, "Again", &package);
    let bad = asked(&world);
    world.command(0, Command::Approve { request: bad });
    let words = participant::request_words(&bad).join(" ");
    world.command(
        3,
        Command::Vouch {
            request: bad,
            words,
        },
    );
    world.seats.push(Seat::new(640_007));
    join(&mut world, 7);
    assert!(world.seats[7].core().view().plenary.is_some());
    let waiting = world.seats[0].core().view();
    assert!(waiting.requests.is_empty(), "it is turned away");
    world.pass(5_000);
    say(&mut world, 7, Place::Plenary, "here");
    everybody_reads_of(&world, &["here"], &[0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_request_that_ends_by_somebodys_clock_is_turned_away_at_once() {
    let mut world = seated(6, 641);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    let package = rogue(&world, 1, Place::Plenary).key_package_until(4_000_000_000);
    ask(&mut world, &text, "Soon gone", &package);
    assert!(world.seats[0].core().view().requests.is_empty());
}

fn ask(world: &mut World, invitation: &str, name: &str, package: &[u8]) {
    let (mailbox, token, bytes) = request(invitation, name, package, &mut rng());
    let op = Op::Append { token, bytes };
    world.host.request(mailbox, op, world.now).unwrap();
    world.run();
}

#[test]
fn two_void_rotations_leave_no_gap_that_anybody_stops_at() {
    let mut world = seated(6, 650);
    away(&mut world, &[0]);
    let rogue = rogue(&world, 2, Place::Plenary);
    let mailbox = rogue.mailbox();
    let mut token = rogue.token();
    for next in [66, 67, 68] {
        let following = Token::new([next; 32]);
        let op = Op::Rotate {
            token,
            bytes: vec![next; BUCKETS[0]],
            next: following.hash(),
            founder: None,
        };
        world.host.request(mailbox, op, world.now).unwrap();
        token = following;
    }
    world.pass(5_000);
    back(&mut world, &[0]);
    world.pass(5_000);
    say(&mut world, 1, Place::Plenary, "still here");
    world.pass(5_000);
    everybody_reads_of(&world, &["still here"], &[0, 1, 2, 3, 4, 5, 6]);
    assert!((0..7).all(|seat| !alarmed(&world, seat, Alarm::LogDamaged)));
}

#[test]
fn a_reset_that_was_lost_on_the_way_is_asked_for_again() {
    let mut world = seated(6, 651);
    let rogue = rogue(&world, 2, Place::Plenary);
    rotate(&mut world, &rogue, vec![66; BUCKETS[0]], 66);
    // The founder's node reads the rotation, and stops before its reset has left.
    let now = world.now;
    let mailbox = rogue.mailbox();
    let entry = world.host.logs[&mailbox].last().unwrap().clone();
    world.seats[0].input(Input::Log { mailbox, entry }, now);
    world.seats[0].crash();
    world.pass(3_000);
    world.seats[0].start();
    world.pass(5_000);
    say(&mut world, 1, Place::Plenary, "still here");
    world.pass(5_000);
    everybody_reads_of(&world, &["still here"], &[0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn whoever_cannot_follow_the_plenary_says_so_and_stops_nobody() {
    let mut world = seated(6, 672);
    cannot_read_commits(&mut world, 3, 1);
    world.seats.push(Seat::new(672_007));
    join(&mut world, 7);
    assert!(alarmed(&world, 3, Alarm::LeftBehind));
    let command = Command::Say {
        place: Place::Plenary,
        text: "hello".into(),
    };
    let now = world.now;
    let refused = world.seats[3].command(command, now);
    assert_eq!(refused, Err(Refused::LeftBehind));
    say(&mut world, 7, Place::Plenary, "here");
    assert_eq!(read(&world, 1, Place::Plenary), ["here"]);
    let seat = seat_id(&world, 3);
    world.command(0, Command::Remove { seat });
    world.pass(10_000);
    let seats = world.seats[1].core().view().plenary.unwrap().seats;
    assert!(
        seats.iter().all(|one| one.seat != seat),
        "it can be removed"
    );
}

#[test]
fn a_commit_by_somebody_who_may_not_commit_leaves_nobody_behind() {
    let mut world = seated(6, 673);
    for seat in [0, 1, 3] {
        cannot_read_commits(&mut world, seat, 1);
    }
    let mut rogue = rogue(&world, 2, Place::Plenary);
    let (content, _) = rogue.commit(&[], &[Leaf(1)], 0);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    world.pass(5_000);
    say(&mut world, 1, Place::Plenary, "still here");
    world.pass(5_000);
    everybody_reads(&world, &["still here"]);
    assert!((0..7).all(|seat| !alarmed(&world, seat, Alarm::LeftBehind)));
}

#[test]
fn a_copy_noticed_in_one_room_is_silent_in_all() {
    let mut world = seated(6, 680);
    let hold = Command::Hold {
        place: Place::Plenary,
        text: "regretted".into(),
        reply_to: None,
        leaves: world.now.plus_ms(10_000),
    };
    world.command(3, hold);
    let copy = world.seats[3].vault.clone();
    let held = world.seats[3].core().view().held[0].held;
    world.command(3, Command::TakeBack { held });
    say(&mut world, 3, Place::Caucus, "said after the copy was made");
    world.seats[3].crash();
    world.seats[3].vault = copy;
    world.seats[3].start();
    let entries: usize = world.host.logs.values().map(Vec::len).sum();
    world.pass(60_000);
    assert!(alarmed(&world, 3, Alarm::RestoredCopy));
    let command = Command::Say {
        place: Place::Plenary,
        text: "again".into(),
    };
    let now = world.now;
    let refused = world.seats[3].command(command, now);
    assert_eq!(refused, Err(Refused::RestoredCopy));
    let later: usize = world.host.logs.values().map(Vec::len).sum();
    assert_eq!(later, entries);
    assert!(world.seats[3].core().view().held.is_empty());
}

#[test]
fn what_should_have_left_long_before_a_program_started_stays_until_its_author_decides() {
    let mut world = seated(6, 681);
    let hold = Command::Hold {
        place: Place::Plenary,
        text: "perhaps taken back".into(),
        reply_to: None,
        leaves: world.now.plus_ms(10_000),
    };
    world.command(3, hold);
    world.seats[3].crash();
    world.pass(600_000);
    world.seats[3].start();
    world.pass(60_000);
    assert!(read(&world, 1, Place::Plenary).is_empty());
    let held = world.seats[3].core().view().held[0].clone();
    assert_eq!(held.text, "perhaps taken back");
    world.command(3, Command::TakeBack { held: held.held });
}

#[test]
fn whoever_a_void_commit_would_remove_finds_it_void_like_everybody() {
    let mut world = seated(6, 690);
    let seats = world.seats[0].core().view().plenary.unwrap().seats.len();
    away(&mut world, &[0]);
    let mut rogue = rogue(&world, 0, Place::Plenary);
    let content = rogue.commit_with_another_key(&[], &[Leaf(3)], 0);
    let entry = rogue.seal(&content, 0, &mut rng());
    rotate(&mut world, &rogue, entry, 66);
    world.run();
    for seat in 1..7 {
        let room = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!((room.void_entries, room.seats.len()), (1, seats));
        assert!(!alarmed(&world, seat, Alarm::Removed));
    }
}

/// One changed program says that it has read another log. All are told, and by whom.
#[test]
fn whoever_says_that_it_read_another_log_is_named_to_all() {
    let mut world = seated(4, 402);
    let name = name_of(&world, 3);
    let mut hostile = rogue(&world, 3, Place::Plenary);
    let bytes = hostile.claim_another_log(&mut rng());
    append(&mut world, &hostile, bytes);
    world.run();
    for seat in [0, 1, 2, 4] {
        assert!(alarmed(&world, seat, Alarm::HistoriesDiffer), "seat {seat}");
        let doubted = world.seats[seat].core().view().doubted;
        let by = doubted.iter().map(|by| (by.alarm, &by.name, by.is_gone));
        assert_eq!(
            by.collect::<Vec<_>>(),
            [(Alarm::HistoriesDiffer, &name, false)]
        );
    }
}

/// A liar leaves, and somebody comes who is called so.
#[test]
fn whoever_takes_the_name_of_a_seat_that_is_gone_is_not_doubted_for_it() {
    let mut world = seated(4, 403);
    let name = name_of(&world, 3);
    let mut hostile = rogue(&world, 3, Place::Plenary);
    let bytes = hostile.claim_another_log(&mut rng());
    append(&mut world, &hostile, bytes);
    world.run();
    let seat = seat_id(&world, 3);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    world.seats.push(Seat::new(403_005));
    let join = Command::Join {
        invitation: invitation(&world),
        name: name.clone(),
    };
    world.command(5, join);
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 5, request);
    world.pass(60_000);
    for seat in [0, 1, 2, 4] {
        let view = world.seats[seat].core().view();
        let mut called = view.plenary.unwrap().seats.into_iter();
        assert!(called.any(|one| one.name == name), "seat {seat}");
        let by = view.doubted.iter().map(|by| (&by.name, by.is_gone));
        assert_eq!(by.collect::<Vec<_>>(), [(&name, true)], "seat {seat}");
    }
}
