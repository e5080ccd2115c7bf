//! The plain course of a dialogue.

use participant::{Alarm, Command, Notice, Place, Refused};
use sim::World;

use crate::stage::{
    assert_agreed, confirm_words, join, open_round, read, say, seat_id, seated, write,
};

#[test]
fn everybody_reads_everybody_and_the_digests_agree() {
    let mut world = seated(6, 1);
    for seat in 0..7 {
        say(
            &mut world,
            seat,
            Place::Plenary,
            &format!("good morning from {seat}"),
        );
    }
    for seat in 0..7 {
        assert_eq!(read(&world, seat, Place::Plenary).len(), 7);
    }
    assert_agreed(&world);
}

#[test]
fn a_caucus_is_read_by_its_side_alone() {
    let mut world = seated(6, 2);
    say(&mut world, 1, Place::Caucus, "between us");
    for seat in [1, 3, 5] {
        assert_eq!(read(&world, seat, Place::Caucus), ["between us"]);
    }
    for seat in [0, 2, 4, 6] {
        assert!(read(&world, seat, Place::Caucus).is_empty());
    }
    assert!(world.seats[0].core().view().caucus.is_none());
    assert_agreed(&world);
}

#[test]
fn a_round_shows_every_text_once_on_every_node() {
    let mut world = seated(6, 3);
    let round = open_round(&mut world, 60_000, 5_000);
    for seat in 1..=5 {
        write(&mut world, seat, round, &format!("the view of {seat}"));
    }
    world.pass(61_000);
    world.pass(3_000);
    for seat in 0..7 {
        let room = world.seats[seat].core().view().plenary.unwrap();
        let result = room.results.first().expect("the Round has closed");
        let mut texts = result.statements.clone();
        texts.sort();
        let expected: Vec<String> = (1..=5).map(|n| format!("the view of {n}")).collect();
        assert_eq!(texts, expected);
        assert_eq!((result.opening_roster, result.final_roster), (6, 6));
        assert_eq!((result.runs, result.blanks), (1, 1));
        let rows = &world.seats[seat].vault[&0];
        assert!(
            !rows.keys().any(|key| key.starts_with(b"draft/")),
            "a text that was shown is no draft any more"
        );
    }
    // Bound for good: the very same crowd may have it again, a Round without it frees nothing.
    let again = open_round(&mut world, 60_000, 5_000);
    let typed = Command::Write {
        round: again,
        text: "the view of 1".to_owned(),
        minimum: None,
    };
    let now = world.now;
    assert_eq!(
        world.seats[1].command(typed, now),
        Err(Refused::TextIsBound)
    );
    assert_agreed(&world);
}

#[test]
fn a_run_is_repeated_without_a_seat_that_went_away() {
    let mut world = seated(6, 4);
    let round = open_round(&mut world, 60_000, 3_000);
    for seat in 1..=6 {
        write(&mut world, seat, round, &format!("the view of {seat}"));
    }
    world.pass(59_900);
    world.seats[4].offline = true;
    world.seats[4].disconnect();
    world.pass(20_000);
    let room = world.seats[1].core().view().plenary.unwrap();
    let result = room.results.first().expect("the Round has closed");
    assert_eq!(
        (result.opening_roster, result.final_roster, result.runs),
        (6, 5, 2)
    );
    assert_eq!(result.statements.len(), 5);
    world.seats[4].offline = false;
    world.pass(2_000);
    assert_eq!(
        world.seats[4].core().view().plenary.unwrap().results.len(),
        1
    );
    assert_agreed(&world);
}

#[test]
fn a_removed_seat_reads_nothing_later() {
    let mut world = seated(6, 5);
    say(&mut world, 1, Place::Plenary, "before");
    say(&mut world, 1, Place::Caucus, "before, between us");
    let seat = seat_id(&world, 5);
    world.command(0, Command::Remove { seat });
    world.pass(10_000);
    say(&mut world, 1, Place::Plenary, "after");
    say(&mut world, 1, Place::Caucus, "after, between us");
    assert_eq!(read(&world, 5, Place::Plenary), ["before"]);
    assert_eq!(read(&world, 5, Place::Caucus), ["before, between us"]);
    assert!(
        world.seats[5]
            .heard
            .iter()
            .any(|n| matches!(n, Notice::Alarm(Alarm::Removed)))
    );
    assert_eq!(read(&world, 3, Place::Caucus).len(), 2);
    assert_agreed(&world);
}

