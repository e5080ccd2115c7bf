//! A browser's half of the pages: signs in with a launch URL, reads a page, follows a stream.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;

/// Nothing on a page takes this long, unless it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session with one node.
pub struct Visitor {
    host: String,
    port: u16,
    cookie: String,
}

/// One open stream.
pub struct LivePage {
    lines: Lines<BufReader<TcpStream>>,
}

impl Visitor {
    /// Exchanges the launch token for a session.
    pub async fn enter(launch_url: &str) -> anyhow::Result<Visitor> {
        let rest = launch_url
            .strip_prefix("http://")
            .context("a loopback URL")?;
        let (host, path) = rest.split_once('/').context("a launch path")?;
        let port = host.rsplit_once(':').context("a port")?.1.parse()?;
        let mut visitor = Visitor {
            host: host.to_owned(),
            port,
            cookie: String::new(),
        };
        let answer = visitor.get(path).await?;
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie")
                .then(|| value.split(';').next().unwrap_or_default().to_owned())
        });
        visitor.cookie = cookie.context("the launch URL gave no session")?;
        Ok(visitor)
    }

    /// Reads a page to its end, head and all.
    pub async fn get(&self, path: &str) -> anyhow::Result<String> {
        let mut stream = self.ask(path, "Connection: close\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// Opens the stream of a room.
    pub async fn follow(&self, room: &str) -> anyhow::Result<LivePage> {
        let stream = self.ask(&format!("events/{room}"), "").await?;
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next_line().await?.context("an answer")?;
        ensure!(status.contains(" 200 "), "the live page answered {status}");
        let mut page = LivePage { lines };
        // The stream begins with the page as it is.
        page.until("data:").await?;
        Ok(page)
    }

    async fn ask(&self, path: &str, more: &str) -> anyhow::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let (host, cookie) = (&self.host, &self.cookie);
        let head =
            format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).await?;
        Ok(stream)
    }
}

impl LivePage {
    /// Waits until another message is on the page.
    pub async fn next_message(&mut self) -> anyhow::Result<()> {
        let waiting = self.until("event: message");
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.context("a message did not come to the live page")?
    }

    async fn until(&mut self, start: &str) -> anyhow::Result<()> {
        while let Some(line) = self.lines.next_line().await? {
            if line.starts_with(start) {
                return Ok(());
            }
        }
        bail!("the live page ended")
    }
}
