//! What somebody typed and did not send, as rows of the vault. It comes back into its own field.
//! Must never leave this machine, nor come back anywhere else: a text of one Round is no text of another.

use std::collections::BTreeMap;

use room::RoundId;
use zeroize::Zeroizing;

use crate::vault::{Row, Vault, VaultError};

/// The vault's area for what is typed at the tables and for questions.
pub const TALK_AREA: u16 = 201;

/// Texts for a Round have a key of their own, which is destroyed as soon as there is none any more: what remains
/// on the disk must not tell anybody later who wrote a text.
pub const ROUND_AREA: u16 = 202;

/// Where something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A message to the plenary.
    Table,
    /// A message to the caucus.
    Caucus,
    /// A text for this Round.
    Round(RoundId),
    /// A Round's question.
    Ask,
    /// Statements to answer, and what is asked with them.
    Ballot,
}

impl Place {
    /// As it stands in a form, and in the vault.
    pub fn name(self) -> String {
        match self {
            Self::Table => "table".to_owned(),
            Self::Caucus => "caucus".to_owned(),
            Self::Round(round) => {
                format!("round {}", data_encoding::HEXLOWER.encode(&round.0))
            }
            Self::Ask => "ask".to_owned(),
            Self::Ballot => "ballot".to_owned(),
        }
    }

    /// The reverse.
    pub fn of_name(name: &str) -> Option<Self> {
        match (name, name.strip_prefix("round ")) {
            ("table", _) => Some(Self::Table),
            ("caucus", _) => Some(Self::Caucus),
            ("ask", _) => Some(Self::Ask),
            ("ballot", _) => Some(Self::Ballot),
            (_, Some(round)) => {
                let round = data_encoding::HEXLOWER.decode(round.as_bytes()).ok()?;
                round
                    .try_into()
                    .ok()
                    .map(|round| Self::Round(RoundId(round)))
            }
            (_, None) => None,
        }
    }

    /// The fields that it has.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Table | Self::Caucus => &["text", "reply_to"],
            Self::Round(_) => &["text"],
            Self::Ask => &["question"],
            Self::Ballot => &["question", "more"],
        }
    }

    fn area(self) -> u16 {
        match self {
            Self::Round(_) => ROUND_AREA,
            Self::Table | Self::Caucus | Self::Ask | Self::Ballot => TALK_AREA,
        }
    }
}

/// The texts by place, each a field's name and what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent(BTreeMap<Place, Texts>);

/// The fields of a place.
pub type Texts = BTreeMap<String, Zeroizing<String>>;