#[test]
fn an_offline_seat_catches_up_over_five_commits() {
    let mut world = seated(6, 6);
    world.seats[2].offline = true;
    world.seats[2].disconnect();
    for seat in 7..=11 {
        world.seats.push(sim::Seat::new(6_000 + seat));
        join(&mut world, seat);
    }
    say(&mut world, 1, Place::Plenary, "while you were away");
    world.seats[2].offline = false;
    world.pass(5_000);
    assert_eq!(read(&world, 2, Place::Plenary), ["while you were away"]);
    confirm_words(&mut world);
    assert_agreed(&world);
}

#[test]
fn a_newcomer_has_the_same_digest_and_none_of_the_earlier_texts() {
    let mut world = seated(6, 7);
    say(&mut world, 1, Place::Plenary, "early words");
    world.seats.push(sim::Seat::new(7_007));
    join(&mut world, 7);
    assert!(read(&world, 7, Place::Plenary).is_empty());
    say(&mut world, 7, Place::Plenary, "good morning");
    say(&mut world, 7, Place::Caucus, "and to you");
    assert_eq!(read(&world, 1, Place::Caucus), ["and to you"]);
    assert_agreed(&world);
}

#[test]
fn a_crashed_node_goes_on_where_it_was() {
    let mut world = seated(6, 8);
    world.seats[3].crash();
    say(&mut world, 1, Place::Plenary, "are you there");
    world.seats[3].start();
    world.pass(100);
    assert_eq!(read(&world, 3, Place::Plenary), ["are you there"]);
    say(&mut world, 3, Place::Plenary, "yes");
    assert_eq!(read(&world, 1, Place::Plenary).last().unwrap(), "yes");
    assert_agreed(&world);
}

#[test]
fn a_restored_copy_says_so_and_never_sends_again() {
    let mut world = seated(6, 9);
    let old = world.seats[3].vault.clone();
    say(
        &mut world,
        3,
        Place::Plenary,
        "said after the copy was made",
    );
    world.seats[3].crash();
    world.seats[3].vault = old;
    world.seats[3].start();
    world.pass(100);
    let heard = &world.seats[3].heard;
    assert!(
        heard
            .iter()
            .any(|n| matches!(n, Notice::Alarm(Alarm::RestoredCopy)))
    );
    let command = Command::Say {
        place: Place::Plenary,
        text: "again".into(),
    };
    let now = world.now;
    assert!(world.seats[3].command(command, now).is_err());
}

#[test]
fn a_message_can_be_taken_back_until_it_leaves_and_survives_a_restart_meanwhile() {
    let mut world = seated(6, 8);
    let hold = |world: &World, text: &str, reply_to| Command::Hold {
        place: Place::Plenary,
        text: text.to_owned(),
        reply_to,
        leaves: world.now.plus_ms(10_000),
    };
    let regretted = hold(&world, "a word too many", None);
    world.command(1, regretted);
    let kept = hold(&world, "a word in season", None);
    world.command(2, kept);
    world.seats[2].crash();
    world.seats[2].start();
    world.pass(9_000);
    assert!(read(&world, 3, Place::Plenary).is_empty());
    let held = world.seats[1].core().view().held[0].clone();
    assert_eq!(held.text, "a word too many");
    world.command(1, Command::TakeBack { held: held.held });
    world.pass(3_000);
    assert_eq!(read(&world, 3, Place::Plenary), ["a word in season"]);
    assert!(world.seats[2].core().view().held.is_empty());

    let said = world.seats[3].core().view().plenary.unwrap().messages[0].clone();
    let answer = hold(&world, "in season indeed", Some(said.id));
    world.command(3, answer);
    world.pass(11_000);
    let last = world.seats[5].core().view().plenary.unwrap().messages[1].clone();
    assert_eq!(
        (last.text.as_str(), last.reply_to),
        ("in season indeed", Some(said.id))
    );
    assert_agreed(&world);
}

/// An open page may show a message that has left by now, while another one waits.
#[test]
fn an_undo_that_is_pressed_late_takes_back_no_other_message() {
    let mut world = seated(6, 9);
    let hold = |world: &World, text: &str| Command::Hold {
        place: Place::Plenary,
        text: text.to_owned(),
        reply_to: None,
        leaves: world.now.plus_ms(10_000),
    };
    let first = hold(&world, "the first");
    world.command(1, first);
    let shown = world.seats[1].core().view().held[0].held;
    world.pass(11_000);
    let second = hold(&world, "the second");
    world.command(1, second);
    let now = world.now;
    let undo = world.seats[1].command(Command::TakeBack { held: shown }, now);
    assert_eq!(undo, Err(Refused::TooLate));
    world.pass(11_000);
    assert_eq!(read(&world, 3, Place::Plenary), ["the first", "the second"]);
}
