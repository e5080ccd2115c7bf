//! What is kept: the bytes are as known, whoever restores them reads on as everybody does, and a state that
//! contradicts itself is refused.

use round::{Collection, CollectionState, Message, ReleaseShare, Sequence, SequenceState};

use super::files::{File, bytes, file, folder, number};
use super::logs::{begin, ends, list, read};

#[test]
fn states_are_kept_as_known() {
    let mut kept = 0;
    for File { path, content } in folder("state") {
        if content["state"].is_null() {
            continue;
        }
        let base = file(content["log_of"].as_str().unwrap()).content;
        let (log, entries) = (list(&base["log"]), number(&content["entries"]));
        let mut fold = begin(&base);
        read(&mut fold, &log[..entries], &path);
        let state = bytes(&content["state"]);
        assert_eq!(fold.state().encode(), state, "{path}");
        let state = CollectionState::decode(&state).unwrap();
        let mut restored = Collection::restore(&state).unwrap();
        assert_eq!(restored.state(), state, "{path}");
        // Phases before the sixth are replayed; here nothing of them had been said, or all.
        if !path.contains("gate") {
            read(&mut restored, &log[entries..], &path);
            ends(&restored, &base, &path);
        }
        kept += 1;
    }
    assert_eq!(kept, 7);
}

#[test]
fn states_that_contradict_themselves_are_refused() {
    let mut refused = 0;
    for File { path, content } in folder("state") {
        if content["fault"] != true {
            continue;
        }
        let state = SequenceState::decode(&bytes(&content["sequence"]));
        let restored = state.ok().and_then(|state| Sequence::restore(state).ok());
        assert!(restored.is_none(), "{path}");
        refused += 1;
    }
    assert_eq!(refused, 22);
}

#[test]
fn a_stored_share_says_the_release_that_is_known() {
    let known = file("state/share.json").content;
    let share = ReleaseShare::decode(&bytes(&known["share"])).unwrap();
    assert_eq!(*share.encode(), bytes(&known["share"]));
    let release = Message::decode(&bytes(&known["release"])).unwrap();
    assert_eq!(share.message(), release);
}
