//! The pages, asked over a real connection by a client that can lie about everything.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use wire::Timestamp;

use super::{Hours, Pages, PagesConfig, Words, diff, layout::Pen, view::*};

const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}drawkcab";

struct House {
    pages: Pages,
    show: watch::Sender<Arc<Shown>>,
}

impl House {
    async fn open() -> Self {
        let (show, shown) = watch::channel(Arc::new(Shown {
            page: Page::Table(table()),
            alarms: Vec::new(),
        }));
        let config = PagesConfig {
            port: None,
            numeric_host: true,
        };
        let pages = Pages::start(config, shown, Hours::universal())
            .await
            .unwrap();
        Self { pages, show }
    }

    /// Host and path of a fresh launch URL.
    fn launch(&self) -> (String, String) {
        let url = self.pages.launch_url().unwrap();
        let (host, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        (host.to_owned(), format!("/{path}"))
    }

    /// Host and cookie of a browser that was let in.
    async fn enter(&self) -> (String, String) {
        let (host, path) = self.launch();
        let answer = self.ask(&path, &[("Host", &host)]).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        (host, header(&answer, "set-cookie").unwrap())
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(self.pages.address()).await.unwrap();
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        stream
            .write_all(
                format!("{method} {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes(),
            )
            .await
            .unwrap();
        stream
    }

    async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let mut text = String::new();
        self.send("GET", path, headers)
            .await
            .read_to_string(&mut text)
            .await
            .unwrap();
        text
    }

    async fn status(&self, path: &str, headers: &[(&str, &str)]) -> String {
        self.ask(path, headers)
            .await
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned()
    }

    fn change(&self, change: impl FnOnce(&mut Table)) {
        self.show
            .send_modify(|shown| match &mut Arc::make_mut(shown).page {
                Page::Table(table) => change(table),
                Page::NoDialogue | Page::Asking { .. } => panic!("there is a table"),
            });
    }
}

fn header(answer: &str, name: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next().unwrap();
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|line| line.0.eq_ignore_ascii_case(name))
        .map(|line| line.1.to_owned())
}

fn table() -> Table {
    let seat = |number, name: &str, role| Seat {
        number,
        name: name.to_owned(),
        role,
        you: number == 1,
    };
    Table {
        title: "The Sound".to_owned(),
        room: Room::Plenary,
        rule_card: RuleCard::ChathamHouse,
        sides: vec!["Arvane".to_owned(), "Oskerry".to_owned()],
        seats: vec![
            seat(0, "Mira Holt", Role::Convenor),
            seat(1, "Runa Feld", Role::Side(0)),
            seat(2, "Hanne Osk", Role::Side(1)),
        ],
        table_words: vec!["harbour".to_owned()],
        round: None,
        last: None,
        messages: vec![said(4, "A first word.")],
        live: true,
    }
}

fn said(index: u64, text: &str) -> Arc<Message> {
    let at = Timestamp::from_ms(1_795_448_460_000);
    Arc::new(Message {
        index,
        at,
        name: "Hanne Osk".to_owned(),
        role: Role::Side(1),
        text: text.to_owned(),
    })
}

fn round(status: RoundStatus) -> Round {
    let closes = Timestamp::from_ms(1_795_448_400_000);
    Round {
        question: "What now?".to_owned(),
        opened: None,
        closes,
        status,
        crowd: 12,
        floor: 10,
        written: false,
    }
}

fn written(shown: &Shown) -> String {
    let (words, hours) = (Words::english(), Hours::universal());
    let pen = Pen {
        words: &words,
        hours: &hours,
        now: Timestamp::from_ms(1_795_448_460_000),
    };
    super::table_show::whole(pen, shown).into_string()
}

#[tokio::test]
async fn a_launch_url_opens_the_table_once() {
    let house = House::open().await;
    let (host, path) = house.launch();
    let answer = house.ask(&path, &[("Host", &host)]).await;
    let cookie = header(&answer, "set-cookie").unwrap();
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert!(
        host.starts_with('t') && host.contains(".localhost:"),
        "{host}"
    );
    let page = house
        .ask("/", &[("Host", &host), ("Cookie", &cookie)])
        .await;
    assert!(
        page.starts_with("HTTP/1.1 200")
            && page.contains("A first word.")
            && page.contains("The Sound"),
        "{page}"
    );
    assert_eq!(
        house.status(&path, &[("Host", &host)]).await,
        "403",
        "a token is spent by its first use"
    );
}

