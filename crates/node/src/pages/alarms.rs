//! What the person must know, before everything else on a page.
//! Must never soften: what is not safe is said at once, with what to do.

use maud::{Markup, html};

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
                @for alarm in &shown.alarms { p { (sentence(pen, *alarm)) } }
                @if let Some(failed) = failed { p { (failed) } }
            }
        }
        @if shown.unreachable {
            section.notice.stack role="status" aria-label=(pen.say("relay")) { p { (pen.say("relay-unreachable")) } }
        }
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
        Alarm::ClockJumped => "alarm-clock-jumped",
        Alarm::TooLargeToJoin => "alarm-too-large-to-join",
        Alarm::DiskFull => "alarm-disk-full",
        Alarm::VaultFailed => "alarm-vault-failed",
    })
}
