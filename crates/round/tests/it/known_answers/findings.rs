//! Whole runs with which somebody attacked who had a Round of their own: each is read again where the files are
//! there, and each has a file here that shows the same.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::files::{file, read_file};
use super::logs::{begin, entry, list, shown};

/// A file, what shows the same here, and what comes of it.
struct Found {
    name: &'static str,
    here: &'static [&'static str],
    ends: fn(&Replayed),
}

const FOUND: [Found; 8] = [
    Found {
        name: "attack_copied_u",
        here: &["run/copied_u.json", "seal/void_copied_u.json"],
        ends: |it| {
            // Only what was written into another slot is void.
            assert_eq!((it.voids(), it.texts().len()), (1, 4));
        },
    },
    Found {
        name: "attack_first_slot",
        here: &["run/first_slot.json"],
        // Where its text is shown is not its choice: M257, in the participant.
        ends: |it| assert_eq!(it.texts(), ["d", "a", "a", "a", "a", "a"]),
    },
    Found {
        name: "attack_same_root",
        here: &["run/shared_root.json"],
        // Roots were not bound to members then: now none of these roots gives the key that was announced.
        ends: |it| {
            let first = it.changed.first().expect("the first run ends otherwise");
            let out = &first["below_floor"]["out"];
            assert_eq!(list(out).len(), 4);
            assert!(list(out).iter().all(|out| out["cause"] == "key"));
        },
    },
    Found {
        name: "attack_unicode",
        here: &["run/unassigned.json", "seal/void_unassigned.json"],
        ends: |it| assert_eq!((it.voids(), it.texts().len()), (1, 0)),
    },
    Found {
        name: "copied_share_and_leave_7_1_64",
        here: &[
            "check/copied_share_and_close.json",
            "check/copied_share_with_an_absent.json",
        ],
        ends: |it| {
            // Whoever leaves is out alone; the two with one share are looked at when all JOINs stand.
            let first = it.changed.first().expect("the first run ends otherwise");
            assert_eq!(
                first["run_ended"]["out"],
                json!([{ "leaf": 10, "cause": "left" }])
            );
        },
    },
    Found {
        name: "edge_stranger_clock_3",
        here: &[
            "check/a_stranger_moves_no_clock.json",
            "check/a_strangers_close_moves_the_clock.json",
        ],
        // What a stranger says moves no clock: the CLOSE after it comes too early.
        ends: |it| assert_eq!(it.changed, [json!({ "void": "early" })]),
    },
    Found {
        name: "edge_time_close_3",
        here: &["check/time_at_its_end.json", "check/time_near_its_end.json"],
        // A phase that begins at the end of time can be closed there.
        ends: |it| {
            let last = it.changed.last().expect("the CLOSE counts");
            assert_eq!(
                last["run_ended"]["out"],
                json!([{ "leaf": 7, "cause": "silent" }])
            );
        },
    },
    Found {
        name: "reveal_again_5_1_64",
        here: &[
            "check/reveal_again.json",
            "check/reveal_again_of_another_context.json",
        ],
        // A second one is void, whatever it shows; one of another context makes its sender absent.
        ends: |it| {
            let now = [
                json!({ "void": "spoken" }),
                json!({ "sender_absent": "histories_differ" }),
            ];
            assert_eq!(it.changed, now);
        },
    },
];

/// What a log means today.
struct Replayed {
    verdicts: Vec<Value>,
    /// Those that are other ones than when it was made.
    changed: Vec<Value>,
}

impl Replayed {
    fn of(content: &Value) -> Replayed {
        let mut fold = begin(content);
        let mut it = Replayed {
            verdicts: Vec::new(),
            changed: Vec::new(),
        };
        for value in list(&content["log"]) {
            let (place, message) = entry(value);
            let [_, verdict, _] = shown(&fold.apply(place, message));
            if verdict != value["verdict"] {
                it.changed.push(verdict.clone());
            }
            it.verdicts.push(verdict);
        }
        it
    }

    fn opened_slots(&self) -> Vec<Value> {
        let mut opened = self.verdicts.iter().map(|v| &v["opened"]["lanes"][0]);
        let lane = opened.find(|lane| lane.is_array()).expect("it opens");
        list(lane).to_vec()
    }

    fn voids(&self) -> usize {
        let slots = self.opened_slots().into_iter();
        slots
            .filter(|slot| *slot == json!({ "void": true }))
            .count()
    }

    fn texts(&self) -> Vec<String> {
        let slots = self.opened_slots();
        let texts = slots.iter().filter_map(|slot| slot["text"].as_str());
        texts.map(str::to_owned).collect()
    }
}

fn folder_of_findings() -> Option<PathBuf> {
    let beside = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/findings/round"
    );
    let folder = PathBuf::from(beside);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no data");
    None
}

#[test]
fn runs_that_were_found_are_read_as_they_must_be() {
    let Some(folder) = folder_of_findings() else {
        return;
    };
    let there = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(there, FOUND.len());
    for found in FOUND {
        let path = folder.join(format!("{}.json", found.name));
        let content = read_file(&path);
        let it = Replayed::of(&content);
        (found.ends)(&it);
    }
}

/// What was found is made here as well, by our own second implementation.
#[test]
fn whatever_was_found_has_a_file_here() {
    for found in FOUND {
        for name in found.here {
            assert!(file(name).content["comment"].is_string(), "{name}");
        }
    }
    for (name, texts) in [
        ("copied_u", 3),
        ("first_slot", 3),
        ("shared_root", 3),
        ("unassigned", 2),
    ] {
        let it = Replayed::of(&file(&format!("run/{name}.json")).content);
        assert_eq!(it.changed, Vec::<Value>::new(), "{name}");
        assert_eq!(it.texts().len(), texts, "{name}");
    }
    let first = Replayed::of(&file("run/first_slot.json").content).texts();
    assert_eq!(first.first().map(String::as_str), Some("p"), "the cheat's");
}