#[tokio::test]
async fn nobody_comes_in_without_the_right_host_origin_and_session() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let port = house.pages.address().port();
    let (own, numeric) = (format!("http://{host}"), format!("127.0.0.1:{port}"));
    for path in ["/", "/events", "/tracktwo.css", "/htmx.js", "/htmx-live.js"] {
        assert_eq!(
            house.status(path, &[("Host", &host)]).await,
            "403",
            "{path} without a session"
        );
        assert_eq!(
            house
                .status(path, &[("Host", "evil.example"), ("Cookie", &cookie)])
                .await,
            "403",
            "{path}"
        );
    }
    let other_port = host.replace(&port.to_string(), "1");
    for wrong in [
        "localhost",
        &format!("localhost:{port}"),
        &other_port,
        &format!("x.{host}"),
        "",
    ] {
        assert_eq!(
            house
                .status("/", &[("Host", wrong), ("Cookie", &cookie)])
                .await,
            "403",
            "host {wrong}"
        );
    }
    for wrong in [
        "http://evil.example",
        "null",
        &own.replace("http", "https"),
        &format!("{own}.evil.example"),
        "",
    ] {
        let headers = [
            ("Host", host.as_str()),
            ("Cookie", &cookie),
            ("Origin", wrong),
        ];
        assert_eq!(house.status("/", &headers).await, "403", "origin {wrong}");
    }
    assert_eq!(
        house
            .status(
                "/",
                &[("Host", &host), ("Cookie", &cookie), ("Origin", &own)]
            )
            .await,
        "200"
    );
    assert_eq!(
        house
            .status("/", &[("Host", &numeric), ("Cookie", &cookie)])
            .await,
        "200"
    );
    let forged = cookie.replace(';', "x;");
    assert_eq!(
        house
            .status("/", &[("Host", &host), ("Cookie", &forged)])
            .await,
        "403"
    );
    assert_eq!(
        house.status("/launch/none", &[("Host", &host)]).await,
        "403"
    );
    let (_, path) = house.launch();
    assert_eq!(
        house.status(&path, &[("Host", "evil.example")]).await,
        "403"
    );
    let two = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &own),
        ("Origin", "http://evil.example"),
    ];
    assert_eq!(house.status("/", &two).await, "403");
}

#[tokio::test]
async fn a_change_without_an_origin_is_refused() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let mut text = String::new();
    let mut stream = house
        .send("POST", "/", &[("Host", &host), ("Cookie", &cookie)])
        .await;
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 403"), "{text}");
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    for (path, cookie) in [
        ("/", cookie.as_str()),
        ("/", ""),
        ("/nowhere", &cookie),
        ("/tracktwo.css", &cookie),
    ] {
        let answer = house
            .ask(path, &[("Host", &host), ("Cookie", cookie)])
            .await;
        let policy = header(&answer, "content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(header(&answer, "cache-control").unwrap(), "no-store");
        assert_eq!(
            header(&answer, "x-content-type-options").unwrap(),
            "nosniff"
        );
        assert_eq!(header(&answer, "x-frame-options").unwrap(), "DENY");
    }
    let page = house
        .ask("/", &[("Host", &host), ("Cookie", &cookie)])
        .await;
    for inline in [
        "<style",
        " style=",
        "javascript:",
        " onload",
        "http://",
        "https://",
    ] {
        assert!(
            !page.split("\r\n\r\n").nth(1).unwrap().contains(inline),
            "{inline}"
        );
    }
    let scripts: Vec<_> = page
        .match_indices("<script")
        .map(|(at, _)| &page[at..at + 30])
        .collect();
    assert!(
        scripts
            .iter()
            .all(|script| script.starts_with("<script defer src=\"/htmx")),
        "{scripts:?}"
    );
}

#[tokio::test]
async fn two_nodes_on_one_machine_keep_their_own_sessions() {
    let (one, other) = (House::open().await, House::open().await);
    let ((one_host, one_cookie), (other_host, other_cookie)) =
        (one.enter().await, other.enter().await);
    let name = |cookie: &str| cookie.split('=').next().unwrap().to_owned();
    assert_ne!(name(&one_cookie), name(&other_cookie));
    assert_ne!(one_host, other_host);
    let both = format!(
        "{}; {}",
        one_cookie.split(';').next().unwrap(),
        other_cookie.split(';').next().unwrap()
    );
    assert_eq!(
        one.status("/", &[("Host", &one_host), ("Cookie", &both)])
            .await,
        "200"
    );
    assert_eq!(
        other
            .status("/", &[("Host", &other_host), ("Cookie", &both)])
            .await,
        "200"
    );
    assert_eq!(
        other
            .status("/", &[("Host", &other_host), ("Cookie", &one_cookie)])
            .await,
        "403"
    );
}

#[tokio::test]
async fn the_stream_brings_the_page_then_each_message_by_itself() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let mut stream = house
        .send("GET", "/events", &[("Host", &host), ("Cookie", &cookie)])
        .await;
    let mut text = read_until(&mut stream, "A first word.").await;
    assert!(text.contains("text/event-stream"), "{text}");
    house.change(|table| table.messages.push(said(9, "Zwei\r\nZeilen: <b>laut</b>")));
    text = read_until(&mut stream, "event: message\nid: 9\n").await;
    assert!(
        text.contains("hx-target=\"#messages\" hx-swap=\"beforeend\""),
        "{text}"
    );
    assert!(
        text.contains("&lt;b&gt;laut&lt;/b&gt;") && !text.contains("A first word."),
        "{text}"
    );
    house.change(|table| table.round = Some(round(RoundStatus::Writing)));
    text = read_until(&mut stream, "What now?").await;
    assert!(
        !text.contains("Zeilen"),
        "only what changed is sent: {text}"
    );
    house.pages.stop().await;
    read_until_end(&mut stream).await;
}

