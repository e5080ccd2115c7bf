//! A driver whose disk is full for a while.

use std::time::Duration;

use participant::Command;
use tokio::{sync::watch, time::timeout};
use wire::{CreationSecret, Fingerprint, RelayAddress};

use super::*;
use crate::{pages::view::Shown, vault::Passphrase};

const PATIENCE: Duration = Duration::from_secs(20);

fn convene() -> Command {
    // Nobody listens there: nothing of this test needs a relay.
    let relay = RelayAddress {
        host: "127.0.0.1".to_owned(),
        port: 9,
        fingerprint: Fingerprint::new([7; 32]),
    };
    Command::Convene {
        title: "The Sound".to_owned(),
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        name: "Mira Holt".to_owned(),
        relay,
        creation: CreationSecret::new([7; 32]),
    }
}

async fn order(
    orders: &mpsc::Sender<Order>,
    command: Command,
) -> oneshot::Receiver<Result<(), Refused>> {
    let (reply, done) = oneshot::channel();
    orders
        .send(Order::Command(Box::new(command), reply))
        .await
        .map_err(|_| "stopped")
        .unwrap();
    done
}

async fn shows(shown: &mut watch::Receiver<Arc<Shown>>, wanted: impl Fn(&Shown) -> bool) {
    timeout(PATIENCE, shown.wait_for(|shown| wanted(shown)))
        .await
        .expect("it is shown in time")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_holds_a_step_back_and_drops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new("a test is not a secret").unwrap();
    let mut vault = Vault::create(dir.path(), &passphrase).unwrap();
    let disk = vault.disk();
    let participant = load(&mut vault).unwrap();
    let channels = Channels::default();
    let mut shown = channels.shown();
    let outlook = Outlook::new(
        channels,
        &participant,
        Settings::default(),
        crate::unsent::Unsent::default(),
    );
    let (orders, ordered) = mpsc::channel(8);
    let (happened, events) = mpsc::channel(8);
    let (links, checkpoint) = (Links::new(happened), Arc::new(|_| {}));
    let driver = Driver {
        participant,
        vault,
        links,
        events,
        orders: ordered,
        outlook,
        checkpoint,
        wake_at: None,
    };
    let running = tokio::spawn(driver.run());

    disk.fill(true);
    let first = order(&orders, convene()).await;
    shows(&mut shown, |shown| shown.alarms == [Alarm::DiskFull]).await;
    let meanwhile = timeout(PATIENCE, order(&orders, Command::TakeSeat).await)
        .await
        .expect("an answer")
        .unwrap();
    assert!(matches!(meanwhile, Err(Refused::Failed(why)) if why.starts_with("The disk is full.")));
    disk.fill(false);
    assert_eq!(
        timeout(PATIENCE, first).await.expect("an answer").unwrap(),
        Ok(())
    );
    shows(&mut shown, |shown| shown.alarms.is_empty()).await;

    orders
        .send(Order::Stop)
        .await
        .map_err(|_| "stopped")
        .unwrap();
    running.await.unwrap();
    let mut vault = Vault::open(dir.path(), &passphrase).unwrap();
    let view = load(&mut vault).unwrap().view();
    assert_eq!(view.plenary.unwrap().title, "The Sound");
}
