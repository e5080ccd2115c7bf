//! A headless Chromium for tests, driven over the WebDriver protocol (W3C) by its own driver.
//! What does not work is a panic of the test, with the reason.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value does not have is null, and no panic"
)]

mod audit;
mod content;
mod driver;
mod input;
mod layout;
mod picture;
mod session;
mod waiting;
mod window;

use std::cell::Cell;

use serde_json::{Value, json};
use tempfile::TempDir;

use driver::Refusal;
use session::Session;

pub use input::{ENTER, ESCAPE, SHIFT, SPACE, TAB};
pub use window::Window;

/// One browser with one page and an empty profile. It ends when it is dropped.
pub struct Browser {
    session: Session,
    window: Cell<Window>,
    clicks: Cell<u32>,
}

impl Browser {
    /// Starts a driver on a free port, and a browser with a profile of its own.
    #[track_caller]
    pub fn open(window: &Window) -> Self {
        let browser = Self {
            session: Session::open(),
            window: Cell::new(*window),
            clicks: Cell::new(0),
        };
        browser.resize(window);
        browser
    }

    /// Closes the browser as a person does, and hands over what it left on the disk.
    #[track_caller]
    pub fn close(mut self) -> TempDir {
        let place = self.session.take_place();
        place.expect("only closing takes the folder")
    }

    /// Opens an address, and waits until it is loaded.
    #[track_caller]
    pub fn go(&self, url: &str) {
        self.order("url", &json!({ "url": url }));
    }

    /// Goes back to the page before.
    #[track_caller]
    pub fn back(&self) {
        self.order("back", &json!({}));
    }

    /// Loads the page again; the answer to a form is asked for again, form and all.
    #[track_caller]
    pub fn refresh(&self) {
        self.order("refresh", &json!({}));
    }

    /// The address of the page.
    #[track_caller]
    pub fn url(&self) -> String {
        text_of(&self.ask("url"))
    }

    /// The title of the page.
    #[track_caller]
    pub fn title(&self) -> String {
        text_of(&self.ask("title"))
    }

    /// What a script on the page returns; it may be a promise. It runs even where the page's own
    /// scripts are off, but no timer ever ends there.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.run_with(script, &[])
    }

    /// How many clicks it took so far, or since they were last reset.
    pub fn clicks(&self) -> u32 {
        self.clicks.get()
    }

    /// Counts the clicks from zero again.
    pub fn reset_clicks(&self) {
        self.clicks.set(0);
    }

    /// A script with `arguments`, which come without the danger of quotes.
    #[track_caller]
    fn run_with(&self, script: &str, arguments: &[Value]) -> Value {
        match self.try_run(script, arguments) {
            Ok(value) => value,
            Err(refusal) => panic!("{refusal}\nin the script: {script}"),
        }
    }

    fn try_run(&self, script: &str, arguments: &[Value]) -> Result<Value, Refusal> {
        let body = json!({ "script": script, "args": arguments });
        self.session.post("execute/sync", &body)
    }

    /// A command of the DevTools protocol, for what WebDriver has no words for.
    #[track_caller]
    fn tool(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.order("goog/cdp/execute", &body)
    }

    #[track_caller]
    fn order(&self, path: &str, body: &Value) -> Value {
        match self.session.post(path, body) {
            Ok(value) => value,
            Err(refusal) => panic!("{path}: {refusal}"),
        }
    }

    #[track_caller]
    fn ask(&self, path: &str) -> Value {
        match self.session.read(path) {
            Ok(value) => value,
            Err(refusal) => panic!("{path}: {refusal}"),
        }
    }
}

/// The text in a JSON string; nothing where there is none.
fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The texts in a JSON array of strings.
fn texts_of(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .map(text_of)
        .collect()
}
