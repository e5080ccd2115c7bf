//! What a node reads of its own vault. Rows are sealed, so nobody but their owner changes them; a
//! damaged or an older row is refused, or the node goes on: it never panics.

use participant::{Input, Participant};
use sim::Seat;

use crate::dialogue::{DIALOGUE, Vault, live_node};
use crate::script::Script;

/// Rows of seats' vaults are changed, removed, or stand under another key.
pub fn vault(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let moment = if script.one_in(2) {
        &DIALOGUE.seated
    } else {
        &DIALOGUE.running
    };
    let seat = script.below(moment.vaults.len());
    let mut vault = moment.vaults[seat].clone();
    for _ in 0..1 + script.byte() % 4 {
        change(&mut vault, &mut script);
    }
    if Participant::load(vault.clone()).is_err() {
        return;
    }
    let mut seat: Seat = live_node(&vault, moment.now);
    seat.input(Input::Woken, moment.now.plus_ms(60_000));
    let _ = seat.core().view();
}

fn change(vault: &mut Vault, script: &mut Script) {
    let areas: Vec<u16> = vault.keys().copied().collect();
    let area = *script.choose(&areas).expect("a vault has areas");
    let rows = vault.entry(area).or_default();
    // The MLS library's rows are its own; a changed one is no news of our decoders.
    let ours = rows.keys().filter(|key| !key.starts_with(b"mls/"));
    let keys: Vec<Vec<u8>> = ours.cloned().collect();
    let Some(key) = script.choose(&keys).cloned() else {
        return;
    };
    match script.byte() % 8 {
        0 => drop(rows.remove(&key)),
        1 => {
            let value = rows.remove(&key).unwrap_or_default();
            let mut other = key;
            script.spoil(&mut other);
            rows.insert(other, value);
        }
        2 => {
            let other = script.choose(&keys).cloned().unwrap_or_default();
            let value = rows.get(&other).cloned().unwrap_or_default();
            rows.insert(key, value);
        }
        _ => {
            if let Some(value) = rows.get_mut(&key) {
                script.spoil(value);
            }
        }
    }
}

/// One row after another.
pub fn scripts() -> Vec<Vec<u8>> {
    let one = |at: u8| vec![at % 2, at % 7, 0, at % 3, at, 3 + at % 5, 0, 0, 3, at];
    (0..64).map(one).collect()
}
