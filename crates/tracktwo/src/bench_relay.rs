//! `tracktwo bench relay`: durable appends a second, at the store alone and over TLS.

use anyhow::{Context as _, bail};
use node::link::{Link, LinkEvent, What};
use relay::core::{Arrival, Asked, Core, Lookup, Quotas, Rate, Stored};
use relay::limits::RESERVED_DISK_BYTES;
use relay::store::{DiskStore, Store, StoreError};
use relay::{Bounds, RelayConfig, RelayHandle};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use wire::{
    CreationRight, CreationSecret, FounderSecret, MailboxId, RelayAddress, Request, Timestamp,
    Token, bucket_for,
};

/// What a message of a dialogue comes to once it is sealed.
const CONTENT_BYTES: usize = 1_200;

/// How many appends are under way at once.
const IN_FLIGHT: [usize; 3] = [1, 32, 512];

/// As many of them share a connection; more connections are opened for more.
const IN_FLIGHT_EACH: usize = 32;

const TOKEN: Token = Token::new([1; 32]);

/// Arguments of `tracktwo bench relay`.
#[derive(clap::Args, Debug)]
pub struct BenchRelayArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// A folder on the disk to be measured (default: the system's folder for temporary files)
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How long to measure each of the six figures
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    pub seconds: u64,
}

/// Durable appends a second, by how many are in flight.
type Rates = BTreeMap<usize, u64>;

/// Measures and prints.
pub fn run(args: BenchRelayArgs) -> anyhow::Result<()> {
    let parent = args.data.unwrap_or_else(std::env::temp_dir);
    let folder = parent.join(format!("tracktwo-bench-{}", std::process::id()));
    let length = Duration::from_secs(args.seconds.max(1));
    let measured = measure(&folder, length);
    // What was measured is worth more than a tidy folder.
    let _ = std::fs::remove_dir_all(&folder);
    let (store, tls) = measured?;
    if args.json {
        let entry_bytes = bucket_for(CONTENT_BYTES)?;
        println!(
            "{}",
            serde_json::json!({
                "content_bytes": CONTENT_BYTES,
                "entry_bytes": entry_bytes,
                "store_appends_per_s": store,
                "tls_appends_per_s": tls,
            })
        );
    } else {
        println!("durable appends a second of {CONTENT_BYTES} bytes");
        for ((in_flight, store), tls) in store.iter().zip(tls.values()) {
            println!("{in_flight:>4} in flight: {store:>8} at the store, {tls:>8} over TLS");
        }
    }
    Ok(())
}

fn measure(folder: &Path, length: Duration) -> anyhow::Result<(Rates, Rates)> {
    let (mut store, mut tls) = (Rates::new(), Rates::new());
    for in_flight in IN_FLIGHT {
        let folder = folder.join(in_flight.to_string());
        std::fs::create_dir_all(&folder)?;
        store.insert(
            in_flight,
            at_the_store(&folder.join("store"), in_flight, length)?,
        );
        let config = RelayConfig {
            listen: "127.0.0.1:0".parse()?,
            data: folder.join("relay"),
        };
        let relay = relay::start_bounded(config, unhurried())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        tls.insert(
            in_flight,
            runtime.block_on(over_tls(&relay, in_flight, length))?,
        );
        relay.stop();
    }
    Ok((store, tls))
}

/// Batches of that many appends, each decided by the rules and committed, one after another.
fn at_the_store(folder: &Path, in_flight: usize, length: Duration) -> anyhow::Result<u64> {
    let creation = CreationSecret::new([3; 32]);
    let store = DiskStore::open(folder, RESERVED_DISK_BYTES)?;
    let mut core = Core::load(creation.clone(), Quotas::default(), Stored::default());
    let (mailbox, founding) = create(0, creation);
    decide(&mut core, founding, &store)?;
    let mut done = 0;
    let began = Instant::now();
    while began.elapsed() < length {
        for _ in 0..in_flight {
            decide(&mut core, append(mailbox, done)?, &store)?;
            done += 1;
        }
        store.commit(&core.take_batch())?;
    }
    Ok(rate(done, began))
}

