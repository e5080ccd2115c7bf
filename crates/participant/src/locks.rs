//! Which texts are bound to which crowd (invariant I2): a text that was sealed into a run is never
//! sealed into a run with another roster, whether it was shown or not, by program or by wish.

use std::collections::BTreeMap;

use round::rules::{Rule, holds};
use sha2::{Digest as _, Sha256};

use crate::out::Out;
use crate::step::Area;

/// SHA-256 of a text's letters and digits in lower case: the vault need not hold the text to know
/// it again, and other blanks, capitals or punctuation do not make it another text.
pub(crate) type TextHash = [u8; 32];
/// SHA-256 of a room and of a run's roster in it, by leaf signature keys.
pub(crate) type CrowdHash = [u8; 32];

/// The locks of the whole vault.
#[derive(Default)]
pub(crate) struct Locks {
    bound: BTreeMap<TextHash, CrowdHash>,
}

fn row_key(text: &TextHash) -> Vec<u8> {
    [b"lock/".as_slice(), text].concat()
}

/// Names a normalised text. One without any letter or digit is taken as it is.
pub(crate) fn text_hash(normalised: &str) -> TextHash {
    let letters = letters::letters_of(normalised);
    let (kind, words) = match letters.is_empty() {
        true => (0, normalised),
        false => (1, letters.as_str()),
    };
    Sha256::new_with_prefix(b"tracktwo/lock/v1/text")
        .chain_update([kind])
        .chain_update(words)
        .finalize()
        .into()
}

/// Names a crowd: its room, by [`room_hash`], and its members' signature keys, in any order.
///
/// [`room_hash`]: crate::round_name::room_hash
pub(crate) fn crowd_hash<'a>(
    room: &[u8; 32],
    signature_keys: impl Iterator<Item = &'a [u8]>,
) -> CrowdHash {
    let mut hashes: Vec<[u8; 32]> = signature_keys
        .map(|key| Sha256::digest(key).into())
        .collect();
    hashes.sort_unstable();
    let start = Sha256::new_with_prefix(b"tracktwo/lock/v1/crowd").chain_update(room);
    hashes
        .iter()
        .fold(start, |hash, key| hash.chain_update(key))
        .finalize()
        .into()
}

impl Locks {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Locks> {
        let mut locks = Locks::default();
        for (key, value) in rows {
            if let Some(text) = key.strip_prefix(b"lock/".as_slice()) {
                let crowd = value.as_slice().try_into().ok()?;
                locks.bound.insert(text.try_into().ok()?, crowd);
            }
        }
        Some(locks)
    }

    /// May the text be sealed into a run of this crowd?
    pub(crate) fn allows(&self, text: &TextHash, crowd: &CrowdHash) -> bool {
        !holds(Rule::TextBoundToRoster) || self.bound.get(text).is_none_or(|bound| bound == crowd)
    }

    /// Is the text bound to some crowd already?
    pub(crate) fn holds(&self, text: &TextHash) -> bool {
        holds(Rule::TextBoundToRoster) && self.bound.contains_key(text)
    }

    /// Binds a text from DC on. False where it was bound before: that lock belongs to an earlier release and
    /// outlives this run, however it ends.
    pub(crate) fn bind(
        &mut self,
        area: Area,
        text: TextHash,
        crowd: CrowdHash,
        out: &mut Out,
    ) -> bool {
        out.durable();
        if self.bound.contains_key(&text) {
            return false;
        }
        out.write(area, row_key(&text), crowd);
        self.bound.insert(text, crowd);
        true
    }

    /// The run ended and released nothing: no one can ever read what was sealed in it.
    pub(crate) fn free(&mut self, area: Area, text: &TextHash, out: &mut Out) {
        out.remove(area, row_key(text));
        self.bound.remove(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_capitals_and_punctuation_do_not_make_another_text() {
        assert_eq!(
            text_hash("Open the bridge."),
            text_hash(" open the  bridge!")
        );
        assert_ne!(
            text_hash("Open the bridge."),
            text_hash("Open the bridges.")
        );
        assert_ne!(text_hash("..."), text_hash("!!"));
    }

    #[test]
    fn a_crowd_is_its_room_and_its_members_in_any_order() {
        let of = |room: u8, keys: &[&[u8]]| crowd_hash(&[room; 32], keys.iter().copied());
        let one = of(1, &[b"a", b"b"]);
        assert_eq!(one, of(1, &[b"b", b"a"]));
        assert_ne!(one, of(1, &[b"a", b"c"]));
        assert_ne!(one, of(1, &[b"ab"]));
        assert_ne!(one, of(2, &[b"a", b"b"]));
    }
}
