//! A vault that is put back from an older copy.

use std::{fs, path::Path};

use participant::{Alarm, Command, Place, Refused};

use crate::dialogue::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_copy_sends_nothing_and_says_why() {
    let world = World::new();
    let mut mira = world.convene().await;
    let ilse = world.seat("Ilse Marant", 0, &mut mira, None).await;
    ilse.say(Place::Plenary, "Before the copy.").await;
    ilse.reads(Place::Plenary, "Before the copy.").await;
    ilse.node.stop().await;
    copy(&world.vault("Ilse Marant"), &world.vault("copy"));
    let ilse = world.node("Ilse Marant").await;
    ilse.say(Place::Plenary, "After the copy.").await;
    mira.reads(Place::Plenary, "After the copy.").await;
    ilse.node.stop().await;
    let restored = world.node("copy").await;
    restored
        .until(|view| view.alarms.contains(&Alarm::RestoredCopy))
        .await;
    let said = Command::Say {
        place: Place::Plenary,
        text: "From the copy.".to_owned(),
    };
    assert_eq!(
        restored.node.command(said).await,
        Err(Refused::RestoredCopy)
    );
    restored.node.stop().await;
    let again = world.node("copy").await;
    again
        .until(|view| view.alarms.contains(&Alarm::RestoredCopy))
        .await;
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in ["vault.redb", "keys"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
}
