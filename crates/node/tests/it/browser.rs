//! A headless Chromium, driven over the WebDriver protocol (W3C) by its own driver.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

const QUIET: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1400",
];

/// The driver answers sooner, or something is broken.
const PATIENCE: Duration = Duration::from_secs(40);

/// One browser with one page.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Starts the driver on a free port, and a browser with a profile of its own.
    pub fn open() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: apt-get install chromium chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let started = lines.find_map(|line| {
            let line = line.unwrap();
            line.split_once("successfully on port ")
                .map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let port = started.expect("the driver says its port").parse().unwrap();
        let profile = tempfile::tempdir().unwrap();
        let mut arguments = QUIET.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let mut browser = Self {
            driver,
            port,
            session: String::new(),
            _profile: profile,
        };
        let wanted = json!({ "goog:chromeOptions": { "args": arguments } });
        let session = browser.ask(
            "/session",
            &json!({ "capabilities": { "alwaysMatch": wanted } }),
        );
        browser.session = session["sessionId"].as_str().unwrap().to_owned();
        browser
    }

    /// Opens an address.
    pub fn go(&self, url: &str) {
        self.ask(
            &format!("/session/{}/url", self.session),
            &json!({ "url": url }),
        );
    }

    /// What a script on the page returns; it may be a promise.
    pub fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.ask(&format!("/session/{}/execute/sync", self.session), &body)
    }

    /// Waits, on the page itself, until it shows a text. The driver gives up after thirty seconds.
    pub fn reads(&self, text: &str) {
        let wanted = json!(text);
        let found = self.run(&format!(
            "return new Promise(found => {{
                const look = () => document.body.innerText.includes({wanted}) && found(true);
                new MutationObserver(look).observe(document.body, {{ subtree: true, childList: true, characterData: true }});
                look();
            }})"
        ));
        assert_eq!(found, true, "{text}");
    }

    fn ask(&self, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        );
        write!(
            stream,
            "{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let json = body_of(stream);
        let value = serde_json::from_slice::<Value>(&json).unwrap()["value"].clone();
        assert!(value.get("error").is_none(), "{path}: {value}");
        value
    }
}

/// The driver keeps its connections open: the length says where an answer ends.
fn body_of(stream: TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser with itself, when it is asked to.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let path = format!("/session/{}", self.session);
            let patient = stream.set_read_timeout(Some(PATIENCE));
            let asked = patient.and_then(|()| {
                write!(
                    stream,
                    "DELETE {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                )
            });
            let _ = asked.and_then(|()| stream.read(&mut [0; 64]));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
