//! A node that is killed at any checkpoint says what it had acknowledged, once.

use participant::Place;
use serde_json::json;

use crate::{
    dialogue::{Person, World},
    process::Process,
};

const KILLS: u64 = 50;
const CHECKPOINTS: [&str; 3] = ["before-persist", "after-persist", "after-send"];

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_no_acknowledged_message_and_double_none() {
    let world = World::new();
    let mut mira = world.convene().await;
    let ilse = world.seat("Ilse Marant", 0, &mut mira, None).await;
    ilse.node.stop().await;
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        // Every checkpoint, at the first steps after the start as well as in the middle of the traffic.
        let end_at = format!("{}:{}", CHECKPOINTS[(kill % 3) as usize], 1 + kill * 7 % 23);
        let mut process = Process::start(&world.vault("Ilse Marant"), Some(&end_at));
        for word in 0..30 {
            let text = format!("Kill {kill}, word {word}.");
            if word % 5 == 0 {
                mira.say(Place::Plenary, &format!("Mira, {text}")).await;
            }
            if !process.carry_out(&json!({ "do": "say", "place": "plenary", "text": text })) {
                break;
            }
            acknowledged.push(text);
        }
        process.kill();
    }
    let ilse = world.node("Ilse Marant").await;
    ilse.say(Place::Plenary, "The last word.").await;
    for person in [&mira, &ilse] {
        person.reads(Place::Plenary, "The last word.").await;
        person
            .until(|view| view.plenary.as_ref().is_some_and(|room| room.unsent == 0))
            .await;
    }
    for text in &acknowledged {
        assert_eq!(times(&mira, text), 1, "{text}");
        assert_eq!(times(&ilse, text), 1, "{text}");
    }
    let texts = |person: &Person| -> Vec<String> {
        person
            .plenary()
            .messages
            .iter()
            .map(|message| message.text.clone())
            .collect()
    };
    let mut once = texts(&mira);
    once.sort();
    once.dedup();
    assert_eq!(once.len(), texts(&mira).len(), "nothing was said twice");
    assert_eq!(texts(&mira), texts(&ilse));
    assert_eq!(mira.plenary().digest, ilse.plenary().digest);
}

fn times(person: &Person, text: &str) -> usize {
    person
        .plenary()
        .messages
        .iter()
        .filter(|message| message.text == text)
        .count()
}
