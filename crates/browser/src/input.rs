//! What a person does to a page: clicking, choosing, typing.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{Browser, driver::Refusal};

/// The Tab key.
pub const TAB: &str = "\u{E004}";
/// The Enter key.
pub const ENTER: &str = "\u{E007}";
/// The space bar.
pub const SPACE: &str = " ";
/// The Escape key.
pub const ESCAPE: &str = "\u{E00C}";
/// The Shift key; it is held for the rest of the keys.
pub const SHIFT: &str = "\u{E008}";

/// Shift, Control, Alt and Meta.
const HELD: [char; 4] = ['\u{E008}', '\u{E009}', '\u{E00A}', '\u{E03D}'];

/// A page that changes by itself has its elements again after this long, or not at all.
const STEADY: Duration = Duration::from_secs(5);

/// Nothing has happened yet to an element that was refused for one of these.
const TOO_SOON: [&str; 4] = [
    "no such element",
    "stale element reference",
    "element click intercepted",
    "element not interactable",
];

/// What is typed key by key; more than this comes at once, as from a clipboard.
const TYPED: usize = 200;

/// The protocol's name for a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds what begins with a label; what is exactly the label goes first.
const PRESSABLE: &str = r"
    const plain = text => text.replace(/[\u2068\u2069]/g, '').replace(/\s+/g, ' ').trim();
    const label = plain(arguments[0]);
    const says = element => plain(element.value && element.matches('input') ? element.value : element.textContent);
    const kinds = 'a[href], button, summary, label, input:is([type=submit], [type=button], [type=reset])';
    const shown = [...document.querySelectorAll(kinds)].filter(element =>
        !element.matches(':disabled')
        && element.checkVisibility({ visibilityProperty: true })
        && element.getClientRects().length
        && says(element).startsWith(label));
    return shown.find(element => says(element) === label) ?? shown[0] ?? null";

/// Some inputs take a value, not keys: what their keys do depends on the language of the machine.
const SET: &str = "
    const [element, text] = arguments;
    const kinds = ['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range'];
    if (!kinds.includes(element.type)) return false;
    element.value = text;
    for (const kind of ['input', 'change']) element.dispatchEvent(new Event(kind, { bubbles: true }));
    return true";

/// The label of an input that is itself too small or too hidden to be clicked.
const LABEL: &str = "return arguments[0].labels?.[0] ?? null";

/// A form is sent by a task of its own, after its click. Reading a blob is a later task, even where
/// scripts are off: when it is done, the driver knows of a navigation and waits for its end.
const DONE: &str = "return new Blob([]).text()";

impl Browser {
    /// Clicks an element, in the middle of the window.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.act(css, || {
            let element = self.find(css)?;
            self.click_on(&element)
        });
    }

    /// Clicks the link, button, summary or label that can be seen and begins with `label`.
    #[track_caller]
    pub fn press(&self, label: &str) {
        self.act(label, || {
            let found = self.try_run(PRESSABLE, &[json!(label)])?;
            if found.is_null() {
                return Err(Refusal::absent("nothing to press begins so"));
            }
            self.click_on(&found)
        });
    }

    /// Chooses a radio button or ticks a box, by its label where it is hidden itself. This is a
    /// click, unless it is chosen already.
    #[track_caller]
    pub fn choose(&self, css: &str) {
        self.act(css, || {
            let element = self.find(css)?;
            if self.is_chosen(&element)? {
                return Ok(());
            }
            let label = self.try_run(LABEL, std::slice::from_ref(&element))?;
            match self.click_on(&element) {
                Err(refusal) if refusal.is_too_soon() && !label.is_null() => self.click_on(&label),
                done => done,
            }
        });
        let chosen = self.run_with(
            "return document.querySelector(arguments[0])?.checked ?? null",
            &[json!(css)],
        );
        // A page may go on to another one at a choice.
        assert_ne!(chosen, false, "{css} is not chosen after a click");
    }

    /// Writes `text` into a field, instead of what is there.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.act(css, || {
            let element = self.find(css)?;
            if self.try_run(SET, &[element.clone(), json!(text)])? == true {
                return Ok(());
            }
            self.on(&element, "clear", &json!({}))?;
            if can_be_typed(text) {
                return self.on(&element, "value", &json!({ "text": text }));
            }
            self.try_run("arguments[0].focus()", &[element])?;
            self.tool("Input.insertText", &json!({ "text": text }));
            Ok(())
        });
    }

    /// Chooses a file of this machine for a file input.
    #[track_caller]
    pub fn upload(&self, css: &str, path: &Path) {
        let whole = match path.canonicalize() {
            Ok(whole) => whole,
            Err(error) => panic!("no file to upload at {}: {error}", path.display()),
        };
        let text = json!({ "text": whole.display().to_string() });
        self.act(css, || self.on(&self.find(css)?, "value", &text));
    }

    /// Presses keys, one after the other, for whatever has the focus.
    #[track_caller]
    pub fn keys(&self, text: &str) {
        let mut strokes = Vec::new();
        for key in text.chars() {
            strokes.push(json!({ "type": "keyDown", "value": key }));
            if !HELD.contains(&key) {
                strokes.push(json!({ "type": "keyUp", "value": key }));
            }
        }
        let source = json!({ "type": "key", "id": "keys", "actions": strokes });
        self.order("actions", &json!({ "actions": [source] }));
        if let Err(refusal) = self.session.delete("actions") {
            panic!("keys that stay down: {refusal}");
        }
    }

    /// Does something to an element, again while the page has it not yet or has just replaced it.
    #[track_caller]
    fn act(&self, target: &str, attempt: impl Fn() -> Result<(), Refusal>) {
        let begun = Instant::now();
        loop {
            match attempt() {
                Ok(()) => return,
                Err(refusal) if refusal.is_too_soon() && begun.elapsed() < STEADY => {}
                Err(refusal) => panic!("{target:?} at {}: {refusal}", self.url()),
            }
        }
    }

    fn find(&self, css: &str) -> Result<Value, Refusal> {
        let body = json!({ "using": "css selector", "value": css });
        self.session.post("element", &body)
    }

    fn is_chosen(&self, element: &Value) -> Result<bool, Refusal> {
        let chosen = self.try_run("return arguments[0].checked", std::slice::from_ref(element))?;
        Ok(chosen == true)
    }

    fn click_on(&self, element: &Value) -> Result<(), Refusal> {
        let centre = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.try_run(centre, std::slice::from_ref(element))?;
        self.on(element, "click", &json!({}))?;
        // Whether this worked is of no interest: a page that is gone already has nothing to do.
        let _ = self.try_run(DONE, &[]);
        self.clicks.set(self.clicks.get() + 1);
        Ok(())
    }

    fn on(&self, element: &Value, command: &str, body: &Value) -> Result<(), Refusal> {
        let reference = crate::text_of(&element[ELEMENT]);
        let path = format!("element/{reference}/{command}");
        self.session.post(&path, body).map(drop)
    }
}

impl Refusal {
    fn is_too_soon(&self) -> bool {
        TOO_SOON.contains(&self.error.as_str())
    }
}

/// The driver types neither what is beyond the Basic Multilingual Plane nor its own names of keys.
fn can_be_typed(text: &str) -> bool {
    text.len() <= TYPED
        && !text
            .chars()
            .any(|c| c > '\u{FFFF}' || ('\u{E000}'..='\u{F8FF}').contains(&c))
}
