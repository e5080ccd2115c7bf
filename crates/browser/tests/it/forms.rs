//! Fields, choices and files, as they arrive.

use browser::{Browser, ENTER, SHIFT, SPACE, TAB, Window};

use crate::site::Site;

const FORM: &str = "
    <form method=post action=/sent enctype=text/plain>
    <input id=name name=name value=old><textarea id=words name=words></textarea>
    <input id=short name=short maxlength=3><input id=day name=day type=date>
    <input id=a name=way type=radio value=a checked>
    <input id=b name=way type=radio value=b style='position: absolute; opacity: 0; pointer-events: none'>
    <label for=b>The other way</label>
    <input id=box name=box type=checkbox>
    <button>Send it</button></form>";

const FILE: &str = "
    <form method=post action=/sent enctype=multipart/form-data>
    <input id=file name=file type=file hidden><button>Send it</button></form>";

const SENT: &str = "<pre id=sent>SENT</pre>";

fn site() -> Site {
    Site::of(&[("/", FORM), ("/file", FILE), ("/sent", SENT)])
}

#[test]
fn what_is_filled_and_chosen_is_sent() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    browser.fill("#name", "Mira");
    assert_eq!(browser.value("#name"), "Mira");
    browser.fill("#words", "Ein Boot 🛶\nund noch eins 👩‍🚀");
    browser.fill("#short", "🛶🛶");
    assert_eq!(
        browser.value("#short"),
        "🛶",
        "a limit holds for what is pasted"
    );
    browser.fill("#day", "2026-01-02");
    browser.choose("#a");
    assert_eq!(browser.clicks(), 0);
    browser.choose("#b");
    browser.choose("#box");
    assert_eq!(browser.clicks(), 2);
    browser.press("Send");
    browser.reads("box=on");
    let sent = browser.text("#sent");
    for part in [
        "name=Mira",
        "words=Ein Boot 🛶",
        "und noch eins 👩‍🚀",
        "day=2026-01-02",
        "way=b",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert_eq!((browser.clicks(), browser.title().as_str()), (3, "A page"));
    browser.reset_clicks();
    assert_eq!(browser.clicks(), 0);
    browser.back();
    assert_eq!(browser.url(), site.url("/"));
}

#[test]
fn a_long_text_comes_whole() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    let long = "a long word, and many more\n".repeat(200);
    browser.fill("#words", &long);
    assert_eq!(browser.value("#words"), long);
    browser.fill("#words", "");
    assert_eq!(browser.value("#words"), "");
}

#[test]
fn keys_alone_send_a_form() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    browser.go(&site.url("/"));
    browser.keys(TAB);
    browser.keys("é🛶");
    browser.keys(&format!("{TAB}back{SHIFT}{TAB}"));
    assert_eq!(browser.run("return document.activeElement.id"), "name");
    browser.run("document.querySelector('#box').focus()");
    browser.keys(SPACE);
    assert_eq!(
        browser.run("return document.querySelector('#box').checked"),
        true
    );
    browser.keys(TAB);
    browser.keys(ENTER);
    browser.reads("name=é🛶");
    browser.reads("words=back");
    assert_eq!(browser.clicks(), 0);
}

#[test]
fn a_file_is_uploaded() {
    let (site, browser) = (site(), Browser::open(&Window::default()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.txt");
    std::fs::write(&path, "what the file holds").unwrap();
    browser.go(&site.url("/file"));
    browser.upload("#file", &path);
    browser.press("Send it");
    browser.reads("what the file holds");
    browser.reads("filename=\"vault.txt\"");
}
