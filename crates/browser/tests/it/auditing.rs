//! What the auditor finds comes back, under a strict policy, with scripts and without.

use browser::{Browser, Window};

use crate::site::Site;

/// In the place of axe-core: it finds what the page has, after a while of its own.
const AUDITOR: &str = "
    window.axe = { run: () => new Promise(answer => setTimeout(() => answer({ violations: [
        { id: 'label', impact: 'critical', help: 'Fields have labels', nodes: [
            { target: ['#' + document.querySelector('input').id] }, { target: [['#host', 'b']] }] },
        { id: 'region', impact: 'moderate', help: 'All is in regions', nodes: [{ target: ['p'] }] },
    ] }), 50)) };";

#[test]
fn only_what_is_serious_or_critical_is_told() {
    let site = Site::of(&[("/", "<input id=bare><p>words</p>")]);
    let browser = Browser::open(&Window::default());
    for scripts in [true, false] {
        browser.resize(&Window {
            scripts,
            ..Window::default()
        });
        browser.go(&site.url("/"));
        let found = browser.audit(AUDITOR);
        assert_eq!(
            found,
            ["label: critical: Fields have labels: #bare, #host b"]
        );
    }
}
