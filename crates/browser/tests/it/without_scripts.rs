//! Everything that a person can do works on pages whose scripts do not run.

use browser::{Browser, Window};

use crate::site::Site;

const FORM: &str = "
    <p id=p>as served</p><script src=/page.js></script><noscript><p>no scripts here</p></noscript>
    <a href=/other>Elsewhere</a>
    <form method=post action=/sent enctype=text/plain><input id=name name=name>
    <input id=box name=box type=checkbox><button>Send it</button></form>";
const PAGE_JS: &str = "document.querySelector('#p').textContent = 'by a script'";

fn site() -> Site {
    Site::of(&[
        ("/", FORM),
        ("/page.js", PAGE_JS),
        ("/sent", "<pre>SENT</pre>"),
        ("/visits", "<p>VISITS visits</p>"),
    ])
}

#[test]
fn a_form_is_filled_and_sent_without_scripts() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    browser.reads("by a script");
    browser.reads_not("no scripts here");
    browser.resize(&Window {
        scripts: false,
        ..Window::default()
    });
    browser.refresh();
    browser.reads("no scripts here");
    assert_eq!(browser.text("#p"), "as served");
    browser.fill("#name", "Mira 🛶");
    browser.choose("#box");
    assert_eq!(browser.value("#name"), "Mira 🛶");
    browser.press("Send");
    browser.reads("name=Mira 🛶");
    browser.reads("box=on");
    browser.back();
    browser.fill("#name", "Ada");
    browser.click("button");
    browser.reads("name=Ada");
    browser.back();
    browser.press("Elsewhere");
    assert_eq!(browser.url(), site.url("/other"));
    assert_eq!(browser.clicks(), 4);

    browser.resize(&Window::default());
    browser.go(&site.url("/"));
    browser.reads("by a script");
}

#[test]
fn a_page_without_scripts_is_loaded_until_it_reads() {
    let site = site();
    let browser = Browser::open(&Window {
        scripts: false,
        ..Window::default()
    });
    browser.go(&site.url("/visits"));
    browser.reads("4 visits");
    assert_eq!(site.asked(), 4);
}
