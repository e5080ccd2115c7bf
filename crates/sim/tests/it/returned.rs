//! What was written for Rounds that showed it to nobody.

use participant::Command;
use sim::World;

use crate::stage::{open_round, seated, write};

fn returned(world: &World, seat: usize) -> Vec<(u64, String)> {
    let view = world.seats[seat].core().view();
    let all = view.returned.into_iter();
    all.map(|returned| (returned.number, returned.text))
        .collect()
}

/// Four seats are fewer than any floor: each of these Rounds fails.
#[test]
fn every_unsent_text_comes_back_and_stays_until_it_is_thrown_away() {
    let mut world = seated(4, 930);
    for text in ["The first text.", "The second text.", "The third text."] {
        let round = open_round(&mut world, 1_000, 3_000);
        write(&mut world, 1, round, text);
        world.pass(5_000);
    }
    let texts = |world: &World| -> Vec<String> {
        let all = returned(world, 1).into_iter();
        all.map(|(_, text)| text).collect()
    };
    let all = ["The first text.", "The second text.", "The third text."];
    assert_eq!(texts(&world), all);
    world.seats[1].crash();
    world.seats[1].start();
    world.run();
    assert_eq!(texts(&world), all);
    // Thrown away once, and not twice.
    let (text, _) = returned(&world, 1)[1].clone();
    world.command(1, Command::ThrowAway { text });
    let now = world.now;
    let again = world.seats[1].command(Command::ThrowAway { text }, now);
    assert_eq!(again, Err(participant::Refused::Unknown));
    assert_eq!(texts(&world), [all[0], all[2]]);
    // Written anew it is a draft, and comes back once.
    let round = open_round(&mut world, 1_000, 3_000);
    write(&mut world, 1, round, "the first text");
    assert_eq!(texts(&world), [all[2]]);
    world.pass(5_000);
    assert_eq!(texts(&world), [all[2], "the first text"]);
}
