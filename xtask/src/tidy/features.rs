//! What a simulator needs and no product may have: members that cheat, MLS on paper, rules that can be
//! taken out, the parts of a contributor. `cargo metadata` joins the features of all crates of the
//! workspace, so Cargo is asked what it would build for the program alone.

use super::Fault;

/// Features of ours that no product has.
const NEVER: [&str; 5] = ["canary", "liar", "paper", "parts", "rogue"];

/// `tree` holds one line for each crate that the program is built of: `name version (path) features`.
pub fn faults(tree: &str) -> Vec<Fault> {
    let mut faults: Vec<Fault> = tree.lines().flat_map(of_line).collect();
    if !tree.lines().any(|line| line.starts_with("participant ")) {
        let what = "cargo tree does not name what the program is built of";
        faults.push(Fault::new("Cargo.toml", 1, what));
    }
    faults.sort();
    faults.dedup();
    faults
}

fn of_line(line: &str) -> Vec<Fault> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name, _, path, features, ..] = words.as_slice() else {
        return Vec::new();
    };
    let ours = path.starts_with("(/") || path.contains(":\\");
    let found = features
        .split(',')
        .filter(|feature| ours && NEVER.contains(feature));
    found
        .map(|feature| {
            let what = format!("the program is built with `{feature}` of {name}");
            Fault::new("Cargo.toml", 1, what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "tracktwo v0.1.0 (/w/crates/tracktwo) \nparticipant v0.1.0 (/w/crates/participant) \nsubtle v2.6.1 default,std";

    #[test]
    fn a_program_with_a_liar_in_it_is_a_fault() {
        assert_eq!(faults(CLEAN), []);
        for feature in NEVER {
            let spoilt = format!("{CLEAN}\nround v0.1.0 (/w/crates/round) default,{feature}");
            assert_eq!(faults(&spoilt).len(), 1, "{feature}");
        }
    }

    #[test]
    fn a_list_without_our_crates_is_a_fault() {
        assert_eq!(faults("").len(), 1);
    }

    #[test]
    fn others_may_name_their_features_as_they_like() {
        let other = format!("{CLEAN}\nsome v1.0.0 parts,canary");
        assert_eq!(faults(&other), []);
    }
}