async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let read = timeout(Duration::from_secs(10), stream.read(&mut part))
            .await
            .expect("the stream is alive")
            .unwrap();
        assert_ne!(read, 0, "the stream ended before {wanted}");
        bytes.extend(&part[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(wanted) {
            return text.into_owned();
        }
    }
}

async fn read_until_end(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    timeout(Duration::from_secs(10), stream.read_to_end(&mut rest))
        .await
        .expect("the stream ends")
        .unwrap();
}

#[tokio::test]
async fn streams_are_limited_and_given_back() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let headers = [("Host", host.as_str()), ("Cookie", &cookie)];
    let mut open = Vec::new();
    for _ in 0..crate::limits::LIVE_STREAMS {
        let mut stream = house.send("GET", "/events", &headers).await;
        read_until(&mut stream, "A first word.").await;
        open.push(stream);
    }
    assert_eq!(house.status("/events", &headers).await, "429");
    open.clear();
    // The server notices a closed tab when it writes to it.
    while house.pages_has_no_place() {
        house.change(|table| table.title.push('x'));
        tokio::task::yield_now().await;
    }
}

impl House {
    fn pages_has_no_place(&self) -> bool {
        self.pages.free_streams() == 0
    }
}

#[test]
fn what_persons_wrote_is_escaped_and_isolated_everywhere() {
    let mut table = table();
    table.title = HOSTILE.to_owned();
    table.sides = vec![HOSTILE.to_owned(), HOSTILE.to_owned()];
    table
        .seats
        .iter_mut()
        .for_each(|seat| seat.name = HOSTILE.to_owned());
    table.messages = vec![Arc::new(Message {
        name: HOSTILE.to_owned(),
        ..(*said(1, HOSTILE)).clone()
    })];
    table.round = Some(Round {
        question: HOSTILE.to_owned(),
        ..round(RoundStatus::Writing)
    });
    table.last = Some(Arc::new(Statements {
        question: HOSTILE.to_owned(),
        crowd: 5,
        texts: vec![HOSTILE.to_owned()],
    }));
    for room in [Room::Plenary, Room::Caucus(1)] {
        table.room = room;
        let page = written(&Shown {
            page: Page::Table(table.clone()),
            alarms: Vec::new(),
        });
        assert!(
            !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(
            page.contains("<p class=\"written said\" dir=\"auto\">&lt;script&gt;"),
            "{page}"
        );
        assert!(page.contains("<bdi>&lt;script&gt;"), "{page}");
    }
}

#[test]
fn a_round_never_shows_more_than_how_many_are_in() {
    let mut table = table();
    table.round = Some(round(RoundStatus::Collecting(2)));
    let page = written(&Shown {
        page: Page::Table(table),
        alarms: Vec::new(),
    });
    assert!(
        page.contains("Nobody’s text was shown.") && page.contains("Hidden among"),
        "{page}"
    );
}

#[test]
fn every_state_of_the_page_has_its_words() {
    let alarms = vec![
        Alarm::RestoredCopy,
        Alarm::HistoriesDiffer,
        Alarm::LogDamaged,
        Alarm::StatesDiffer,
        Alarm::WrongRelayKey,
        Alarm::UpdateProgram,
        Alarm::RelayFull,
        Alarm::Removed,
        Alarm::DiskFull,
        Alarm::VaultFailed,
    ];
    for page in [
        Page::NoDialogue,
        Page::Asking {
            name: "Orso Wick".to_owned(),
        },
        Page::Table(table()),
    ] {
        let page = written(&Shown {
            page,
            alarms: alarms.clone(),
        });
        assert!(
            page.contains("This is an older copy of your vault.")
                && page.contains("Your vault cannot be written")
        );
    }
}

#[test]
fn every_sentence_that_a_page_asks_for_exists() {
    let words = Words::english();
    let pages = [
        include_str!("table_show.rs"),
        include_str!("seating.rs"),
        include_str!("round_clock.rs"),
        include_str!("statements.rs"),
        include_str!("discussion.rs"),
        include_str!("layout.rs"),
    ];
    let calls = [
        "pen.say(\"",
        "pen.name(\"",
        "pen.count(\"",
        "pen.say_with(\"",
    ];
    for id in pages
        .iter()
        .flat_map(|page| calls.iter().flat_map(|call| page.split(call).skip(1)))
    {
        let id = id.split('"').next().unwrap();
        assert!(words.knows(id), "{id}");
    }
}

#[test]
fn an_unchanged_view_sends_nothing() {
    let (words, hours) = (Words::english(), Hours::universal());
    let pen = Pen {
        words: &words,
        hours: &hours,
        now: Timestamp::from_ms(0),
    };
    let shown = Shown {
        page: Page::Table(table()),
        alarms: Vec::new(),
    };
    assert_eq!(diff::changes(pen, &shown, &shown.clone()), []);
}
