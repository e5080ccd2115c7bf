//! What every page must be: as wide as its window, readable for everybody, and pictured.

use std::path::{Path, PathBuf};

use browser::{Browser, Window};

/// A phone, a laptop, and a laptop at 200 %.
const WIDTHS: [(&str, u32, u32, f64); 3] = [
    ("360", 360, 800, 1.0),
    ("1280", 1280, 1100, 1.0),
    ("200-percent", 1280, 1000, 2.0),
];

/// Whether all ways of the navigation stand beside each other, where there are any.
const ONE_LINE: &str = "const ways = [...document.querySelectorAll('.mast nav li')];
    return new Set(ways.map(way => way.getBoundingClientRect().top)).size <= 1";

/// The checks of accessibility, as `cargo xtask test` puts them there.
fn axe() -> String {
    let script = workspace().join("tests/axe/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&script)
        .unwrap_or_else(|_| panic!("{} is missing: run cargo xtask install", script.display()))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Looks at the page that is open, in every width, light and dark, and keeps pictures of it.
pub fn examine(browser: &Browser, page: &str) {
    let folder = workspace().join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    let axe = axe();
    for (name, width, height, scale) in WIDTHS {
        for dark in [false, true] {
            let window = Window {
                width,
                height,
                dark,
                scale,
                ..Window::default()
            };
            browser.resize(&window);
            assert_eq!(browser.too_wide(), [""; 0], "{page} at {name}");
            assert!(
                browser.run(ONE_LINE) == true,
                "the ways of {page} at {name}"
            );
            assert_eq!(
                browser.audit(&axe),
                [""; 0],
                "{page} at {name}, dark: {dark}"
            );
            let shade = if dark { "-dark" } else { "" };
            if scale < 2.0 {
                browser.picture(&folder.join(format!("{page}-{name}{shade}.png")));
            }
        }
    }
    browser.resize(&Window::default());
}
