//! Over a real connection: who comes in, and what is sent.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    house::{House, header},
    table::{round, said},
};
use crate::pages::view::{RoundStatus, Shown, Standing};

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
        .ask("/table", &[("Host", &host), ("Cookie", &cookie)])
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
async fn nobody_comes_in_without_the_right_host() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let port = house.pages.address().port();
    let numeric = format!("127.0.0.1:{port}");
    for path in ["/", "/events/table", "/table", "/htmx.js"] {
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
    assert_eq!(
        house
            .status("/", &[("Host", &numeric), ("Cookie", &cookie)])
            .await,
        "200"
    );
    let (_, path) = house.launch();
    assert_eq!(
        house.status(&path, &[("Host", "evil.example")]).await,
        "403"
    );
}

#[tokio::test]
async fn nobody_comes_in_with_a_foreign_origin_or_a_forged_session() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let own = format!("http://{host}");
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
        .ask("/table", &[("Host", &host), ("Cookie", &cookie)])
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
        .send(
            "GET",
            "/events/table",
            &[("Host", &host), ("Cookie", &cookie)],
        )
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
async fn the_oldest_stream_gives_way_to_the_newest() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let headers = [("Host", host.as_str()), ("Cookie", &cookie)];
    let mut open = Vec::new();
    for _ in 0..=crate::limits::LIVE_STREAMS {
        let mut stream = house.send("GET", "/events/table", &headers).await;
        read_until(&mut stream, "A first word.").await;
        open.push(stream);
    }
    read_until_end(&mut open.remove(0)).await;
    assert_eq!(house.streams(), crate::limits::LIVE_STREAMS);
    house.change(|table| table.messages.push(said(9, "still alive")));
    for stream in &mut open {
        read_until(stream, "still alive").await;
    }
}

#[tokio::test]
async fn a_form_is_taken_only_with_its_sessions_own_token() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let (_, other_cookie) = house.enter().await;
    let (own, other) = (
        house.token(&host, &cookie).await,
        house.token(&host, &other_cookie).await,
    );
    assert_ne!(own, other);
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    for form in [
        "text=hello".to_owned(),
        "text=hello&token=".to_owned(),
        format!("text=hello&token={other}"),
    ] {
        let answer = house.submit("/table/say", &headers, &form).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{form}: {answer}");
    }
    assert_eq!(house.desk.wishes(), [""; 0]);
    let form = format!("text=hello&token={own}");
    let answer = house.submit("/table/say", &headers, &form).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(house.desk.wishes()[0].contains("hello"));
}

#[tokio::test]
async fn a_form_from_another_page_is_refused_even_with_the_token() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let form = format!("text=hello&token={}", house.token(&host, &cookie).await);
    for origin in ["http://evil.example", "null"] {
        let headers = [
            ("Host", host.as_str()),
            ("Cookie", &cookie),
            ("Origin", origin),
        ];
        let answer = house.submit("/table/say", &headers, &form).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{origin}: {answer}");
        assert!(!answer.contains("hello"), "a stranger gets nothing back");
    }
    assert_eq!(house.desk.wishes(), [""; 0]);
}

#[tokio::test]
async fn a_page_left_open_over_a_restart_gets_back_what_was_typed_and_sends_nothing() {
    let house = House::open().await;
    let port = house.pages.address().port();
    let earlier = format!("tabcdefgh234567ab.localhost:{port}");
    let origin = format!("http://{earlier}");
    let headers = [("Host", earlier.as_str()), ("Origin", &origin)];
    let answer = house
        .submit(
            "/table/say",
            &headers,
            "token=old&text=three+lines+of+thought",
        )
        .await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("three lines of thought") && answer.contains("earlier start"));
    let foreign = [
        ("Host", earlier.as_str()),
        ("Origin", "http://evil.example"),
    ];
    let answer = house.submit("/table/say", &foreign, "text=hello").await;
    assert!(!answer.contains("hello"), "{answer}");
    assert_eq!(house.desk.wishes(), [""; 0]);
}

