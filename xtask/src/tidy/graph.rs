//! Which crate may know which: the table of ARCHITECTURE, read from `cargo metadata`.
//! Nothing points up, and a new crate has no place before it is written down here.

use serde_json::Value;

use super::{Fault, PURE, WITH_THREADS_INSIDE};

/// A crate, and those of ours that it may depend on.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("wire", &[]),
    ("letters", &[]),
    ("round", &["letters"]),
    ("room", &["letters"]),
    ("ground", &[]),
    ("participant", &["room", "round", "wire", "letters"]),
    ("relay", &["wire"]),
    ("node", &["participant", "room", "round", "wire", "ground"]),
    (
        "tracktwo",
        &[
            "node",
            "relay",
            "participant",
            "room",
            "round",
            "wire",
            "ground",
        ],
    ),
    (
        "sim",
        &[
            "participant",
            "relay",
            "room",
            "round",
            "wire",
            "ground",
            "letters",
        ],
    ),
    ("models", &["participant", "room", "round", "wire"]),
    ("fuzzed", &["sim", "participant", "room", "round", "wire"]),
    ("xtask", &[]),
    ("browser", &[]),
];

/// What tests may use besides: a node is tested against the relay it will meet, pages in a browser.
const ALLOWED_IN_TESTS: [(&str, &[&str]); 2] =
    [("node", &["relay", "browser"]), ("tracktwo", &["browser"])];

/// Crates of others that bring time, chance, files or sockets.
const IMPURE: [&str; 15] = [
    "getrandom",
    "rand",
    "tokio",
    "mio",
    "rayon",
    "chrono",
    "time",
    "jiff",
    "fjall",
    "redb",
    "rustls",
    "rustix",
    "directories",
    "tempfile",
    "axum",
];

pub fn faults(metadata: &Value) -> Vec<Fault> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut faults: Vec<Fault> = packages
        .into_iter()
        .flatten()
        .flat_map(of_package)
        .collect();
    if packages.is_none_or(Vec::is_empty) {
        faults.push(Fault::new("Cargo.toml", 1, "cargo metadata names no crate"));
    }
    faults
}

fn of_package(package: &Value) -> Vec<Fault> {
    let name = text(package, "name");
    let fault = |what: String| Fault::new("Cargo.toml", 1, what);
    let Some(allowed) = allowed_for(&ALLOWED, name) else {
        return vec![fault(format!(
            "crate {name} has no place in the crate graph"
        ))];
    };
    let in_tests = allowed_for(&ALLOWED_IN_TESTS, name).unwrap_or(&[]);
    let mut faults = Vec::new();
    for dependency in package
        .get("dependencies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (other, is_dev) = (text(dependency, "name"), text(dependency, "kind") == "dev");
        let is_ours = dependency.get("path").is_some_and(Value::is_string);
        let may = allowed.contains(&other) || (is_dev && in_tests.contains(&other));
        if is_ours && !may {
            faults.push(fault(format!("{name} must not depend on {other}")));
        }
        let is_inside = name == WITH_THREADS_INSIDE && other == "rayon";
        if !is_dev && PURE.contains(&name) && IMPURE.contains(&other) && !is_inside {
            faults.push(fault(format!("{name} is a pure core: not with {other}")));
        }
    }
    faults
}

fn allowed_for<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(who, _)| *who == name)
        .map(|(_, allowed)| *allowed)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn count(name: &str, dependency: Value) -> usize {
        faults(&json!({"packages": [{"name": name, "dependencies": [dependency]}]})).len()
    }

    #[test]
    fn the_relay_knows_wire_only() {
        assert_eq!(
            count("relay", json!({"name": "wire", "path": "/w", "kind": null})),
            0
        );
        assert_eq!(
            count("relay", json!({"name": "room", "path": "/r", "kind": null})),
            1
        );
        assert_eq!(
            count(
                "relay",
                json!({"name": "room", "path": "/r", "kind": "dev"})
            ),
            1
        );
    }

    #[test]
    fn nothing_points_up() {
        assert_eq!(
            count(
                "room",
                json!({"name": "participant", "path": "/p", "kind": null})
            ),
            1
        );
        assert_eq!(
            count(
                "participant",
                json!({"name": "node", "path": "/n", "kind": "dev"})
            ),
            1
        );
    }

    #[test]
    fn only_tests_of_the_node_know_the_relay() {
        assert_eq!(
            count(
                "node",
                json!({"name": "relay", "path": "/r", "kind": "dev"})
            ),
            0
        );
        assert_eq!(
            count("node", json!({"name": "relay", "path": "/r", "kind": null})),
            1
        );
    }

    #[test]
    fn a_crate_without_a_place_is_a_fault() {
        assert_eq!(count("extras", json!({"name": "serde", "kind": null})), 1);
    }

    #[test]
    fn a_pure_core_takes_no_clock_or_chance() {
        assert_eq!(
            count("round", json!({"name": "getrandom", "kind": null})),
            1
        );
        assert_eq!(
            count("round", json!({"name": "getrandom", "kind": "dev"})),
            0
        );
        assert_eq!(
            count("relay", json!({"name": "getrandom", "kind": null})),
            0
        );
    }

    #[test]
    fn an_empty_workspace_is_a_fault() {
        assert_eq!(faults(&json!({})).len(), 1);
    }
}
