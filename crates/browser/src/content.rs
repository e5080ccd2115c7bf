//! What is on the page now. Each question is one script, so no change can come into the middle.

use serde_json::{Value, json};

use crate::{Browser, text_of, texts_of};

/// What of an element can be seen, without the marks that isolate a direction of writing.
const TEXTS: &str = r"
    return [...document.querySelectorAll(arguments[0])].map(element =>
        element.checkVisibility() ? element.innerText.replace(/[\u2068\u2069]/g, '').trim() : '')";

impl Browser {
    /// The text that the first such element shows.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let texts = self.texts(css);
        match texts.into_iter().next() {
            Some(text) => text,
            None => panic!("no {css} at {}", self.url()),
        }
    }

    /// The text that each such element shows.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        texts_of(&self.run_with(TEXTS, &[json!(css)]))
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, css: &str) -> String {
        text_of(&self.of_first(css, "value"))
    }

    /// How many such elements there are, seen or not.
    #[track_caller]
    pub fn count(&self, css: &str) -> usize {
        let count = self.run_with(
            "return document.querySelectorAll(arguments[0]).length",
            &[json!(css)],
        );
        count.as_u64().map_or(0, |count| count as usize)
    }

    /// Whether there is such an element, seen or not.
    #[track_caller]
    pub fn has(&self, css: &str) -> bool {
        self.count(css) > 0
    }

    /// An attribute as it stands in the element.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let call = format!("getAttribute({})", json!(name));
        self.of_first(css, &call).as_str().map(str::to_owned)
    }

    #[track_caller]
    fn of_first(&self, css: &str, part: &str) -> Value {
        let script = format!(
            "const found = document.querySelector(arguments[0]); return found ? [found.{part}] : null"
        );
        let mut found = self.run_with(&script, &[json!(css)]);
        assert!(!found.is_null(), "no {css} at {}", self.url());
        found[0].take()
    }
}