#[tokio::test]
async fn a_vault_that_closes_blanks_the_open_page_and_hands_back_what_was_typed() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let token = house.token(&host, &cookie).await;
    let mut stream = house
        .send(
            "GET",
            "/events/table",
            &[("Host", &host), ("Cookie", &cookie)],
        )
        .await;
    read_until(&mut stream, "A first word.").await;
    house.show.send_replace(std::sync::Arc::new(Shown {
        standing: Standing::Locked,
        ..Shown::default()
    }));
    let text = read_until(&mut stream, "Your vault is closed").await;
    assert!(text.contains("hx-target=\"#shown\""), "{text}");
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    let form = format!("token={token}&text=half+a+letter&passphrase=secret");
    let answer = house.submit("/table/say", &headers, &form).await;
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    assert!(answer.contains("half a letter") && !answer.contains("secret"));
    assert_eq!(
        house
            .status("/table", &[("Host", &host), ("Cookie", &cookie)])
            .await,
        "303"
    );
}

#[tokio::test]
async fn a_form_that_comes_twice_is_carried_out_once() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let token = house.token(&host, &cookie).await;
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    let form = |text: &str, once: &str| format!("token={token}&text={text}&once={once}");
    let (hello, path) = (form("hello", "a"), "/table/say");
    // A double click: the browser gives up its first request and reads the answer of the second.
    let length = hello.len().to_string();
    let mut all = headers.to_vec();
    all.push(("Content-Type", "application/x-www-form-urlencoded"));
    all.push(("Content-Length", &length));
    let mut given_up = house.send("POST", path, &all).await;
    given_up.write_all(hello.as_bytes()).await.unwrap();
    drop(given_up);
    for _ in 0..2 {
        let answer = house.submit(path, &headers, &hello).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert!(answer.contains("sent=yes"), "{answer}");
    }
    let said = || house.desk.wishes().len();
    assert_eq!(said(), 1);
    // The same words from a newer page, and other words from the same one, are meant.
    for (text, once) in [("hello", "b"), ("good+morning", "a")] {
        house.submit(path, &headers, &form(text, once)).await;
    }
    assert_eq!(said(), 3);
    let refused = house.submit(path, &headers, &form("again", "")).await;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert_eq!(said(), 3);
}

#[tokio::test]
async fn what_is_typed_is_kept_until_its_form_was_carried_out() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let token = house.token(&host, &cookie).await;
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Cookie", &cookie),
        ("Origin", &origin),
    ];
    let form =
        |text: &str, once: &str| format!("token={token}&place=table&text={text}&once={once}");
    for text in ["half", "half+a+sentence", "half"] {
        let answer = house.submit("/typed", &headers, &form(text, "a")).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }
    let wishes = house.desk.wishes();
    assert_eq!(wishes.len(), 3, "each is kept: {wishes:?}");
    assert_eq!(wishes[1], "type Table |half a sentence");
    house
        .submit("/table/say", &headers, &form("half", "a"))
        .await;
    let wishes = house.desk.wishes();
    assert!(wishes[3].contains("Hold"), "{wishes:?}");
    assert_eq!(wishes[4], "type Table ", "what was sent is not unsent");
    // A letter that was on its way while the form was sent brings nothing back.
    house.submit("/typed", &headers, &form("half", "a")).await;
    assert_eq!(house.desk.wishes().len(), 5);
    let unknown = house.submit("/typed", &headers, "place=passphrase").await;
    assert!(unknown.starts_with("HTTP/1.1 403"), "{unknown}");
}

#[tokio::test]
async fn whoever_was_removed_finds_no_field_and_reads_what_to_do() {
    let house = House::open().await;
    let (host, cookie) = house.enter().await;
    let seen = [("Host", host.as_str()), ("Cookie", cookie.as_str())];
    assert!(house.ask("/table", &seen).await.contains("id=\"message\""));
    let mut stream = house.send("GET", "/events/table", &seen).await;
    read_until(&mut stream, "A first word.").await;
    house.change(|table| (table.removed, table.live) = (true, false));
    let text = read_until(&mut stream, "not in this room any more").await;
    assert!(text.contains("hx-target=\"#shown\""), "{text}");
    let page = house.ask("/table", &seen).await;
    assert!(!page.contains("id=\"message\"") && !page.contains("Reading what was said"));
    assert!(page.contains("--vault") && page.contains("A first word."));
    assert!(house.ask("/", &seen).await.contains("new invitation"));
}
