//! A person's place in the room, and what is left of it afterwards.

use crate::founding::Role;
use crate::ids::{BegunHash, Leaf, RequestId, RoomVersion, SeatId};
use crate::text::Name;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// A seat that is in the room now.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Seat {
    /// Its number, in order of joining.
    pub id: SeatId,
    /// As everybody sees it.
    pub name: Name,
    /// What it is for.
    pub role: Role,
    /// Its place in the MLS tree.
    pub leaf: Leaf,
    /// Its MLS signature key.
    pub signature_key: Vec<u8>,
    /// The seat of its side that vouched for it.
    pub voucher: Option<SeatId>,
    /// How many seats, its voucher not among them, must confirm it before it counts; fixed when it comes.
    pub needs: u8,
    /// [`crate::State::membership`] with which it came.
    pub joined: u64,
    /// The membership whose table words it confirmed last.
    pub confirmed: Option<u64>,
    /// The event since which it counts in Rounds (eligible); for good.
    pub counting_since: Option<u64>,
    /// The latest version of the rules that its program is known to know.
    pub speaks: RoomVersion,
    /// In the plenary: the key package for its caucus that it published last. In a caucus: the one by
    /// which it sits; none for the founder.
    pub key_package: Option<RequestId>,
    /// Whether its program has been in the room since it was seated.
    pub arrival: Arrival,
    /// In a caucus: whether its commits may count.
    pub commits: Commits,
}

/// Whether what a seat commits may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Commits {
    /// As anybody's.
    Count = 1,
    /// One of them followed an event of the plenary that had not come: nobody waits for another one.
    AreVoid = 2,
}

/// How far a seat is in the room. One member makes a newcomer's Welcome and the state that goes with it, and
/// could hand it another room with the same keys: so it says which one it entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum Arrival {
    /// Here. In a caucus everybody is, and so is a founder.
    #[tls_codec(discriminant = 1)]
    Here,
    /// The commit that seats it is being folded.
    #[tls_codec(discriminant = 2)]
    Seated,
    /// It has to say that it entered the room which began so.
    #[tls_codec(discriminant = 3)]
    Awaited(BegunHash),
}

/// A seat that left or was removed.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct DepartedSeat {
    /// Its number, never used again.
    pub id: SeatId,
    /// As everybody saw it.
    pub name: Name,
    /// What it was for.
    pub role: Role,
    /// Its MLS signature key, to which locks of texts are bound.
    pub signature_key: Vec<u8>,
}

/// A member of an opening roster, as the Round's cryptography names it.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct RosterSeat {
    /// Its number.
    pub seat: SeatId,
    /// Its place in the MLS tree at START.
    pub leaf: Leaf,
    /// Its signature key at START.
    pub signature_key: Vec<u8>,
}
