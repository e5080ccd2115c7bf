//! `kill -9` of a relay process at random moments of traffic. This test binary is also that process.

use crate::client::{Client, append, bytes, create, founder, mailbox, rotate, token};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tokio::sync::watch;
use wire::{
    Answer, CreationSecret, Entry, Fingerprint, FounderSecret, MailboxId, Refusal, RelayAddress,
    Request,
};

const CHILD: &str = "TRACKTWO_TEST_RELAY_DATA";
const WRITERS: u8 = 3;
const IN_FLIGHT: usize = 16;
const KILLS: u64 = 50;

/// Not a test of its own: in the child process it is the relay.
#[test]
fn child() {
    let Some(data) = std::env::var_os(CHILD) else {
        return;
    };
    let relay = crate::client::start(Path::new(&data));
    let (host, port) = (relay.address().ip().to_string(), relay.address().port());
    let address = RelayAddress {
        host,
        port,
        fingerprint: relay.fingerprint(),
    };
    println!("\nrelay {address} {}", *relay.creation_secret().to_text());
    // The pipe closes when the parent ends, so that no relay is left behind.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(0);
}

struct Process {
    child: Child,
    at: SocketAddr,
    pin: Fingerprint,
    creation: CreationSecret,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["kill::child", "--exact", "--nocapture"])
            .env(CHILD, data);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .map(Result::unwrap)
            .find(|line| line.starts_with("relay "))
            .unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let address: RelayAddress = words[1].parse().unwrap();
        let at = SocketAddr::new(address.host.parse().unwrap(), address.port);
        Self {
            child,
            at,
            pin: address.fingerprint,
            creation: words[2].parse().unwrap(),
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What one writer sent over all lives of the relay.
struct Writer {
    founder: FounderSecret,
    mailbox: MailboxId,
    sent: u64,
    acknowledged: BTreeMap<u64, u64>,
    unanswered: VecDeque<u64>,
}

impl Writer {
    fn new(number: u8) -> Self {
        let founder = FounderSecret::new([number; 32]);
        let mailbox = MailboxId::of(&founder.hash());
        Self {
            founder,
            mailbox,
            sent: 0,
            acknowledged: BTreeMap::new(),
            unanswered: VecDeque::new(),
        }
    }

    fn request(&self, number: u64) -> Request {
        let (mailbox, bytes) = (self.mailbox, bytes(number));
        Request::Append {
            mailbox,
            token: token(b'a'),
            bytes,
        }
    }

    /// Sends again what was not answered, then new entries, until the connection breaks.
    async fn write(mut self, at: SocketAddr, pin: Fingerprint, acks: watch::Sender<u64>) -> Self {
        let Ok(mut client) = Client::connect(at, pin).await else {
            return self;
        };
        let mut again = std::mem::take(&mut self.unanswered);
        loop {
            while self.unanswered.len() < IN_FLIGHT {
                let number = again.pop_front().unwrap_or_else(|| {
                    self.sent += 1;
                    self.sent
                });
                self.unanswered.push_back(number);
                if client.send(self.request(number)).await.is_err() {
                    self.unanswered.extend(again);
                    return self;
                }
            }
            let Ok((_, answer)) = client.answer().await else {
                self.unanswered.extend(again);
                return self;
            };
            let Answer::Appended { index } = answer else {
                panic!("{answer:?}")
            };
            let number = self.unanswered.pop_front().unwrap();
            assert_eq!(self.acknowledged.insert(number, index), None);
            acks.send_modify(|acks| *acks += 1);
        }
    }

    fn check(&self, log: &[Entry]) {
        assert!(
            log.iter()
                .zip(0..)
                .all(|(entry, index)| entry.index == index),
            "without gaps"
        );
        let distinct: BTreeSet<&[u8]> = log.iter().map(|entry| &entry.bytes[..8]).collect();
        assert_eq!(distinct.len(), log.len(), "none doubled");
        for (number, index) in &self.acknowledged {
            let stored = log.get(usize::try_from(*index).unwrap()).unwrap();
            assert_eq!(stored.bytes, bytes(*number), "acknowledged at {index}");
        }
    }
}

/// Whoever may reset needs not be there again at once.
#[tokio::test]
async fn a_guard_outlives_the_relays_process() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Process::start(folder.path());
    let mut client = Client::connect(relay.at, relay.pin).await.unwrap();
    let made = client.ask(create(&founder(), relay.creation.clone())).await;
    assert_eq!(made, Answer::Created);
    let away = client.ask(rotate(b'a', bytes(1), b'x')).await;
    assert_eq!(away, Answer::Appended { index: 0 });
    let reset = Request::Reset {
        mailbox: mailbox(),
        founder: founder(),
        token: token(b'a').hash(),
        from: 0,
    };
    assert_eq!(client.ask(reset).await, Answer::Appended { index: 1 });
    relay.kill();
    let relay = Process::start(folder.path());
    let mut client = Client::connect(relay.at, relay.pin).await.unwrap();
    let again = client.ask(rotate(b'a', bytes(2), b'x')).await;
    assert_eq!(again, Answer::Refused(Refusal::Guarded));
    let words = client.ask(append(b'a', bytes(3))).await;
    assert_eq!(words, Answer::Appended { index: 2 });
    relay.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_by_kills_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    for kill in 0..KILLS {
        let relay = Process::start(folder.path());
        let mut client = Client::connect(relay.at, relay.pin).await.unwrap();
        for writer in &writers {
            let made = client
                .ask(create(&writer.founder, relay.creation.clone()))
                .await;
            assert_eq!(made, Answer::Created);
            writer.check(&client.read_all(writer.mailbox, &token(b'a')).await);
        }
        let (at, pin) = (relay.at, relay.pin);
        let (acks, mut acknowledged) = watch::channel(0);
        let writing: Vec<_> = writers
            .drain(..)
            .map(|writer| tokio::spawn(writer.write(at, pin, acks.clone())))
            .collect();
        // Knuth's multiplicative hash spreads the moments over the first 200 acknowledgements.
        let moment = 1 + (kill + 1).wrapping_mul(2_654_435_761) % 200;
        acknowledged.wait_for(|acks| *acks >= moment).await.unwrap();
        relay.kill();
        for task in writing {
            writers.push(task.await.unwrap());
        }
    }
    let relay = Process::start(folder.path());
    let mut client = Client::connect(relay.at, relay.pin).await.unwrap();
    for writer in &mut writers {
        for number in std::mem::take(&mut writer.unanswered) {
            let answer = client.ask(writer.request(number)).await;
            let Answer::Appended { index } = answer else {
                panic!("{answer:?}")
            };
            writer.acknowledged.insert(number, index);
        }
        let log = client.read_all(writer.mailbox, &token(b'a')).await;
        writer.check(&log);
        assert_eq!(log.len() as u64, writer.sent, "every entry is there once");
        assert!(writer.sent > KILLS, "there was traffic");
    }
    relay.kill();
}
