//! A browser's half of the live page: signs in with a launch URL and reads the event stream.

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;

/// One open page.
pub(super) struct LivePage {
    lines: Lines<BufReader<TcpStream>>,
}

impl LivePage {
    /// Exchanges the launch token for a session and opens the stream.
    pub(super) async fn open(launch_url: &str) -> anyhow::Result<LivePage> {
        let rest = launch_url
            .strip_prefix("http://")
            .context("a loopback URL")?;
        let (host, path) = rest.split_once('/').context("a launch path")?;
        let port = host.rsplit_once(':').context("a port")?.1.parse()?;
        let cookie = session(host, port, path).await?;
        let mut lines = request(host, port, "events/table", Some(&cookie)).await?;
        let status = lines.next_line().await?.context("an answer")?;
        ensure!(status.contains(" 200 "), "the live page answered {status}");
        let mut page = LivePage { lines };
        // The stream begins with the page as it is.
        page.until("data:").await?;
        Ok(page)
    }

    /// Waits until another message is on the page.
    pub(super) async fn next_message(&mut self) -> anyhow::Result<()> {
        let waiting = self.until("event: message");
        let waited = tokio::time::timeout(super::stage::PATIENCE, waiting).await;
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

async fn session(host: &str, port: u16, path: &str) -> anyhow::Result<String> {
    let mut lines = request(host, port, path, None).await?;
    while let Some(line) = lines.next_line().await? {
        let lower = line.to_ascii_lowercase();
        if let Some(at) = lower
            .strip_prefix("set-cookie:")
            .map(|_| "set-cookie:".len())
        {
            let cookie = line.get(at..).unwrap_or_default().trim();
            return Ok(cookie.split(';').next().unwrap_or_default().to_owned());
        }
        ensure!(!line.is_empty(), "the launch URL gave no session");
    }
    bail!("the node closed the connection")
}

async fn request(
    host: &str,
    port: u16,
    path: &str,
    cookie: Option<&str>,
) -> anyhow::Result<Lines<BufReader<TcpStream>>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let cookie = cookie
        .map(|cookie| format!("Cookie: {cookie}\r\n"))
        .unwrap_or_default();
    let head = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n");
    stream.write_all(head.as_bytes()).await?;
    Ok(BufReader::new(stream).lines())
}
