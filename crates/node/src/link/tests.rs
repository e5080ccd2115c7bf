//! Links to a real relay, which is stopped, restarted and replaced under them.

use super::{Link, LinkEvent, Lost, What};
use crate::driver::links::Links;
use participant::Subscription;
use relay::{RelayConfig, RelayHandle};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc;
use wire::{
    CreationRight, Entry, Fingerprint, FounderSecret, MailboxId, Refusal, RelayAddress, Request,
    Token,
};

fn mailbox() -> MailboxId {
    MailboxId::of(&founder().hash())
}

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn relay_at(listen: SocketAddr, data: &Path) -> RelayHandle {
    relay::start(RelayConfig {
        listen,
        data: data.to_owned(),
    })
    .unwrap()
}

fn new_relay(data: &Path) -> RelayHandle {
    relay_at("127.0.0.1:0".parse().unwrap(), data)
}

fn address(relay: &RelayHandle) -> RelayAddress {
    let (host, port) = (relay.address().ip().to_string(), relay.address().port());
    RelayAddress {
        host,
        port,
        fingerprint: relay.fingerprint(),
    }
}

struct Linked {
    link: Link,
    events: mpsc::Receiver<LinkEvent>,
}

impl Linked {
    fn to(address: RelayAddress) -> Self {
        let (sender, events) = mpsc::channel(64);
        Self {
            link: Link::open(address, mailbox(), sender),
            events,
        }
    }

    async fn next(&mut self) -> What {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        event
            .expect("an event in time")
            .expect("the link lives")
            .what
    }

    /// Skips what comes before.
    async fn until(&mut self, wanted: What) {
        while self.next().await != wanted {}
    }

    async fn ask(&mut self, request: Request) -> Result<u64, Refusal> {
        self.link.send(42, request);
        loop {
            if let What::Answer { id, result } = self.next().await {
                assert_eq!(id, 42);
                return result;
            }
        }
    }

    async fn entry(&mut self) -> Entry {
        let next = self.next().await;
        let What::Entry(entry) = next else {
            panic!("an entry, not {next:?}")
        };
        entry
    }
}

fn token(letter: u8) -> Token {
    Token::new([letter; 32])
}

fn founder() -> FounderSecret {
    FounderSecret::new([7; 32])
}

fn create(relay: &RelayHandle) -> Request {
    let (creation, founder) = (relay.creation_secret(), founder().hash());
    Request::Create {
        mailbox: mailbox(),
        creation: CreationRight::Relay(creation),
        token: token(b'a').hash(),
        founder,
    }
}

fn append(letter: u8, content: u8) -> Request {
    let bytes = vec![content; 1024];
    Request::Append {
        mailbox: mailbox(),
        token: token(letter),
        bytes,
    }
}

async fn connected(relay: &RelayHandle) -> Linked {
    let mut linked = Linked::to(address(relay));
    assert_eq!(linked.next().await, What::Connected);
    linked
}

#[tokio::test]
async fn what_one_sends_another_receives() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let (mut one, mut other) = (connected(&relay).await, connected(&relay).await);
    assert_eq!(one.ask(create(&relay)).await, Ok(0));
    other.link.follow(token(b'a'), 0);
    assert_eq!(other.next().await, What::CaughtUp { next: 0 });
    assert_eq!(one.ask(append(b'a', 1)).await, Ok(0));
    assert_eq!(other.entry().await.bytes, vec![1; 1024]);
}

#[tokio::test]
async fn after_a_restart_of_the_relay_it_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let mut linked = connected(&relay).await;
    linked.ask(create(&relay)).await.unwrap();
    linked.link.follow(token(b'a'), 0);
    linked.until(What::CaughtUp { next: 0 }).await;
    linked.link.send(1, append(b'a', 1));
    // The answer may come before the entry or after it.
    while !matches!(linked.next().await, What::Entry(_)) {}
    let at = relay.address();
    relay.stop();
    linked.until(What::Lost(Lost::Closed)).await;
    linked.link.send(2, append(b'a', 9));
    let relay = relay_at(at, folder.path());
    linked.until(What::Connected).await;
    assert_eq!(
        linked.next().await,
        What::CaughtUp { next: 1 },
        "nothing comes twice"
    );
    assert_eq!(
        linked.ask(append(b'a', 2)).await,
        Ok(1),
        "what was sent offline was dropped"
    );
    drop(relay);
}

