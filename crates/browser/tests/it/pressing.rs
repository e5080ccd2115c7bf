//! Pressing what can be seen, and reading what is there.

use browser::{Browser, Window};

use crate::site::Site;

const PAGE: &str = "
    <p hidden><a href=/hidden>Say</a></p>
    <p><a href=/more>Say more</a> <a id=say href=/say title='A word'>\n  \u{2068}Say\u{2069} </a></p>
    <button disabled>Leave</button> <a href=/left>Leave the \u{2068}room\u{2069}</a>
    <details><summary>What is \"it's\"</summary><p id=inner>Only when open</p></details>
    <p class=item>one</p><p class=item>two</p><p class=item hidden>three</p>
    <div style='height: 4000px'></div>
    <form action=/low><input type=submit value='Far below'></form><div style='height: 400px'></div>
    <div style='position: fixed; bottom: 0; height: 100px; width: 100%; background: red'>bar</div>";

fn site() -> Site {
    let page = [("/", PAGE), ("/say", "said"), ("/left", "gone")];
    Site::of(Box::leak(Box::new(page)))
}

#[test]
fn the_visible_thing_with_that_label_is_pressed() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    let pressed = |label: &str| {
        browser.go(&site.url("/"));
        browser.press(label);
        browser.url()
    };
    assert_eq!(pressed("Say"), site.url("/say"));
    assert_eq!(pressed("Say m"), site.url("/more"));
    assert_eq!(pressed("Leave the room"), site.url("/left"));
    assert_eq!(pressed("Leave"), site.url("/left"));
    assert_eq!(pressed("Far below"), site.url("/low?"));
    assert_eq!(browser.clicks(), 5);
    pressed("What is \"it's\"");
    assert_eq!(browser.text("#inner"), "Only when open");
    browser.click("#say");
    assert_eq!(browser.url(), site.url("/say"));
    assert_eq!(browser.clicks(), 7);
}

#[test]
fn what_is_on_the_page_is_told() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    assert_eq!(browser.text("#say"), "Say");
    assert_eq!(browser.text("#inner"), "", "details are closed");
    assert_eq!(browser.texts(".item"), ["one", "two", ""]);
    assert_eq!(browser.count(".item"), 3);
    assert!(browser.has(".item") && !browser.has(".none"));
    assert_eq!(
        browser.attribute("#say", "title").as_deref(),
        Some("A word")
    );
    assert_eq!(browser.attribute("#say", "class"), None);
    browser.reads_not("Only when open");
    browser.reads("Leave the room");
    assert_eq!(
        browser.run("return { error: 'its own' }")["error"],
        "its own"
    );
}

#[test]
#[should_panic(expected = "nothing to press begins so")]
fn a_label_that_is_not_there_is_a_panic() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    browser.press("Nobody wrote this");
}

#[test]
#[should_panic(expected = "\"one\" at http")]
fn a_text_that_should_not_be_there_is_a_panic() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    browser.reads_not("one");
}
