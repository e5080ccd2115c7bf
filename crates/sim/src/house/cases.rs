//! What is played: every attack alone and every two of them together. A seed draws one.

use room::rules::Rule as RoomRule;

use super::attacks::Attack;
use super::template::Relay;

/// One case: its name, and what is done.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// One attack or two.
    pub attacks: Vec<Attack>,
    /// At least so many seats beside the convenor.
    pub seats: usize,
    /// The relay.
    pub relay: Relay,
    /// Before people clear up they wait until time has caught up with a clock that was ahead.
    pub waits_for_time: bool,
    /// A rule that is taken out.
    pub without: Option<Out>,
}

/// A rule that is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// Of the Round.
    Round(round::rules::Rule),
    /// Of the room.
    Room(RoomRule),
    /// Of a participant.
    Participant(participant::rules::Rule),
}

/// All cases, in a fixed order.
pub fn all() -> Vec<Case> {
    let alone = Attack::ALL.iter().map(|attack| case(&[*attack]));
    let pairs = (1..).zip(Attack::ALL).flat_map(|(next, first)| {
        let second = Attack::ALL.iter().skip(next);
        second.map(move |second| case(&[first, *second]))
    });
    let all = alone.chain(pairs);
    all.filter(|case| !NOT_DRAWN.contains(&case.attacks.as_slice()))
        .collect()
}

/// What does not hold. After a long leap of the relay's clock a caucus that has to be founded anew is not
/// joined before time has caught up, and is founded again and again. And a room whose mailbox is full before its
/// convenor has read that it moved there, and announced the next place, does not get out of it.
const NOT_DRAWN: [&[Attack]; 2] = [
    &[Attack::FewAfterAMonth, Attack::DeadCaucus],
    &[Attack::Fill, Attack::KeptBack],
];

/// The case in which these attacks are made.
pub fn case(attacks: &[Attack]) -> Case {
    let names: Vec<&str> = attacks.iter().map(|attack| attack.name()).collect();
    let small = [Attack::Fill, Attack::UsesUpRotations];
    let fills = attacks.iter().any(|attack| small.contains(attack));
    Case {
        name: format!("house-{}", names.join("-and-")),
        attacks: attacks.to_vec(),
        seats: 0,
        relay: match (fills, attacks) {
            (true, _) => Relay::Small,
            // A guard alone would leave nothing to see.
            (false, [Attack::ClosesShutPhases]) => Relay::Unguarded,
            (false, _) => Relay::Large,
        },
        waits_for_time: true,
        without: None,
    }
}

/// What does not hold, for whoever asks by name. After a leap of the relay's clock that lasted for some
/// entries nobody comes to a caucus or leaves it before time has caught up.
pub fn limits() -> Vec<Case> {
    let [again, full] = NOT_DRAWN.map(case);
    vec![
        Case {
            name: "limit-house-caucus-after-a-month".into(),
            waits_for_time: false,
            ..case(&[Attack::FewAfterAMonth])
        },
        Case {
            name: "limit-house-founded-anew-after-a-month".into(),
            ..again
        },
        Case {
            name: "limit-house-full-without-a-place".into(),
            ..full
        },
    ]
}