#[tokio::test]
async fn another_key_at_the_same_address_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let mut wrong = address(&relay);
    wrong.fingerprint = Fingerprint::new([9; 32]);
    let mut linked = Linked::to(wrong);
    assert_eq!(linked.next().await, What::WrongKey);
    assert_eq!(linked.next().await, What::WrongKey);
}

#[tokio::test]
async fn an_unreachable_relay_is_told_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let (address, at) = (address(&relay), relay.address());
    relay.stop();
    let mut linked = Linked::to(address);
    assert_eq!(linked.next().await, What::Lost(Lost::Unreachable));
    let _relay = relay_at(at, folder.path());
    linked.until(What::Connected).await;
}

#[tokio::test]
async fn a_token_that_ends_is_told_and_the_next_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let mut linked = connected(&relay).await;
    linked.ask(create(&relay)).await.unwrap();
    linked.link.follow(token(b'a'), 0);
    linked.until(What::CaughtUp { next: 0 }).await;
    let (bytes, next) = (vec![1; 1024], token(b'b').hash());
    let mailbox = mailbox();
    linked.link.send(
        1,
        Request::Rotate {
            mailbox,
            token: token(b'a'),
            bytes,
            next,
            founder: None,
        },
    );
    linked.until(What::TokenEnded).await;
    linked.link.follow(token(b'b'), 1);
    linked.until(What::CaughtUp { next: 1 }).await;
    assert_eq!(linked.ask(append(b'b', 2)).await, Ok(1));
}

#[tokio::test]
async fn a_refused_token_is_tried_until_the_founder_resets() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let (mut linked, mut other) = (connected(&relay).await, connected(&relay).await);
    linked.ask(create(&relay)).await.unwrap();
    other.link.follow(token(b'c'), 0);
    assert_eq!(
        other.next().await,
        What::FollowRefused(Refusal::Unauthorised)
    );
    let (founder, new) = (founder(), token(b'c').hash());
    let reset = Request::Reset {
        mailbox: mailbox(),
        founder,
        token: new,
        from: 0,
    };
    assert_eq!(linked.ask(reset).await, Ok(0));
    other.until(What::CaughtUp { next: 1 }).await;
}

/// A rotation that leads nowhere is void to all members: they stay with the token that it ended.
#[tokio::test]
async fn a_token_that_ended_is_tried_until_the_founder_resets() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let (mut linked, mut other) = (connected(&relay).await, connected(&relay).await);
    linked.ask(create(&relay)).await.unwrap();
    other.link.follow(token(b'a'), 0);
    other.until(What::CaughtUp { next: 0 }).await;
    let rotate = Request::Rotate {
        mailbox: mailbox(),
        token: token(b'a'),
        bytes: vec![1; 1024],
        next: token(b'x').hash(),
        founder: None,
    };
    assert_eq!(linked.ask(rotate).await, Ok(0));
    other.until(What::TokenEnded).await;
    let reset = Request::Reset {
        mailbox: mailbox(),
        founder: founder(),
        token: token(b'a').hash(),
        from: 0,
    };
    assert_eq!(linked.ask(reset).await, Ok(1));
    other.until(What::CaughtUp { next: 2 }).await;
}

/// What was pushed in between was thrown away: whoever wants it again would else find a gap.
#[tokio::test]
async fn what_was_not_wanted_for_a_while_is_read_anew_from_where_it_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let mut other = connected(&relay).await;
    other.ask(create(&relay)).await.unwrap();
    other.ask(append(b'a', 1)).await.unwrap();
    let (sender, events) = mpsc::channel(64);
    let mut links = Links::new(sender);
    let wanted = |exists: bool| {
        vec![Subscription {
            relay: address(&relay),
            mailbox: mailbox(),
            token: token(b'a'),
            from: 0,
            exists,
        }]
    };
    links.follow(wanted(true));
    let link = Link::open(address(&relay), mailbox(), mpsc::channel(1).0);
    let mut linked = Linked { link, events };
    linked.until(What::CaughtUp { next: 1 }).await;
    links.follow(wanted(false));
    links.follow(wanted(true));
    assert_eq!(linked.entry().await.index, 0);
    linked.until(What::CaughtUp { next: 1 }).await;
}

#[tokio::test]
async fn a_dropped_link_ends_its_connection() {
    let folder = tempfile::tempdir().unwrap();
    let relay = new_relay(folder.path());
    let Linked { link, mut events } = connected(&relay).await;
    drop(link);
    assert_eq!(events.recv().await, None);
}
