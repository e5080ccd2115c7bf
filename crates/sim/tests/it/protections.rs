//! Protections of a caucus and of a vault, each by a test that fails where its line is taken out.

use participant::{Command, Place};
use room::{CaucusKey, Event};
use round::Ballot;
use sim::{Seat, World};

use crate::attack::{append, away, back, rng, rogue};
use crate::stage::{assert_agreed, join, open_round, read, say, seat_id, seated, write};

fn names(world: &World, seat: usize) -> Vec<String> {
    let room = world.seats[seat].core().view().caucus;
    let seats = room.map(|room| room.seats).unwrap_or_default();
    seats.into_iter().map(|seat| seat.name).collect()
}

/// A colleague's commit stands in the caucus; what it names to be the next token nobody reads by.
fn stands(world: &mut World, seat: usize, adds: &[Vec<u8>], removes: &[room::Leaf]) {
    let follows = rogue(world, seat, Place::Plenary).follows();
    let mut rogue = rogue(world, seat, Place::Caucus);
    let (content, _) = rogue.commit(adds, removes, follows);
    let entry = rogue.seal(&content, 0, &mut rng());
    crate::attack::rotate(world, &rogue, entry, 66);
}

#[test]
fn nobody_goes_from_a_caucus_who_still_sits_in_the_plenary() {
    let mut world = seated(6, 970);
    away(&mut world, &[3]);
    let leaf = |world: &World, seat: usize| {
        let rogue = rogue(world, seat, Place::Caucus);
        rogue.leaf()
    };
    let fifth = leaf(&world, 5);
    stands(&mut world, 3, &[], &[fifth]);
    world.pass(5_000);
    assert_eq!(names(&world, 1), ["Seat01", "Seat03", "Seat05"]);
    say(&mut world, 5, Place::Caucus, "still here");
    world.pass(2_000);
    assert_eq!(read(&world, 1, Place::Caucus), ["still here"]);
    assert_agreed(&world);
}

#[test]
fn nobody_is_added_to_a_caucus_by_an_older_key_package() {
    let mut world = seated(6, 971);
    away(&mut world, &[1, 3, 5]);
    world.seats.push(Seat::new(971_007));
    back(&mut world, &[3]);
    join_without_caucus(&mut world);
    let mut plenary = rogue(&world, 7, Place::Plenary);
    away(&mut world, &[7, 3]);
    let mut packages = Vec::new();
    for _ in 0..2 {
        let package = plenary.key_package_until(u64::MAX);
        packages.push(package.clone());
        let key_package = package.into();
        let published = plenary.say_event(Event::CaucusKey(CaucusKey { key_package }));
        let published = plenary.seal(&published, 0, &mut rng());
        append(&mut world, &plenary, published);
    }
    back(&mut world, &[3]);
    away(&mut world, &[3]);
    let older = packages.swap_remove(0);
    stands(&mut world, 3, &[older], &[]);
    back(&mut world, &[1, 5]);
    // An honest colleague may have added it since, by the newer one.
    let caucus = world.seats[1].core().view().caucus.unwrap();
    assert_eq!(caucus.void_entries, 2, "the commit, and the reset after it");
}

/// Seat 7 joins the plenary while nobody is there who could let it into the caucus at once.
fn join_without_caucus(world: &mut World) {
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let join = Command::Join {
        invitation: crate::stage::invitation(world),
        name: "Seat07".into(),
    };
    world.command(7, join);
    let request = crate::stage::asked(world);
    world.command(0, Command::Approve { request });
    crate::stage::vouch(world, 3, 7, request);
    world.pass(50);
}

#[test]
fn a_restored_copy_has_no_drafts_any_more() {
    let mut world = seated(10, 972);
    let round = open_round(&mut world, 600_000, 3_000);
    write(&mut world, 3, round, "a text of the copy");
    let copy = world.seats[3].vault.clone();
    say(
        &mut world,
        3,
        Place::Plenary,
        "said after the copy was made",
    );
    world.seats[3].crash();
    world.seats[3].vault = copy;
    world.seats[3].start();
    world.pass(5_000);
    let kept = &world.seats[3].vault[&0];
    assert!(kept.keys().all(|key| !key.starts_with(b"draft")));
    let holds = |text: &[u8]| {
        kept.values()
            .any(|row| row.windows(text.len()).any(|w| w == text))
    };
    assert!(!holds(b"a text of the copy"));
}

#[test]
fn a_restored_copy_has_no_answers_any_more() {
    let mut world = seated(10, 973);
    for seat in 1..=10 {
        world.command(seat, Command::TakeSeat);
    }
    let open = Command::OpenBallot {
        question: "How shall we cross?".into(),
        statements: vec!["One bridge.".into()],
        each_side: false,
        window_ms: 600_000,
        phase_ms: 3_000,
        floor: None,
    };
    world.command(0, open);
    world.pass(10);
    let round = world.seats[0]
        .core()
        .view()
        .plenary
        .unwrap()
        .round
        .unwrap()
        .round;
    let answers = vec![Ballot::Agree];
    world.command(
        3,
        Command::Cast {
            round,
            answers,
            minimum: None,
        },
    );
    let copy = world.seats[3].vault.clone();
    let kept = |world: &World| {
        let mut keys = world.seats[3].vault[&0].keys();
        keys.any(|key| key.starts_with(b"answers/"))
    };
    assert!(kept(&world));
    say(
        &mut world,
        3,
        Place::Plenary,
        "said after the copy was made",
    );
    world.seats[3].crash();
    world.seats[3].vault = copy;
    world.seats[3].start();
    world.pass(5_000);
    assert!(!kept(&world));
}

#[test]
fn whoever_is_removed_from_the_plenary_stops_following_its_caucus() {
    let mut world = seated(6, 974);
    let seat = seat_id(&world, 3);
    assert_eq!(world.seats[3].core().subscriptions().len(), 2);
    // Nobody is there to remove it from the caucus as well.
    away(&mut world, &[1, 5]);
    world.command(0, Command::Remove { seat });
    world.pass(1_000);
    let plenary = rogue(&world, 3, Place::Plenary).mailbox();
    let followed = world.seats[3].core().subscriptions();
    let followed: Vec<_> = followed.iter().map(|one| one.mailbox).collect();
    assert_eq!(followed, [plenary]);
    back(&mut world, &[1, 5]);
    world.pass(10_000);
    world.seats.push(Seat::new(974_007));
    join(&mut world, 7);
    assert_eq!(world.seats[3].core().subscriptions().len(), 1);
}
