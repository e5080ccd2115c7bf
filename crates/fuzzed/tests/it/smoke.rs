use std::collections::BTreeSet;

use fuzzed::{Script, TARGETS, TestRng};
use rand_core::Rng;

/// Runs one function on its good inputs, and on `inputs` changed ones.
fn smoke(name: &str, inputs: u32) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = (target.seeds)();
    seeds.iter().for_each(|seed| (target.body)(seed));
    let mut rng = TestRng(2026);
    let mut any = |length: u64| {
        let mut bytes = vec![0; usize::try_from(rng.next_u64() % length).unwrap()];
        rng.fill_bytes(&mut bytes);
        bytes
    };
    for number in 0..inputs {
        if number % 8 == 0 {
            (target.body)(&any(400));
            continue;
        }
        let decisions = any(40);
        let mut script = Script::new(&decisions);
        let mut input = script.choose(&seeds).unwrap().clone();
        script.spoil(&mut input);
        script.spoil_often(&mut input);
        (target.body)(&input);
    }
}

#[test]
fn the_good_stories_come_to_every_phase() {
    use round::Phase::{Joins, Kems, Releases, Reveals, Slots, Vectors, Verdicts};
    let all = [Joins, Kems, Slots, Vectors, Verdicts, Releases, Reveals];
    let stories = fuzzed::round_runs::scripts();
    let reached: BTreeSet<_> = stories
        .iter()
        .flat_map(|story| fuzzed::round_runs::phases(story))
        .collect();
    assert_eq!(reached, BTreeSet::from(all));
    let stories = fuzzed::collections::scripts();
    let reached: BTreeSet<_> = stories
        .iter()
        .flat_map(|story| fuzzed::collections::phases(story))
        .collect();
    // One side waits for the other, which is in any phase; then the gate is open.
    let shut = all.map(|phase| (false, phase)).into_iter();
    assert_eq!(reached, shut.chain([(true, Releases)]).collect());
}

macro_rules! smoke {
    ($($name:ident: $inputs:literal,)*) => {
        $(#[test] fn $name() { smoke(stringify!($name), $inputs); })*

        #[test]
        fn every_fuzzed_function_is_here_and_has_a_file_for_the_fuzzer() {
            let here = [$(stringify!($name)),*];
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(here.as_slice(), names);
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz");
            let manifest = std::fs::read_to_string(format!("{folder}/Cargo.toml")).unwrap();
            for name in names {
                let file = format!("{folder}/fuzz_targets/{name}.rs");
                let body = std::fs::read_to_string(file).unwrap();
                assert!(body.contains(&format!("::{name}(")), "{name}");
                assert!(manifest.contains(&format!("fuzz_targets/{name}.rs")), "{name}");
            }
        }
    };
}

smoke! {
    call: 3000,
    reply: 3000,
    entry: 3000,
    padding: 3000,
    address: 3000,
    round_message: 3000,
    sequence_state: 300,
    release_share: 3000,
    round_run: 300,
    collection_state: 300,
    collection_run: 300,
    posted: 2000,
    room_state: 2000,
    room_events: 2000,
    invitation: 3000,
    envelope: 2000,
    lobby_request: 100,
    lobby_answer: 100,
    room_log: 100,
    member_posts: 100,
    vault: 100,
}
