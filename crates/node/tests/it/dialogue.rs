//! A dialogue of real nodes: what tests need to begin where it becomes interesting.

use std::{path::Path, sync::Arc, time::Duration};

use node::{Checkpoints, Node, NodeConfig, vault::Passphrase};
use participant::{
    Command, Notice, Place,
    view::{RoomView, View},
};
use relay::{RelayConfig, RelayHandle};
use tempfile::TempDir;
use tokio::{sync::broadcast, time::timeout};
use wire::{RelayAddress, Timestamp};

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// All tests use this one.
pub const PASSPHRASE: &str = "a test is not a secret";

/// A relay and the folder for everything.
pub struct World {
    pub relay: RelayHandle,
    pub dir: TempDir,
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let relay = relay::start(RelayConfig {
            listen,
            data: dir.path().join("relay"),
        })
        .unwrap();
        Self { relay, dir }
    }

    fn address(&self) -> RelayAddress {
        let (host, port) = (
            self.relay.address().ip().to_string(),
            self.relay.address().port(),
        );
        RelayAddress {
            host,
            port,
            fingerprint: self.relay.fingerprint(),
        }
    }

    pub fn vault(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join("nodes").join(name)
    }

    pub async fn node(&self, name: &str) -> Person {
        self.node_with(name, Arc::new(|_| {})).await
    }

    pub async fn node_with(&self, name: &str, checkpoint: Checkpoints) -> Person {
        let config = NodeConfig {
            checkpoint,
            ..config(&self.vault(name))
        };
        let node = Node::start(config).await.unwrap();
        let notices = node.notices();
        Person {
            node,
            notices,
            name: name.to_owned(),
        }
    }

    /// The convenor, alone.
    pub async fn convene(&self) -> Person {
        let person = self.node("Mira Holt").await;
        let convene = Command::Convene {
            title: "The Sound".to_owned(),
            sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
            name: person.name.clone(),
            relay: self.address(),
            creation: self.relay.creation_secret(),
        };
        person.node.command(convene).await.unwrap();
        person
    }

    /// One more seat, vouched for by the first seat of its side.
    pub async fn seat(
        &self,
        name: &str,
        side: u16,
        convenor: &mut Person,
        voucher: Option<&mut Person>,
    ) -> Person {
        let expires = Timestamp::from_ms(u64::MAX / 2);
        convenor
            .node
            .command(Command::Invite { side, expires })
            .await
            .unwrap();
        let invitation = convenor
            .hear(|notice| match notice {
                Notice::Invited { text, .. } => Some(text),
                _ => None,
            })
            .await;
        let person = self.node(name).await;
        person
            .node
            .command(Command::Join {
                invitation,
                name: name.to_owned(),
            })
            .await
            .unwrap();
        let request = convenor
            .hear(|notice| match notice {
                Notice::Asked { request, .. } => Some(request),
                _ => None,
            })
            .await;
        convenor
            .node
            .command(Command::Approve { request })
            .await
            .unwrap();
        if let Some(voucher) = voucher {
            let asked = request;
            let request = voucher
                .hear(|notice| match notice {
                    Notice::Approved { request, .. } if request == asked => Some(request),
                    _ => None,
                })
                .await;
            let asking = person.node.view().asking.clone();
            let words = asking.expect("it waits for a seat").words.join(" ");
            voucher
                .node
                .command(Command::Vouch { request, words })
                .await
                .unwrap();
        }
        person.until(|view| view.plenary.is_some()).await;
        person
    }
}

/// A node's configuration with the passphrase that all tests use.
pub fn config(vault: &Path) -> NodeConfig {
    NodeConfig::new(vault.to_owned(), Passphrase::new(PASSPHRASE).unwrap())
}

/// Which of the words stand in a file below the folder, and where.
pub fn readable(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut files = vec![folder.to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            let inside = std::fs::read_dir(&path).unwrap();
            files.extend(inside.map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            let mut windows = bytes.windows(word.len());
            if windows.any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    found
}

/// Somebody with a node.
pub struct Person {
    pub node: Node,
    pub notices: broadcast::Receiver<Notice>,
    pub name: String,
}

impl Person {
    /// Waits until the view is as wanted.
    pub async fn until(&self, wanted: impl Fn(&View) -> bool) {
        let mut views = self.node.views();
        let waited = timeout(PATIENCE, views.wait_for(|view| wanted(view))).await;
        drop(
            waited
                .unwrap_or_else(|_| panic!("{} waits in vain: {:?}", self.name, self.node.view()))
                .unwrap(),
        );
    }

    /// Waits for a notice.
    pub async fn hear<T>(&mut self, wanted: impl Fn(Notice) -> Option<T>) -> T {
        let heard = timeout(PATIENCE, async {
            loop {
                if let Some(heard) = wanted(self.notices.recv().await.unwrap()) {
                    return heard;
                }
            }
        });
        heard
            .await
            .unwrap_or_else(|_| panic!("{} hears nothing", self.name))
    }

    pub async fn say(&self, place: Place, text: &str) {
        self.node
            .command(Command::Say {
                place,
                text: text.to_owned(),
            })
            .await
            .unwrap();
    }

    pub async fn reads(&self, place: Place, text: &str) {
        self.until(|view| {
            let room = match place {
                Place::Plenary => &view.plenary,
                Place::Caucus => &view.caucus,
            };
            room.as_ref()
                .is_some_and(|room| room.messages.iter().any(|message| message.text == text))
        })
        .await;
    }

    pub fn plenary(&self) -> RoomView {
        self.node.view().plenary.clone().unwrap()
    }
}
