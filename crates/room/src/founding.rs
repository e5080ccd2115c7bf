//! How a room begins: its kind, sides and rule card, and its first seat.

use crate::ids::{Leaf, SideId};
use crate::limits;
use crate::looks::look_the_same;
use crate::text::{Name, SideName, Title};
use std::fmt;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// Whose room it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum RoomKind {
    /// Everybody's.
    #[tls_codec(discriminant = 1)]
    Plenary,
    /// One side's; the convenor is not in it.
    Caucus(SideId),
}

/// What a seat is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Role {
    /// Convenes, approves, opens Rounds; never in a roster.
    #[tls_codec(discriminant = 1)]
    Convenor,
    /// Belongs to a side.
    Side(SideId),
    /// Sits with a side; never in a roster.
    Interpreter(SideId),
}

impl Role {
    /// The side it belongs to or sits with.
    pub fn sits_with(self) -> Option<SideId> {
        match self {
            Self::Convenor => None,
            Self::Side(side) | Self::Interpreter(side) => Some(side),
        }
    }

    /// The side it belongs to, which is what a Round's roster is made of.
    pub fn side(self) -> Option<SideId> {
        match self {
            Self::Side(side) => Some(side),
            Self::Convenor | Self::Interpreter(_) => None,
        }
    }
}

/// What may be done with what is heard. Fixed at the founding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum RuleCard {
    /// May be quoted with the name.
    OnTheRecord = 1,
    /// May be used, never with who said it.
    ChathamHouse = 2,
    /// The same, and only inside the participants' own institutions.
    ChathamHouseInternal = 3,
    /// May not be used at all.
    NotForAnyUse = 4,
}

/// Somebody to be seated.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct NewSeat {
    /// As everybody in the room sees it.
    pub name: Name,
    /// What the seat is for.
    pub role: Role,
    /// Its place in the MLS tree.
    pub leaf: Leaf,
    /// Its MLS signature key, which names it across rooms and memberships.
    pub signature_key: Vec<u8>,
}

/// Everything a room begins with.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Founding {
    /// Whose room it is.
    pub room: RoomKind,
    /// What the dialogue is called.
    pub title: Title,
    /// All sides of the dialogue, in a caucus as well, so that a [`SideId`] means one thing.
    pub sides: Vec<SideName>,
    /// What may be done with what is heard.
    pub rule_card: RuleCard,
    /// The convenor in the plenary, the side's first seat in a caucus.
    pub founder: NewSeat,
}

/// Why a room cannot be founded so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedFounding {
    /// Fewer than two sides or more than five.
    NumberOfSides,
    /// Two sides of one name, or of names that look the same.
    SameSideTwice,
    /// A caucus of a side that is not in the list.
    NoSuchSide,
    /// A plenary not founded by a convenor, or a caucus not by a seat of its side.
    WrongFounder,
    /// The signature key is empty or too long.
    BadSignatureKey,
}

impl fmt::Display for RefusedFounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NumberOfSides => "a dialogue has two to five sides",
            Self::SameSideTwice => "two sides have the same name, or names that look the same",
            Self::NoSuchSide => "there is no such side",
            Self::WrongFounder => "this seat cannot found this room",
            Self::BadSignatureKey => "the founder's key is damaged",
        })
    }
}

impl std::error::Error for RefusedFounding {}

impl Founding {
    pub(crate) fn check(&self) -> Result<(), RefusedFounding> {
        check_sides(&self.sides)?;
        let founds = match self.room {
            RoomKind::Plenary => self.founder.role == Role::Convenor,
            RoomKind::Caucus(side) if usize::from(side.0) >= self.sides.len() => {
                return Err(RefusedFounding::NoSuchSide);
            }
            RoomKind::Caucus(side) => self.founder.role == Role::Side(side),
        };
        if !founds {
            return Err(RefusedFounding::WrongFounder);
        }
        if !is_key_length(&self.founder.signature_key) {
            return Err(RefusedFounding::BadSignatureKey);
        }
        Ok(())
    }
}

pub(crate) fn check_sides(sides: &[SideName]) -> Result<(), RefusedFounding> {
    if !(limits::SIDES_MIN..=limits::SIDES_MAX).contains(&sides.len()) {
        return Err(RefusedFounding::NumberOfSides);
    }
    let alike = sides.iter().enumerate().any(|(at, side)| {
        let mut later = sides.iter().skip(at.saturating_add(1));
        later.any(|other| look_the_same(side.as_str(), other.as_str()))
    });
    match alike {
        true => Err(RefusedFounding::SameSideTwice),
        false => Ok(()),
    }
}

pub(crate) fn is_key_length(key: &[u8]) -> bool {
    (1..=limits::SIGNATURE_KEY_BYTES_MAX).contains(&key.len())
}
