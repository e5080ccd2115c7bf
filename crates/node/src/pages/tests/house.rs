//! A server with a table, and a client that says what it likes.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};

use super::table::{shows, table};
use crate::pages::{
    Hours, Pages, PagesConfig,
    desk::{Desk, Sorry, Wish},
    view::*,
};

pub struct House {
    pub pages: Pages,
    pub show: watch::Sender<Arc<Shown>>,
    pub desk: Arc<Recorder>,
}

/// A desk that notes what is wished, and does nothing.
#[derive(Default)]
pub struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    /// The wishes so far, as commands.
    pub fn wishes(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Desk for Recorder {
    fn carry_out(&self, wish: Wish) -> BoxFuture<'_, Result<(), Sorry>> {
        let noted = match wish {
            Wish::Command(command) => format!("{command:?}"),
            Wish::Lock => "lock".to_owned(),
            Wish::Type(place, texts) => {
                let texts: Vec<&str> = texts.values().map(|text| text.as_str()).collect();
                format!("type {place:?} {}", texts.join("|"))
            }
            Wish::Keep(settings) => format!("{settings:?}"),
            Wish::Create(_) | Wish::Open(_) | Wish::ChangePassphrase { .. } => "vault".to_owned(),
            Wish::Convene { title, .. } => format!("convene {title}"),
        };
        self.0.lock().unwrap().push(noted);
        Box::pin(async { Ok(()) })
    }

    fn touch(&self) {}

    fn own_hosts(&self) -> Vec<String> {
        vec!["192.0.2.7".to_owned()]
    }
}

impl House {
    pub async fn open() -> Self {
        let (show, shown) = watch::channel(Arc::new(shows(table())));
        let desk = Arc::new(Recorder::default());
        let config = PagesConfig {
            port: None,
            numeric_host: true,
        };
        let pages = Pages::start(config, shown, Hours::universal(), desk.clone())
            .await
            .unwrap();
        Self { pages, show, desk }
    }

    /// Host and path of a fresh launch URL.
    pub fn launch(&self) -> (String, String) {
        let url = self.pages.launch_url().unwrap();
        let (host, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        (host.to_owned(), format!("/{path}"))
    }

    /// Host and cookie of a browser that was let in.
    pub async fn enter(&self) -> (String, String) {
        let (host, path) = self.launch();
        let answer = self.ask(&path, &[("Host", &host)]).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        (host, header(&answer, "set-cookie").unwrap())
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
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

    pub async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let mut text = String::new();
        self.send("GET", path, headers)
            .await
            .read_to_string(&mut text)
            .await
            .unwrap();
        text
    }

    /// Sends a form as a browser would, with these headers besides.
    pub async fn submit(&self, path: &str, headers: &[(&str, &str)], form: &str) -> String {
        // Every page has another number, and so has every form here that names none.
        let form = match form.contains("once=") {
            true => form.to_owned(),
            false => format!("{form}&once={}", crate::pages::once::number().unwrap()),
        };
        let length = form.len().to_string();
        let mut all = headers.to_vec();
        all.push(("Content-Type", "application/x-www-form-urlencoded"));
        all.push(("Content-Length", &length));
        let mut stream = self.send("POST", path, &all).await;
        stream.write_all(form.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    /// The token in the forms of a session.
    pub async fn token(&self, host: &str, cookie: &str) -> String {
        let page = self
            .ask("/settings", &[("Host", host), ("Cookie", cookie)])
            .await;
        let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    pub async fn status(&self, path: &str, headers: &[(&str, &str)]) -> String {
        self.ask(path, headers)
            .await
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned()
    }

    pub fn change(&self, change: impl FnOnce(&mut Table)) {
        self.show
            .send_modify(|shown| match &mut Arc::make_mut(shown).page {
                Page::Table(table) => change(table),
                Page::NoDialogue | Page::Asking => panic!("there is a table"),
            });
    }
}

pub fn header(answer: &str, name: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next().unwrap();
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|line| line.0.eq_ignore_ascii_case(name))
        .map(|line| line.1.to_owned())
}

impl House {
    pub fn streams(&self) -> usize {
        self.pages.streams()
    }
}
