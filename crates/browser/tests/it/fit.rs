//! What is wider than its place is named; what is not, is not.

use browser::{Browser, Window};

use crate::site::Site;

const GOOD: &str = "
    <main><h1>A page</h1><p>With a longlonglonglonglonglonglonglonglonglonglonglonglonglongword.</p>
    <p class=off style='position: absolute; width: 1px; overflow: hidden; white-space: nowrap'>for readers</p>
    <p style='position: absolute; width: 1px; overflow: hidden; white-space: nowrap; clip-path: inset(50%)'>
    for readers too</p>
    <details><summary>more</summary><div style='width: 2000px'>closed</div></details>
    <svg width=100 height=10><text>drawn far beyond its own and narrow place</text></svg></main>";

const WIDE: &str = "
    <main><pre id=code class='said loud' style='width: 200px'>\
    one line that is certainly not as narrow as that</pre></main>";

const WIDER: &str = "<main><div style='width: 500px'>wider than a phone</div></main>";

#[test]
fn only_what_is_too_wide_is_named() {
    let site = Site::of(&[("/good", GOOD), ("/wide", WIDE), ("/wider", WIDER)]);
    let browser = Browser::open(&Window {
        width: 360,
        ..Window::default()
    });
    browser.go(&site.url("/good"));
    assert_eq!(browser.too_wide(), Vec::<String>::new());

    browser.go(&site.url("/wide"));
    let found = browser.too_wide();
    let code = found
        .iter()
        .find(|one| one.starts_with("pre#code.said.loud: scrollWidth "));
    assert!(
        code.is_some_and(|one| one.ends_with(" > clientWidth 200")),
        "{found:?}"
    );

    browser.go(&site.url("/wider"));
    let found = browser.too_wide();
    assert_eq!(found[0], "document: scrollWidth 500 > innerWidth 360");
}
