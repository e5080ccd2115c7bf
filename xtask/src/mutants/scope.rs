//! What is mutated, and which tests have to notice it.

/// One crate: its files, and the tests that must tell a mutant from it.
pub struct Part {
    /// The package that is changed; its results are kept under this name.
    pub name: &'static str,
    /// Files, or folders that end with `/`.
    pub paths: &'static [&'static str],
    /// Of those, what no product contains: tests, and what is built for measurements and attacks alone.
    pub except: &'static [&'static str],
    /// The package whose tests are run.
    pub tested_by: &'static str,
    /// Which of its targets: passed on to `cargo test`.
    pub targets: &'static [&'static str],
    /// Parts of the names of tests that take long. They are run on what the others do not notice.
    pub slow: &'static [&'static str],
}

const OWN_TESTS: [&str; 2] = ["--lib", "--tests"];

pub const PARTS: [Part; 5] = [
    Part {
        name: "wire",
        paths: &["crates/wire/src/"],
        except: &[],
        tested_by: "wire",
        targets: &OWN_TESTS,
        slow: &[],
    },
    Part {
        name: "room",
        paths: &["crates/room/src/"],
        except: &["crates/room/src/edges.rs", "crates/room/src/rules.rs"],
        tested_by: "room",
        targets: &OWN_TESTS,
        slow: &["the_largest_state_fits_its_limit"],
    },
    Part {
        name: "round",
        paths: &["crates/round/src/"],
        except: &[
            "crates/round/src/anonymity/",
            "crates/round/src/anonymity.rs",
            "crates/round/src/edges/",
            "crates/round/src/edges.rs",
            "crates/round/src/known_answers/",
            "crates/round/src/known_answers.rs",
            "crates/round/src/parts.rs",
            "crates/round/src/steps.rs",
            "crates/round/src/test_rng.rs",
            "crates/round/src/roots/tests.rs",
            "crates/round/src/rules.rs",
        ],
        tested_by: "round",
        targets: &OWN_TESTS,
        slow: &[
            "anonymity::",
            "a_hundred_members_work",
            "changed_bytes::",
            "sampled_runs::",
            "slots_by_chance::",
            "solver::every_list_of_power_sums",
            "swap::a_relay_sees_the_same",
        ],
    },
    Part {
        name: "relay",
        paths: &["crates/relay/src/core/"],
        except: &[
            "crates/relay/src/core/tests.rs",
            "crates/relay/src/core/tests_of_creation.rs",
            "crates/relay/src/core/tests_of_quotas.rs",
        ],
        tested_by: "relay",
        targets: &OWN_TESTS,
        slow: &["connections::", "disk::", "kill::", "subscriptions::"],
    },
    // Those files alone in which a rule once had no test that failed without it.
    Part {
        name: "participant",
        paths: &[
            "crates/participant/src/asking.rs",
            "crates/participant/src/caucus_duty.rs",
            "crates/participant/src/collect.rs",
            "crates/participant/src/commits.rs",
            "crates/participant/src/copies.rs",
            "crates/participant/src/guests.rs",
            "crates/participant/src/judging.rs",
            "crates/participant/src/locks.rs",
            "crates/participant/src/mls/commit.rs",
            "crates/participant/src/mls/key_package.rs",
        ],
        except: &[],
        tested_by: "sim",
        targets: &["--test", "it"],
        slow: &["crashes::", "house::", "itself::", "relay_time::"],
    },
];

impl Part {
    /// Whether a file, relative to the workspace, is mutated.
    pub fn holds(&self, path: &str) -> bool {
        let within = |places: &[&str]| {
            let mut places = places.iter();
            places.any(|place| *place == path || place.ends_with('/') && path.starts_with(*place))
        };
        path.ends_with(".rs") && within(self.paths) && !within(self.except)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_holds_files_folders_and_not_what_is_excepted() {
        let holders = |path: &str| -> Vec<&str> {
            let parts = PARTS.iter().filter(|part| part.holds(path));
            parts.map(|part| part.name).collect()
        };
        assert_eq!(holders("crates/round/src/slot.rs"), ["round"]);
        assert_eq!(holders("crates/round/src/sequence/run.rs"), ["round"]);
        assert_eq!(holders("crates/participant/src/locks.rs"), ["participant"]);
        let none = [
            "crates/round/src/steps.rs",
            "crates/round/src/test_rng.rs",
            "crates/round/tests/it/main.rs",
            "crates/participant/src/paper.rs",
            "crates/wire/src/notes.md",
        ];
        for path in none {
            assert_eq!(holders(path), Vec::<&str>::new(), "{path}");
        }
    }
}
