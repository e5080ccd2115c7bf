//! What every page has around its content, and the pen that writes on it.
//! Must never contain a script or a style of its own, nor a person's words in a title: browsers keep those.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};
use wire::Timestamp;

use super::{
    Hours, Words, alarms,
    fields::TOKEN,
    marks,
    once::ONCE,
    view::{Shown, Standing},
    words::Argument::{self, Number, Text},
};

/// What a page is written with.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    pub words: &'a Words,
    pub hours: &'a Hours,
    pub now: Timestamp,
    /// The session's, for its forms.
    pub token: &'a str,
    /// The page's own, for the same forms.
    pub once: &'a str,
}

impl Pen<'_> {
    /// A sentence of the program.
    pub fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// A sentence with gaps.
    pub fn say_with(&self, id: &str, arguments: &[(&'static str, Argument<'_>)]) -> String {
        self.words.say_with(id, arguments)
    }

    /// A sentence about a number.
    pub fn count(&self, id: &str, name: &'static str, number: u64) -> String {
        self.words.say_with(id, &[(name, Number(number))])
    }

    /// A sentence about a text.
    pub fn name(&self, id: &str, name: &'static str, text: &str) -> String {
        self.words.say_with(id, &[(name, Text(text))])
    }

    /// What every form carries.
    pub fn token(&self) -> Markup {
        html! {
            input autocomplete="off" type="hidden" name=(TOKEN) value=(self.token);
            input autocomplete="off" type="hidden" name=(ONCE) value=(self.once);
        }
    }
}

/// Which way of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Home,
    Table,
    Rounds,
    Ground,
    Seats,
    Settings,
    Limits,
}

/// One page with one question.
pub struct Sheet<'a> {
    /// The sentence in the browser's title.
    pub title: &'a str,
    pub way: Way,
    /// The stream that keeps it fresh.
    pub stream: Option<&'a str>,
    pub main: Markup,
}

impl Sheet<'_> {
    /// The whole document.
    pub fn page(self, pen: Pen<'_>, shown: &Shown) -> Markup {
        let body = html! {
            div.plain {
                (masthead(pen, shown, self.way))
                div #alarms .page { (alarms::alarms(pen, shown)) }
                main #main .page { (self.main) }
                (footer(pen, shown))
            }
        };
        document(pen, self.title, self.stream, &body)
    }

    /// The same, after something was not done.
    pub fn refused(self, pen: Pen<'_>, shown: &Shown) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, self.page(pen, shown)).into_response()
    }
}

/// The whole document; `shown` is the part that a stream may replace.
pub fn document(pen: Pen<'_>, title: &str, stream: Option<&str>, shown: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(pen.words.language) dir=(pen.words.direction) translate="no" {
            head {
                meta charset="utf-8";
                meta name="google" content="notranslate";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false,"history":false}"#;
                title { (pen.say(title)) " · " (pen.say("brand")) }
                link rel="stylesheet" href="/tracktwo.css";
                script defer src="/htmx.js" {}
            }
            body {
                (marks::symbols())
                a.skip href="#main" { (pen.say("skip")) }
                div #shown { (shown) }
                @if let Some(stream) = stream {
                    div hidden hx-sse:connect={ "/events/" (stream) } hx-swap="none" hx-config=r#"{"sse":{"reconnectMaxDelay":2000}}"# {}
                }
            }
        }
    }
}

/// Brand, dialogue and ways; only what exists.
pub fn masthead(pen: Pen<'_>, shown: &Shown, way: Way) -> Markup {
    // Only where there is something to see.
    let ground = shown.table().is_some_and(|table| table.has_ground);
    let ways: &[(Way, &str, &str)] = match (shown.standing, shown.table()) {
        (Standing::Open, Some(_)) => &[
            (Way::Table, "/table", "table"),
            (Way::Rounds, "/rounds", "rounds"),
            (Way::Ground, "/ground", "common-ground"),
            (Way::Seats, "/seats", "seats-way"),
            (Way::Settings, "/settings", "settings"),
        ],
        (Standing::Open, None) => &[
            (Way::Home, "/", "home"),
            (Way::Settings, "/settings", "settings"),
        ],
        (Standing::NoVault | Standing::Locked | Standing::Opening, _) => &[],
    };
    html! {
        header.mast.page {
            a.brand href="/" { (pen.say("brand")) }
            @if let (Standing::Open, Some(table)) = (shown.standing, shown.table()) {
                p.written.soft dir="auto" { (table.title) }
            }
            @if !ways.is_empty() {
                nav aria-label=(pen.say("ways")) {
                    ul {
                        @for (which, url, name) in ways.iter().filter(|(which, ..)| ground || *which != Way::Ground) {
                            li {
                                a href=(url) aria-current=[(*which == way).then_some("page")] {
                                    @if *which == Way::Ground {
                                        span.in-full { (pen.say(name)) }
                                        span.in-short { (pen.say("common-ground-short")) }
                                    } @else { (pen.say(name)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where this page comes from, what it cannot do, and the way out.
pub fn footer(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        footer.page {
            div.foot {
                span.link { (pen.say("foot")) }
                a.link href="/limits" { (pen.say("limits")) }
                @if shown.standing == Standing::Open {
                    form action="/lock" method="post" autocomplete="off" autocapitalize="off" { (pen.token()) button.link { (pen.say("lock-now")) } }
                }
            }
        }
    }
}

/// Why something was not done, above everything else on the page.
pub fn trouble(sentence: Option<&str>) -> Markup {
    html! {
        @if let Some(sentence) = sentence {
            div #trouble .notice.alarm role="alert" tabindex="-1" { p { (sentence) } }
        }
    }
}
