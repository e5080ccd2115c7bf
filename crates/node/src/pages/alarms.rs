//! What the person must know, before everything else on a page.
//! Must never soften: what is not safe is said at once, with what to do.

use maud::{Markup, html};
use participant::{Alarm as Known, view::Doubted};

use super::{
    layout::Pen,
    view::{Alarm, Relay, Shown},
};

/// All of them, the most urgent first.
pub fn alarms(pen: Pen<'_>, shown: &Shown) -> Markup {
    let failed = match &shown.relay {
        Relay::Failed(why) => Some(pen.name("alarm-own-relay", "why", why)),
        Relay::Elsewhere | Relay::Here(_) => None,
    };
    html! {
        @if !shown.alarms.is_empty() || failed.is_some() {
            section.notice.alarm.stack role="alert" aria-label=(pen.say("alarms")) {
                @for alarm in &shown.alarms { p { (sentence(pen, *alarm)) (doubted(pen, shown, *alarm)) } }
                @if let Some(failed) = failed { p { (failed) } }
            }
        }
        @if shown.unreachable {
            section.notice.stack role="status" aria-label=(pen.say("relay")) { p { (pen.say("relay-unreachable")) } }
        }
    }
}

/// By whose entries an alarm came: nobody can know from here whether that program or the relay is false.
fn doubted(pen: Pen<'_>, shown: &Shown, alarm: Alarm) -> Markup {
    let (known, id) = match alarm {
        Alarm::HistoriesDiffer => (Known::HistoriesDiffer, "alarm-histories-by"),
        Alarm::StatesDiffer => (Known::StatesDiffer, "alarm-states-by"),
        Alarm::TwoCaucuses => (Known::TwoCaucuses, "alarm-two-caucuses-by"),
        Alarm::RestoredCopy
        | Alarm::LogDamaged
        | Alarm::WrongRelayKey
        | Alarm::UpdateProgram
        | Alarm::RelayFull
        | Alarm::Removed
        | Alarm::LeftBehind
        | Alarm::MovedAway
        | Alarm::FalseCaucus
        | Alarm::ClockJumped
        | Alarm::TooLargeToJoin
        | Alarm::DiskFull
        | Alarm::VaultFailed => return html! {},
    };
    let by = shown.view.doubted.iter().filter(|by| by.alarm == known);
    let names: Vec<String> = by.map(|by| named(pen, by)).collect();
    html! {
        @if !names.is_empty() { " " (pen.name(id, "names", &names.join(", "))) }
    }
}

/// A name is free again where its seat is gone.
fn named(pen: Pen<'_>, by: &Doubted) -> String {
    match by.is_gone {
        true => pen.name("alarm-by-gone", "name", &by.name),
        false => by.name.clone(),
    }
}

fn sentence(pen: Pen<'_>, alarm: Alarm) -> String {
    pen.say(match alarm {
        Alarm::RestoredCopy => "alarm-restored-copy",
        Alarm::HistoriesDiffer => "alarm-histories-differ",
        Alarm::LogDamaged => "alarm-log-damaged",
        Alarm::StatesDiffer => "alarm-states-differ",
        Alarm::WrongRelayKey => "alarm-wrong-relay-key",
        Alarm::UpdateProgram => "alarm-update-program",
        Alarm::RelayFull => "alarm-relay-full",
        Alarm::Removed => "alarm-removed",
        Alarm::LeftBehind => "alarm-left-behind",
        Alarm::MovedAway => "alarm-moved-away",
        Alarm::FalseCaucus => "alarm-false-caucus",
        Alarm::TwoCaucuses => "alarm-two-caucuses",
        Alarm::ClockJumped => "alarm-clock-jumped",
        Alarm::TooLargeToJoin => "alarm-too-large-to-join",
        Alarm::DiskFull => "alarm-disk-full",
        Alarm::VaultFailed => "alarm-vault-failed",
    })
}
