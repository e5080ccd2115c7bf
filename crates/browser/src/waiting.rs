//! Waiting for the page to show something: on the page itself, and across its navigations.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Browser, driver::Refusal, text_of};

/// Nothing that a test waits for takes longer.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits on the page for at most this long in one command. Then it looks whether all is lost.
const SLICE: Duration = Duration::from_secs(5);

/// How long the driver looks at a page without scripts before that is loaded again.
const PAUSE_MS: u64 = 250;

/// What the body shows, with and without the marks that isolate a direction of writing.
const READS: &str = r"
    const shown = document.body?.innerText ?? '';
    return shown.includes(arguments[0]) || shown.replace(/[\u2068\u2069]/g, '').includes(arguments[0])";

/// Looks at every change, and ten times a second at what changes without one.
const WAIT: &str = "
    const [wanted, slice] = arguments;
    return new Promise(answer => {
        let fault = false;
        const end = value => { observer.disconnect(); clearInterval(timer); answer(value); };
        const look = () => test(wanted).then(yes => yes && end(true), error => fault = String(error));
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        const timer = setInterval(look, 100);
        setTimeout(() => end(fault), slice);
        look();
    })";

/// What to do between two looks at a page that cannot change by itself.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    Looks,
    Loads,
}

impl Browser {
    /// Waits until the page shows `text`. Without scripts the page is loaded again and again.
    #[track_caller]
    pub fn reads(&self, text: &str) {
        if let Err(reason) = self.wait(READS, text, Between::Loads) {
            let shown = self.body();
            panic!("no {text:?} at {}{reason}\n{shown}", self.url());
        }
    }

    /// Makes sure that the page does not show `text` now.
    #[track_caller]
    pub fn reads_not(&self, text: &str) {
        let shown = self.run_with(READS, &[json!(text)]) == true;
        assert!(!shown, "{text:?} at {}\n{}", self.url(), self.body());
    }

    /// Waits until a script, as `return document.hidden`, returns something true.
    #[track_caller]
    pub fn until(&self, script: &str) {
        if let Err(reason) = self.wait(script, "", Between::Looks) {
            let shown = self.body();
            panic!("not yet at {}: {script}{reason}\n{shown}", self.url());
        }
    }

    #[track_caller]
    fn body(&self) -> String {
        text_of(&self.run("return document.body?.innerText"))
    }

    /// A navigation ends the script that waits: it is then begun anew on the new page.
    fn wait(&self, script: &str, wanted: &str, between: Between) -> Result<(), String> {
        let begun = Instant::now();
        let mut reason = String::new();
        while let Some(left) = LIMIT.checked_sub(begun.elapsed()) {
            match self.look(script, wanted, left.min(SLICE)) {
                Ok(Value::Bool(true)) => return Ok(()),
                Ok(fault) => reason = fault.as_str().map_or(String::new(), |s| format!(" ({s})")),
                Err(refusal) => {
                    reason = format!(" ({refusal})");
                    self.pause();
                }
            }
            if !self.window.get().scripts {
                self.pause();
                if between == Between::Loads && !self.shows(script, wanted) {
                    self.refresh();
                }
            }
        }
        Err(reason)
    }

    fn look(&self, script: &str, wanted: &str, slice: Duration) -> Result<Value, Refusal> {
        if !self.window.get().scripts {
            // No timer ends and no observer is told: one look is all there is.
            return Ok(Value::Bool(self.shows(script, wanted)));
        }
        let slice = u64::try_from(slice.as_millis()).unwrap_or(0);
        let waiting = format!("const test = async function() {{ {script} }};\n{WAIT}");
        self.try_run(&waiting, &[json!(wanted), json!(slice)])
    }

    fn shows(&self, script: &str, wanted: &str) -> bool {
        self.try_run(script, &[json!(wanted)])
            .is_ok_and(|value| value == true)
    }

    /// Has the driver look for what is not there, so that no server is asked more often than this.
    fn pause(&self) {
        let set = |ms: u64| self.session.post("timeouts", &json!({ "implicit": ms }));
        let nothing = json!({ "using": "css selector", "value": "never-on-a-page" });
        let _ = set(PAUSE_MS);
        let _ = self.session.post("elements", &nothing);
        let _ = set(0);
    }
}
