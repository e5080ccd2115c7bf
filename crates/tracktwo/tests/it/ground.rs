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
