//! A convenor writes into its own place what leads nowhere, and everybody else looks there for the room.

use chacha20::ChaCha20Rng;
use participant::rogue::Lie;
use participant::{Op, Place};
use rand_core::SeedableRng as _;
use wire::{CreationRight, MailboxId};

use super::House;
use crate::world::creation;

/// Longer than the time after which a node looks for the room elsewhere, ms.
const DARK_MS: u64 = 700_000;

/// The place is poisoned; then the relay is back.
pub(super) fn poison(house: &mut House, how: u64) {
    let Some(here) = house.mailbox(0, Place::Plenary) else {
        return;
    };
    let lie = match how {
        0 => Lie::OtherDigest,
        1 => Lie::NumberFarAhead,
        _ => Lie::Unreadable,
    };
    let written = write(house, lie);
    house.note(|| format!("the convenor's place says {lie:?}: {written:?}"));
    let others = 1..house.world.seats.len();
    let others: Vec<(MailboxId, usize)> = others.map(|seat| (here, seat)).collect();
    house.world.mood.cut_off.extend(others.iter().copied());
    house.pass(DARK_MS);
    for one in others {
        house.world.mood.cut_off.remove(&one);
    }
    house.world.run();
}

/// None where the convenor has announced no place.
fn write(house: &mut House, lie: Lie) -> Option<bool> {
    let mut convenor = house.rogue(0, Place::Plenary)?;
    let founder = convenor.place_founder()?;
    let place = convenor.announced()?;
    let mailbox = MailboxId::new(place.mailbox.0);
    let token = convenor.token_at(mailbox);
    let mut rng = ChaCha20Rng::seed_from_u64(house.draw.below(u64::MAX));
    let create = Op::Create {
        creation: CreationRight::Relay(creation()),
        token: token.hash(),
        founder: founder.hash(),
    };
    let reset = Op::Reset {
        founder,
        token: token.hash(),
        from: 0,
    };
    let bytes = convenor.moved_at(&place, lie, &mut rng);
    let now = house.world.mood.clock(house.world.now);
    let host = &mut house.world.host;
    // Made before, perhaps in another epoch.
    let _exists = host.request(mailbox, create, now);
    let _current = host.request(mailbox, reset, now);
    let append = Op::Append { token, bytes };
    Some(host.request(mailbox, append, now).is_ok())
}
