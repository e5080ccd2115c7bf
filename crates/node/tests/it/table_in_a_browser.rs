//! The Table in a real browser, while a dialogue goes on.

use participant::Place;
use serde_json::json;

use browser::{Browser, Window};

use crate::round_table::Table;

#[tokio::test(flavor = "multi_thread")]
async fn the_table_lives_and_shows_a_rounds_statements_without_names() {
    let table = Table::set().await;
    let browser = Browser::open(&Window::default());
    browser.go(&table.mira.node.launch_url().unwrap());
    browser.reads("Your dialogue");
    browser.press("Go to the door");
    browser.press("I have read this. Take my seat");
    browser.reads("Plenary");
    assert_eq!(
        browser.run("return document.querySelectorAll('#messages article').length"),
        0
    );

    table.others[0]
        .say(Place::Plenary, "Who counts <b>the boats</b>?")
        .await;
    browser.reads("Who counts <b>the boats</b>?");
    table.others[3]
        .say(Place::Plenary, "One office for both.")
        .await;
    browser.reads("One office for both.");
    assert_eq!(
        browser.run("return document.querySelectorAll('#messages article').length"),
        2
    );
    assert_eq!(
        browser.run("return document.querySelectorAll('#messages b b').length"),
        0
    );

    what_is_typed_waits_and_is_sent_once(&browser);
    let question = "What would stop the boarding?";
    let process = table.play(question, "after-send:1000000").await;
    let opening = table.end(question).await.expect("the Round ends");
    for text in &opening.statements {
        browser.reads(text);
    }
    let shown = browser.run(
        "return [...document.querySelectorAll('.statements > li > .said')].map(item => item.innerText)",
    );
    assert_eq!(shown, json!(opening.statements), "a text, and nothing else");
    let width = browser.run("return document.documentElement.scrollWidth <= innerWidth");
    assert_eq!(width, true, "nothing is wider than the window");
    process.kill();
}

/// Half a sentence comes back after the page was left; pressed twice, it is said once.
fn what_is_typed_waits_and_is_sent_once(browser: &Browser) {
    let table = browser.url();
    browser.reads("on this computer only, until you send it");
    browser.fill("#message", "Half a sentence");
    browser.until("return performance.getEntriesByName(`${location.origin}/typed`).length > 0");
    browser.go(&table.replace("/table", "/limits"));
    browser.go(&table);
    assert_eq!(browser.value("#message"), "Half a sentence");
    browser
        .run("const send = document.querySelector('#write button'); send.click(); send.click();");
    browser.reads("Undo");
    assert_eq!(browser.count("#held form"), 1, "two presses, one message");
    // The answer has come, and with it an empty field.
    browser.until("return document.querySelector('#message').value === ''");
    browser.go(&table);
    assert_eq!(browser.value("#message"), "", "what was sent is not unsent");
}
