//! The stage: one relay, one node for each participant, and what the scene knows of them.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use node::vault::Passphrase;
use node::{Node, NodeConfig};
use participant::view::{RoomView, View};
use participant::{Command, Notice};
use relay::{RelayConfig, RelayHandle};
use tokio::sync::broadcast::Receiver;
use wire::RelayAddress;

use super::names::Cast;
use super::relay_sizes;
use crate::door::Door;

/// Nothing in the scene takes this long, unless it fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// One participant.
pub(super) struct Player {
    pub(super) name: String,
    /// None for the convenor.
    pub(super) side: Option<usize>,
    pub(super) folder: PathBuf,
    /// None while it is away.
    pub(super) node: Option<Node>,
}

/// Everybody.
pub(super) struct Stage {
    pub(super) seed: u64,
    pub(super) cast: Cast,
    folder: PathBuf,
    relay: RelayHandle,
    /// By name; the convenor among them.
    pub(super) players: BTreeMap<String, Player>,
    /// Whoever left the dialogue.
    pub(super) left: Vec<String>,
    /// Of a replay: whose votes each seat casts, by name.
    pub(super) participants: BTreeMap<String, u64>,
    /// All that was said, in any room.
    pub(super) said: Vec<String>,
}

impl Stage {
    /// A relay and everybody's node, none of them seated yet.
    pub(super) async fn open(seed: u64, cast: Cast, folder: &Path) -> anyhow::Result<Stage> {
        let relay = relay::start(RelayConfig {
            listen: "127.0.0.1:0".parse().context("a loopback address")?,
            data: folder.join("relay"),
        })?;
        let mut people = vec![(cast.convenor.clone(), None)];
        people.extend(
            cast.seats
                .iter()
                .map(|(name, side)| (name.clone(), Some(*side))),
        );
        let newcomer = cast.newcomer.iter();
        people.extend(newcomer.map(|(name, side)| (name.clone(), Some(*side))));
        let starting: Vec<_> = people
            .into_iter()
            .map(|(name, side)| tokio::spawn(Player::start(name, side, folder.to_owned())))
            .collect();
        let mut players = BTreeMap::new();
        for player in starting {
            let player = player.await??;
            players.insert(player.name.clone(), player);
        }
        let (left, said) = (Vec::new(), Vec::new());
        Ok(Stage {
            seed,
            cast,
            folder: folder.to_owned(),
            relay,
            players,
            left,
            participants: BTreeMap::new(),
            said,
        })
    }

    pub(super) fn relay_address(&self) -> RelayAddress {
        RelayAddress {
            host: self.relay.address().ip().to_string(),
            port: self.relay.address().port(),
            fingerprint: self.relay.fingerprint(),
        }
    }

    pub(super) fn creation_secret(&self) -> wire::CreationSecret {
        self.relay.creation_secret()
    }

    pub(super) fn relay_counts(&self) -> relay::Counts {
        self.relay.counts()
    }

    pub(super) fn player(&self, name: &str) -> anyhow::Result<&Player> {
        self.players
            .get(name)
            .ok_or_else(|| anyhow!("nobody is called {name}"))
    }

    pub(super) fn convenor(&self) -> anyhow::Result<&Player> {
        self.player(&self.cast.convenor)
    }

    /// Everybody whose node is in the plenary, by name.
    pub(super) fn seated(&self) -> Vec<&Player> {
        let players = self.players.values();
        players
            .filter(|p| !self.left.contains(&p.name) && p.plenary().is_some())
            .collect()
    }

    /// The same, with a side.
    pub(super) fn with_side(&self) -> Vec<&Player> {
        self.seated()
            .into_iter()
            .filter(|player| player.side.is_some())
            .collect()
    }

    /// Opens the convenor's page, and that of the seat which a person plays; each address stands on its own line.
    pub(super) fn show_pages(&self, person: &Player) -> anyhow::Result<()> {
        for player in [self.convenor()?, person] {
            let node = player.running()?;
            eprintln!("The page of {}:", player.name);
            writeln!(io::stdout(), "{}", node.launch_url()?)?;
            let door = Door::new(&player.folder);
            door.write(&node.launch_url()?)?;
            door.open();
        }
        io::stdout().flush()?;
        eprintln!(
            "You are {}; the others play by themselves. Ctrl-C ends the demo.",
            person.name
        );
        Ok(())
    }

    /// Ends everything; a kept relay is accompanied by the sizes of its entries.
    pub(super) async fn close(mut self, kept: bool) -> anyhow::Result<()> {
        for player in self.players.values_mut() {
            if let Some(node) = player.node.take() {
                node.stop().await;
            }
        }
        let relay = self.relay;
        let data = self.folder.join("relay");
        tokio::task::spawn_blocking(move || relay.stop()).await?;
        if kept {
            relay_sizes::write(&data, &self.folder.join("relay-sizes.csv"))?;
        }
        Ok(())
    }
}

impl Player {
    async fn start(name: String, side: Option<usize>, folder: PathBuf) -> anyhow::Result<Player> {
        let folder = folder.join("nodes").join(&name);
        let mut player = Player {
            name,
            side,
            folder,
            node: None,
        };
        player.come_back().await?;
        Ok(player)
    }

    /// Opens the vault and goes on where it stands.
    pub(super) async fn come_back(&mut self) -> anyhow::Result<()> {
        let passphrase = Passphrase::new(&format!("the demo's passphrase of {}", self.name))?;
        let config = NodeConfig::new(self.folder.clone(), passphrase);
        self.node = Some(Node::start(config).await?);
        Ok(())
    }

    pub(super) async fn go_away(&mut self) {
        if let Some(node) = self.node.take() {
            node.stop().await;
        }
    }

    pub(super) fn running(&self) -> anyhow::Result<&Node> {
        self.node
            .as_ref()
            .ok_or_else(|| anyhow!("{} is away", self.name))
    }

    pub(super) fn plenary(&self) -> Option<RoomView> {
        self.node.as_ref()?.view().plenary.clone()
    }

    pub(super) async fn command(&self, command: Command) -> anyhow::Result<()> {
        let done = self.running()?.command(command).await;
        done.map_err(|refused| anyhow!("{}'s node refused: {refused:?}", self.name))
    }

    /// What happens from now on.
    pub(super) fn listen(&self) -> anyhow::Result<Receiver<Notice>> {
        Ok(self.running()?.notices())
    }

    /// Waits until the view is as it should be, and gives what was looked for.
    pub(super) async fn until<T>(
        &self,
        what: &str,
        look: impl Fn(&View) -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut views = self.running()?.views();
        let waiting = async {
            loop {
                if let Some(found) = look(&views.borrow_and_update()) {
                    return Ok(found);
                }
                views.changed().await.context("the node stopped")?;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.with_context(|| format!("{} waited too long for {what}", self.name))?
    }
}

/// Waits for the first notice that fits.
pub(super) async fn hear<T>(
    notices: &mut Receiver<Notice>,
    what: &str,
    fits: impl Fn(Notice) -> Option<T>,
) -> anyhow::Result<T> {
    let waiting = async {
        loop {
            let notice = notices.recv().await.context("the node's notices ended")?;
            if let Some(found) = fits(notice) {
                return anyhow::Ok(found);
            }
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    waited.with_context(|| format!("waited too long for {what}"))?
}