fn decide(core: &mut Core, request: Request, store: &DiskStore) -> anyhow::Result<()> {
    let Asked::Write(write) = Asked::from(request) else {
        bail!("only writes are measured")
    };
    let arrival = Arrival {
        now: Timestamp::from_ms(1),
        frugal: true,
    };
    let answer = core.write(write, arrival, &Entries(store));
    match answer {
        wire::Answer::Refused(refusal) => bail!("{refusal}"),
        wire::Answer::Created
        | wire::Answer::Granted
        | wire::Answer::Appended { .. }
        | wire::Answer::Entries { .. }
        | wire::Answer::Subscribed => Ok(()),
    }
}

/// What is measured is the relay, and not the rates that it allows.
fn unhurried() -> Bounds {
    let mut bounds = Bounds {
        connection_rate: Rate::UNLIMITED,
        creation_rate: Rate::UNLIMITED,
        ..Bounds::default()
    };
    bounds.quotas.mailbox_rate = Rate::UNLIMITED;
    bounds.quotas.creation_rate = Rate::UNLIMITED;
    bounds
}

struct Entries<'a>(&'a DiskStore);

impl Lookup for Entries<'_> {
    fn find(
        &self,
        mailbox: &MailboxId,
        content: &relay::core::ContentDigest,
    ) -> Result<Option<u64>, StoreError> {
        self.0.find(mailbox, content)
    }
}

/// Links as nodes have them, each with its share of the appends in flight.
async fn over_tls(relay: &RelayHandle, in_flight: usize, length: Duration) -> anyhow::Result<u64> {
    let (host, port) = (relay.address().ip().to_string(), relay.address().port());
    let address = RelayAddress {
        host,
        port,
        fingerprint: relay.fingerprint(),
    };
    let links = in_flight.div_ceil(IN_FLIGHT_EACH);
    let mut began = Vec::new();
    for number in 0..links {
        let number = u8::try_from(number)?;
        let (mailbox, founding) = create(number, relay.creation_secret());
        let (sender, mut events) = mpsc::channel(2 * IN_FLIGHT_EACH);
        let link = Link::open(address.clone(), mailbox, sender);
        wait_for(&mut events, |what| matches!(what, What::Connected)).await?;
        link.send(0, founding);
        wait_for(&mut events, |what| matches!(what, What::Answer { .. })).await?;
        began.push((link, events, mailbox));
    }
    let start = Instant::now();
    let each = in_flight.min(IN_FLIGHT_EACH);
    let tasks: Vec<_> = began
        .into_iter()
        .map(|(link, events, mailbox)| {
            tokio::spawn(keep_appending(link, events, mailbox, each, start + length))
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    Ok(rate(done, start))
}

async fn keep_appending(
    link: Link,
    mut events: mpsc::Receiver<LinkEvent>,
    mailbox: MailboxId,
    in_flight: usize,
    until: Instant,
) -> anyhow::Result<u64> {
    let mut sent = 0;
    let mut done = 0;
    while Instant::now() < until {
        while sent - done < in_flight as u64 {
            link.send(sent, append(mailbox, sent)?);
            sent += 1;
        }
        wait_for(&mut events, |what| {
            matches!(what, What::Answer { result: Ok(_), .. })
        })
        .await?;
        done += 1;
    }
    Ok(done)
}

async fn wait_for(
    events: &mut mpsc::Receiver<LinkEvent>,
    wanted: impl Fn(&What) -> bool,
) -> anyhow::Result<()> {
    let event = events.recv().await.context("the link has ended")?;
    if wanted(&event.what) {
        Ok(())
    } else {
        bail!("unexpected: {:?}", event.what)
    }
}

/// One of several mailboxes, and the request that makes it.
fn create(number: u8, creation: CreationSecret) -> (MailboxId, Request) {
    let founder = FounderSecret::new([number; 32]).hash();
    let mailbox = MailboxId::of(&founder);
    let founding = Request::Create {
        mailbox,
        creation: CreationRight::Relay(creation),
        token: TOKEN.hash(),
        founder,
    };
    (mailbox, founding)
}

/// An entry of the bucket that the content needs, and unlike any other.
fn append(mailbox: MailboxId, number: u64) -> anyhow::Result<Request> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.resize(bucket_for(CONTENT_BYTES)?, 0xA5);
    Ok(Request::Append {
        mailbox,
        token: TOKEN,
        bytes,
    })
}

fn rate(done: u64, began: Instant) -> u64 {
    let us = u64::try_from(began.elapsed().as_micros())
        .unwrap_or(u64::MAX)
        .max(1);
    done.saturating_mul(1_000_000) / us
}
