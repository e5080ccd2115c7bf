//! A room that somebody shut for everybody else: what that means for a Round, and who opens it again.
//! Must never read as if somebody at the table were known to have done it, nor as if anything were lost.

use maud::{Markup, html};
use wire::Timestamp;

use super::{layout::Pen, words::Argument::Text};

/// Since when, and what to do; nothing where it is open. Whoever opens it is a convenor.
pub fn told(pen: Pen<'_>, since: Option<Timestamp>, convenes: bool) -> Markup {
    let id = match convenes {
        true => "shut-for-rounds-yours",
        false => "shut-for-rounds",
    };
    html! {
        @if let Some(since) = since {
            p.notice.strong role="status" {
                (pen.say_with(id, &[("when", Text(&pen.hours.moment(since, pen.now)))]))
            }
        }
    }
}
