//! A session of the driver: one browser process with an empty profile, and its end.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{Driver, Refusal};

const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The fields are dropped in this order: the place goes when nothing writes to it any more.
pub struct Session {
    driver: Driver,
    path: String,
    process: Option<u64>,
    place: Option<TempDir>,
}

impl Session {
    #[track_caller]
    pub fn open() -> Self {
        let place = tempfile::tempdir().expect("there is a place for temporary files");
        let driver = Driver::start(place.path());
        let profile = place.path().join("profile");
        let mut arguments = FLAGS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({
            "goog:chromeOptions": { "args": arguments },
            // Shorter than the patience with the socket, so that the driver can say what is wrong.
            "timeouts": { "script": 30_000, "pageLoad": 30_000, "implicit": 0 },
        });
        let body = json!({ "capabilities": { "alwaysMatch": wanted } });
        let begun = match driver.ask("POST", "/session", Some(&body)) {
            Ok(begun) => begun,
            Err(refusal) => panic!("no browser: {refusal}"),
        };
        Self {
            driver,
            path: format!("/session/{}", crate::text_of(&begun["sessionId"])),
            process: begun["capabilities"]["goog:processID"].as_u64(),
            place: Some(place),
        }
    }

    /// The folder with the profile, which then outlives the session.
    pub fn take_place(&mut self) -> Option<TempDir> {
        self.place.take()
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let path = format!("{}/{path}", self.path);
        self.driver.ask("POST", &path, Some(body))
    }

    #[track_caller]
    pub fn read(&self, path: &str) -> Result<Value, Refusal> {
        self.driver
            .ask("GET", &format!("{}/{path}", self.path), None)
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Result<Value, Refusal> {
        self.driver
            .ask("DELETE", &format!("{}/{path}", self.path), None)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let ended = self.driver.exchange("DELETE", &self.path, None);
        if let (Err(_) | Ok(Err(_)), Some(process)) = (ended, self.process) {
            // A browser outlives a driver that was killed.
            let mut kill = Command::new("kill");
            kill.args(["-KILL", &process.to_string()]);
            let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}
