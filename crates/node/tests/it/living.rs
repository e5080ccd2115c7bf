//! Start, talk, stop, start again.

use node::{Node, NodeError, vault::VaultError};
use participant::{Command, Place, Refused};

use crate::dialogue::{World, config, readable};

#[tokio::test(flavor = "multi_thread")]
async fn people_join_and_talk_in_the_plenary_and_apart() {
    let world = World::new();
    let mut mira = world.convene().await;
    let mut ilse = world.seat("Ilse Marant", 0, &mut mira, None).await;
    let tobin = world
        .seat("Tobin Hale", 0, &mut mira, Some(&mut ilse))
        .await;
    let maren = world.seat("Maren Skaal", 1, &mut mira, None).await;
    for person in [&mira, &ilse, &tobin, &maren] {
        person
            .until(|view| {
                view.plenary
                    .as_ref()
                    .is_some_and(|room| room.seats.len() == 4)
            })
            .await;
    }
    ilse.say(Place::Plenary, "Who counts the boats?").await;
    for person in [&mira, &ilse, &tobin, &maren] {
        person.reads(Place::Plenary, "Who counts the boats?").await;
        assert_eq!(person.plenary().table_words, mira.plenary().table_words);
    }
    for person in [&ilse, &tobin] {
        person
            .until(|view| {
                view.caucus
                    .as_ref()
                    .is_some_and(|room| room.seats.len() == 2)
            })
            .await;
    }
    tobin.say(Place::Caucus, "Between us.").await;
    ilse.reads(Place::Caucus, "Between us.").await;
    assert!(mira.node.view().caucus.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_was_away_catches_up_and_keeps_what_it_had() {
    let world = World::new();
    let mut mira = world.convene().await;
    let ilse = world.seat("Ilse Marant", 0, &mut mira, None).await;
    ilse.say(Place::Plenary, "Before.").await;
    mira.reads(Place::Plenary, "Before.").await;
    ilse.reads(Place::Plenary, "Before.").await;
    ilse.node.stop().await;
    mira.say(Place::Plenary, "Meanwhile.").await;
    mira.reads(Place::Plenary, "Meanwhile.").await;
    let ilse = world.node("Ilse Marant").await;
    ilse.reads(Place::Plenary, "Meanwhile.").await;
    ilse.reads(Place::Plenary, "Before.").await;
    ilse.say(Place::Plenary, "After.").await;
    mira.reads(Place::Plenary, "After.").await;
    let digests = || (mira.plenary().digest, ilse.plenary().digest);
    ilse.reads(Place::Plenary, "After.").await;
    assert_eq!(digests().0, digests().1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_node_on_the_same_vault_is_refused() {
    let world = World::new();
    let mira = world.convene().await;
    let second = Node::start(config(&world.vault("Mira Holt"))).await;
    assert!(matches!(second, Err(NodeError::Vault(VaultError::InUse))));
    mira.say(Place::Plenary, "Still here.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_a_dialogue_is_refused_in_words() {
    let world = World::new();
    let person = world.node("Orso Wick").await;
    let said = person
        .node
        .command(Command::Say {
            place: Place::Plenary,
            text: "Anybody?".to_owned(),
        })
        .await;
    assert_eq!(said, Err(Refused::NotSeated));
    let joined = Command::Join {
        invitation: "not one".to_owned(),
        name: "Orso Wick".to_owned(),
    };
    assert_eq!(
        person.node.command(joined).await,
        Err(Refused::NotAnInvitation)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_dialogue_is_readable_in_vaults_or_at_the_relay() {
    let world = World::new();
    let mut mira = world.convene().await;
    let ilse = world.seat("Ilse Marant", 0, &mut mira, None).await;
    ilse.say(Place::Plenary, "Who counts the boats?").await;
    mira.reads(Place::Plenary, "Who counts the boats?").await;
    ilse.node.stop().await;
    mira.node.stop().await;
    let World { relay, dir } = world;
    relay.stop();
    let words = [
        "counts the boats",
        "Ilse",
        "Marant",
        "Mira Holt",
        "Arvane",
        "Oskerry",
        "The Sound",
    ];
    assert_eq!(readable(dir.path(), &words), [""; 0]);
    // And what is readable is found.
    std::fs::write(dir.path().join("nodes/plain"), "Who counts the boats?").unwrap();
    assert_eq!(readable(dir.path(), &words).len(), 1);
}
