//! Width, zoom, colours and pictures.

use browser::{Browser, Window};

use crate::site::Site;

const LONG: &str = "<main><p>first</p><div style='height: 3000px'></div><p>last</p></main>";

#[test]
fn one_browser_has_every_width_zoom_and_scheme() {
    let site = Site::of(&[("/", LONG), ("/other", LONG)]);
    let usual = Window::default();
    let phone = Window {
        width: 360,
        height: 740,
        ..usual
    };
    let browser = Browser::open(&phone);
    let shape =
        "return [innerWidth, document.documentElement.clientWidth, innerHeight, devicePixelRatio]";
    browser.go(&site.url("/"));
    assert_eq!(browser.run(shape).to_string(), "[360,360,740,1]");

    browser.resize(&Window {
        scale: 2.0,
        dark: true,
        ..usual
    });
    assert_eq!(browser.run(shape).to_string(), "[640,640,700,2]");
    let back = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(browser.run(back), "rgb(1, 2, 3)");

    browser.go("about:blank");
    browser.go(&site.url("/other"));
    assert_eq!(browser.run(shape).to_string(), "[640,640,700,2]");
    assert_eq!(browser.run(back), "rgb(1, 2, 3)");

    browser.resize(&usual);
    assert_eq!(browser.run(shape).to_string(), "[1280,1280,1400,1]");
    assert_eq!(browser.run(back), "rgba(0, 0, 0, 0)");
}

#[test]
fn a_picture_is_as_wide_as_the_window_and_as_high_as_the_page() {
    let site = Site::of(&[("/", LONG)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.png");
    let browser = Browser::open(&Window::default());
    for (width, scale) in [(360, 1.0), (1280, 2.0)] {
        browser.resize(&Window {
            width,
            height: 740,
            scale,
            ..Window::default()
        });
        browser.go(&site.url("/"));
        let inner = browser.run("return innerWidth");
        browser.picture(&path);
        let png = std::fs::read(&path).unwrap();
        assert_eq!(png[..4], *b"\x89PNG");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!(number(16), width);
        assert!(number(20) > 3000, "the whole page: {}", number(20));
        assert_eq!(browser.run("return innerWidth"), inner);
    }
}