impl Unsent {
    /// As the vault has them.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn load(vault: &mut Vault) -> Result<Self, VaultError> {
        let mut unsent = Self::default();
        for area in [TALK_AREA, ROUND_AREA] {
            for (key, value) in vault.load(area)? {
                let place = String::from_utf8(key).ok();
                let place = place.and_then(|name| Place::of_name(&name));
                let texts = serde_json::from_slice::<BTreeMap<String, String>>(&value).ok();
                let (place, texts) = place
                    .zip(texts)
                    .ok_or(VaultError::Damaged("what was typed and not sent"))?;
                let texts = texts.into_iter();
                let texts = texts.map(|(name, text)| (name, Zeroizing::new(text)));
                unsent.0.insert(place, texts.collect());
            }
        }
        Ok(unsent)
    }

    /// What stands in a field; nothing where nobody typed.
    pub fn text(&self, place: Place, field: &str) -> &str {
        let text = self.0.get(&place).and_then(|texts| texts.get(field));
        text.map_or("", |text| text.as_str())
    }

    /// Keeps what stands in the fields of a place; where they are empty, nothing of it.
    ///
    /// # Errors
    /// What the vault says; what was kept before is kept then.
    pub fn keep(
        &mut self,
        vault: &mut Vault,
        place: Place,
        texts: Texts,
    ) -> Result<(), VaultError> {
        let typed = texts
            .iter()
            .any(|(field, text)| field != "reply_to" && !text.trim().is_empty());
        if !typed {
            return self.forget(vault, place);
        }
        let plain: BTreeMap<&str, &str> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let value = serde_json::to_vec(&plain).map_err(|error| VaultError::Io(error.into()))?;
        let row = Row {
            area: place.area(),
            key: place.name().into_bytes(),
            value: Some(value.into()),
        };
        vault.commit(&[row], true)?;
        self.0.insert(place, texts);
        Ok(())
    }

    /// Forgets a place. With the last one of its area the key goes.
    ///
    /// # Errors
    /// What the vault says.
    pub fn forget(&mut self, vault: &mut Vault, place: Place) -> Result<(), VaultError> {
        if !self.0.contains_key(&place) {
            return Ok(());
        }
        let area = place.area();
        let others = self.0.keys().filter(|other| **other != place);
        match others.filter(|other| other.area() == area).count() {
            0 => vault.wipe(area)?,
            _ => {
                let row = Row {
                    area,
                    key: place.name().into_bytes(),
                    value: None,
                };
                vault.commit(&[row], true)?;
            }
        }
        self.0.remove(&place);
        Ok(())
    }

    /// Forgets the texts of every Round but the one that is open.
    ///
    /// # Errors
    /// What the vault says.
    pub fn forget_other_rounds(
        &mut self,
        vault: &mut Vault,
        open: Option<RoundId>,
    ) -> Result<(), VaultError> {
        let rounds = self.0.keys().filter(|place| match place {
            Place::Round(round) => Some(*round) != open,
            Place::Table | Place::Caucus | Place::Ask | Place::Ballot => false,
        });
        let past: Vec<Place> = rounds.copied().collect();
        for place in past {
            self.forget(vault, place)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Passphrase;

    fn typed(text: &str) -> Texts {
        BTreeMap::from([("text".to_owned(), Zeroizing::new(text.to_owned()))])
    }

    #[test]
    fn what_is_typed_comes_back_into_its_own_field_and_leaves_no_key_behind() {
        let dir = tempfile::tempdir().unwrap();
        let passphrase = Passphrase::new("six birds over the salt marsh").unwrap();
        let (first, second) = (RoundId([1; 16]), RoundId([2; 16]));
        let mut vault = Vault::create(dir.path(), &passphrase).unwrap();
        let mut unsent = Unsent::default();
        for (place, text) in [
            (Place::Table, "to all"),
            (Place::Caucus, "among us"),
            (Place::Round(first), "hidden"),
        ] {
            unsent.keep(&mut vault, place, typed(text)).unwrap();
        }
        drop(vault);
        let mut vault = Vault::open(dir.path(), &passphrase).unwrap();
        let mut unsent = Unsent::load(&mut vault).unwrap();
        assert_eq!(unsent.text(Place::Table, "text"), "to all");
        assert_eq!(unsent.text(Place::Round(first), "text"), "hidden");
        assert_eq!(
            unsent.text(Place::Round(second), "text"),
            "",
            "another Round"
        );
        unsent.forget_other_rounds(&mut vault, Some(first)).unwrap();
        assert_eq!(unsent.text(Place::Round(first), "text"), "hidden");
        unsent
            .forget_other_rounds(&mut vault, Some(second))
            .unwrap();
        assert_eq!(vault.areas(), [TALK_AREA], "the key of Rounds is destroyed");
        unsent.keep(&mut vault, Place::Table, typed("  ")).unwrap();
        assert_eq!(unsent.text(Place::Caucus, "text"), "among us");
        unsent.forget(&mut vault, Place::Caucus).unwrap();
        assert_eq!(vault.areas(), [0; 0]);
        assert_eq!(Unsent::load(&mut vault).unwrap(), Unsent::default());
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for place in [
            Place::Table,
            Place::Caucus,
            Place::Round(RoundId([7; 16])),
            Place::Ask,
            Place::Ballot,
        ] {
            assert_eq!(Place::of_name(&place.name()), Some(place));
        }
        assert_eq!(Place::of_name("round 12"), None);
        assert_eq!(Place::of_name("passphrase"), None);
    }
}
