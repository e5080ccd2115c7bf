//! `tracktwo ground` and `tracktwo bench ground`, as somebody types them.

use std::path::Path;
use std::process::{Command, Output};

use crate::program::folder;

fn tracktwo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tracktwo"))
        .args(arguments)
        .output()
        .unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn votes() -> String {
    let mut file = String::from("timestamp,comment-id,voter-id,vote\n");
    for person in 0..40 {
        let against = if person < 20 { 1 } else { -1 };
        file.push_str(&format!("1,0,{person},1\n1,1,{person},{against}\n"));
    }
    file
}

#[test]
fn an_export_becomes_json_and_a_page() {
    let folder = folder();
    let votes = write(folder.path(), "votes.csv", &votes());
    let texts = "comment-id,comment-body,moderated\n0,<b>Ferry</b>,1\n1,Quota,1\n";
    let texts = write(folder.path(), "comments.csv", texts);
    let page = folder.path().join("page.html").display().to_string();
    let output = tracktwo(&[
        "ground",
        &votes,
        "--comments",
        &texts,
        "--json",
        "--html",
        &page,
    ]);
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["statements"][0]["text"], "<b>Ferry</b>");
    assert_eq!(report["statements"][0]["category"], "common_ground");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("&lt;b&gt;Ferry&lt;/b&gt;"));
}

#[test]
fn a_spoilt_file_is_refused_with_its_line() {
    let folder = folder();
    let spoilt = format!("{}1,1,99,yes\n", votes());
    let votes = write(folder.path(), "votes.csv", &spoilt);
    let output = tracktwo(&["ground", &votes]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("line 82") && error.contains("\"yes\""),
        "{error}"
    );
}

#[test]
fn what_was_left_out_or_changed_is_said_on_both_ways() {
    let folder = folder();
    let file = votes().replace(',', ";");
    let votes = write(folder.path(), "votes.csv", &file);
    let output = tracktwo(&["ground", &votes, "--json"]);
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["notes"][0]["what"], "separator");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("separated"), "{said}");
}

#[test]
fn the_page_never_takes_the_place_of_an_input() {
    let folder = folder();
    let written = votes();
    let votes = write(folder.path(), "votes.csv", &written);
    let link = folder.path().join("link.csv");
    std::fs::hard_link(&votes, &link).unwrap();
    for out in [votes.clone(), link.display().to_string()] {
        let output = tracktwo(&["ground", &votes, "--html", &out]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(std::fs::read_to_string(&votes).unwrap(), written);
    }
}

#[test]
fn no_letter_that_turns_the_line_reaches_the_terminal() {
    let folder = folder();
    let votes = write(folder.path(), "votes.csv", &votes());
    let texts = "comment-id,comment-body,moderated\n0,A\u{202e}B\u{200f}\u{1b}[2J,1\n1,Quota,1\n";
    let texts = write(folder.path(), "comments.csv", texts);
    let sides = write(
        folder.path(),
        "sides.csv",
        "participant,side\n1,E\n1,W\u{202e}\n\u{202e}2,E\n",
    );
    let is_bare = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        !text.contains(['\u{202e}', '\u{200f}', '\u{1b}'])
    };
    let plain = ["ground", &votes, "--comments", &texts];
    for more in [vec![], vec!["--json"], vec!["--sides", &sides]] {
        let output = tracktwo(&[&plain[..], &more].concat());
        assert!(
            is_bare(&output.stdout) && is_bare(&output.stderr),
            "{more:?}"
        );
    }
    let output = tracktwo(&[&plain[..], &["--json"]].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["statements"][0]["text"],
        "A\u{202e}B\u{200f}\u{1b}[2J"
    );
}

#[test]
fn the_sign_that_agrees_is_asked_for_and_obeyed() {
    let folder = folder();
    let raw = votes().replace("timestamp,comment-id,voter-id", "created,tid,pid");
    let votes = write(folder.path(), "votes.csv", &raw);
    let refused = tracktwo(&["ground", &votes]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--agree=-1")
    );
    let output = tracktwo(&["ground", &votes, "--agree=-1", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["statements"][0]["category"], "shared_rejection");
    assert_eq!(
        tracktwo(&["ground", &votes, "--agree=2"]).status.code(),
        Some(2)
    );
}

#[test]
fn what_the_bench_planted_is_found() {
    let output = tracktwo(&[
        "bench",
        "ground",
        "--people",
        "300",
        "--statements",
        "60",
        "--density",
        "0.4",
        "--json",
    ]);
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(figures["adjusted_rand"].as_f64().unwrap() >= 0.95);
    for key in [
        "people",
        "statements",
        "votes",
        "analysis_ms",
        "null_ms",
        "read_ms",
    ] {
        assert!(figures[key].is_number(), "{key}");
    }
}
