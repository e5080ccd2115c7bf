//! Waiting, while a page changes and goes away.

use browser::{Browser, Window};

use crate::site::Site;

const LATER: &str = "<p id=p>soon</p><script src=/later.js></script>";
const LATER_JS: &str = "setTimeout(() => document.querySelector('#p').textContent = 'now', 300)";
const AWAY: &str = "<p>here</p><script src=/away.js></script>";
const AWAY_JS: &str = "setTimeout(() => location.href = '/later', 300)";
const SWAPPED: &str = "<div id=place></div><script src=/swapped.js></script>";
const SWAPPED_JS: &str = "setInterval(() => document.querySelector('#place').innerHTML = '<a href=/later>Go on</a>', 400)";

fn site() -> Site {
    Site::of(&[
        ("/later", LATER),
        ("/later.js", LATER_JS),
        ("/away", AWAY),
        ("/away.js", AWAY_JS),
        ("/swapped", SWAPPED),
        ("/swapped.js", SWAPPED_JS),
    ])
}

#[test]
fn a_text_is_waited_for_even_across_a_navigation() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/later"));
    browser.reads("now");
    browser.go(&site.url("/away"));
    browser.reads("now");
    browser.go(&site.url("/later"));
    browser.until("return document.querySelector('#p').textContent === 'now'");
}

#[test]
fn an_element_that_is_replaced_all_the_time_is_clicked() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/swapped"));
    browser.click("#place a");
    browser.reads("now");
    browser.go(&site.url("/swapped"));
    browser.press("Go on");
    browser.reads("now");
    assert_eq!(browser.clicks(), 2);
}
