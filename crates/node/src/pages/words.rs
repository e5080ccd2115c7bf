//! The program's own words, from a Fluent file.
//! Must never be built by joining pieces: each sentence is one message with its arguments.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// All sentences in one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    /// For `lang` on the page.
    pub language: &'static str,
    /// For `dir` on the page.
    pub direction: &'static str,
}

impl Words {
    /// English.
    pub fn english() -> Self {
        let text = include_str!("../../locales/en.ftl").to_owned();
        // A damaged line costs its own message, not the program; the tests see every one.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
        let english: LanguageIdentifier = "en".parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![english]);
        bundle.add_resource_overriding(resource);
        Self {
            bundle,
            language: "en",
            direction: "ltr",
        }
    }

    /// A sentence without arguments.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// A sentence with its arguments. A person's words among them are isolated (U+2068, U+2069).
    pub fn say_with(&self, id: &str, arguments: &[(&'static str, Argument<'_>)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(id)
            .and_then(|message| message.value())
        else {
            return id.to_owned();
        };
        let mut named = FluentArgs::with_capacity(arguments.len());
        for (name, argument) in arguments {
            named.set(*name, argument.value());
        }
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&named), &mut errors)
            .into_owned()
    }

    /// Whether there is such a sentence.
    #[cfg(test)]
    pub fn knows(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }
}

/// What fills a gap in a sentence.
#[derive(Clone, Copy)]
pub enum Argument<'a> {
    /// A number: the sentence may depend on it.
    Number(u64),
    /// A text.
    Text(&'a str),
}

impl Argument<'_> {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Number(number) => FluentValue::from(*number),
            Self::Text(text) => FluentValue::from(*text),
        }
    }
}
