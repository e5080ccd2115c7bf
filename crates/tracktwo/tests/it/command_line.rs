//! Exit codes and sentences of the command line.

use std::process::Command;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tracktwo"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn what_does_not_hold_ends_with_one_and_a_sentence() {
    let (code, out, error) = run(&["demo", "--headless", "--seats", "5"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        error.contains("at least 6 seats") && error.contains("--seats 6"),
        "{error}"
    );
    let (code, _, error) = run(&[
        "--vault",
        "/proc/none",
        "--no-browser",
        "--passphrase-file",
        "/proc/none/p",
    ]);
    assert_eq!(code, 1);
    assert!(
        error.contains("no passphrase could be read from /proc/none/p"),
        "{error}"
    );
}

#[test]
fn a_wrong_usage_ends_with_two() {
    for arguments in [
        &["--seats"][..],
        &["nonsense"],
        &["relay"],
        &["demo", "--seats", "many"],
    ] {
        let (code, out, error) = run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            error.contains("Usage") || error.contains("--help"),
            "{error}"
        );
    }
}
