//! Rules of rooms that are taken out, each with the attack that makes it visible.

use participant::rules::Rule;
use room::rules::Rule as RoomRule;
use round::rules::Rule as RoundRule;

use super::attacks::Attack;
use super::cases::{Case, Out, case};
use super::template::Relay;

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut all = of_rooms();
    all.push(Case {
        name: "canary-house-shut-time-counts".into(),
        without: Some(Out::Round(RoundRule::ShutLogsCountForNobody)),
        ..case(&[Attack::ClosesShutPhases])
    });
    all
}

fn of_rooms() -> Vec<Case> {
    let of = |name: &str, attack: Attack, without: Out| Case {
        name: format!("canary-house-{name}"),
        without: Some(without),
        ..case(&[attack])
    };
    vec![
        of(
            "caucus-round",
            Attack::CaucusRound,
            Out::Room(RoomRule::RoundsInThePlenaryAlone),
        ),
        of(
            "rotation-not-undone",
            Attack::VoidRotations,
            Out::Participant(Rule::VoidRotationsAreUndone),
        ),
        of(
            "repeat-is-a-copy",
            Attack::Repeats,
            Out::Participant(Rule::RepeatsAreNoCopies),
        ),
        of(
            "gone-stay-in-caucus",
            Attack::ClockLeaps,
            Out::Participant(Rule::TheCaucusFollowsThePlenary),
        ),
        of(
            "caucus-not-founded-anew",
            Attack::DeadCaucus,
            Out::Participant(Rule::CaucusesAreFoundedAnew),
        ),
        Case {
            // Five of six are enough, whatever happened before.
            seats: 8,
            ..of(
                "crowds-by-days-alone",
                Attack::FewAfterAMonth,
                Out::Room(RoomRule::CrowdsByRounds),
            )
        },
        of(
            "founder-rotates-like-others",
            Attack::UsesUpRotations,
            Out::Participant(Rule::WhoeverFoundedRotatesByThatRight),
        ),
        of(
            "logs-clock-not-judged",
            Attack::ClockSwings,
            Out::Participant(Rule::TheLogsClockIsJudged),
        ),
        of(
            "moves-not-judged",
            Attack::PoisonedPlace,
            Out::Participant(Rule::MovesAreJudgedFirst),
        ),
        Case {
            name: "canary-house-without-reserves".into(),
            relay: Relay::WithoutReserves,
            ..case(&[Attack::Fill])
        },
        Case {
            name: "canary-house-without-guard".into(),
            relay: Relay::Unguarded,
            ..case(&[Attack::ShutsAgain])
        },
    ]
}

/// How often one seed draws a canary before it has shown itself.
pub const HUNTS: u64 = 12;
