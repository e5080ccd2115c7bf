//! A Round for one side alone: said wherever one gives something to it, and wherever its result stands.
//! Must never let one side's answer pass for the room's.

use maud::{Markup, html};
use participant::view::{Opening, RoundView};

use super::{kinds::Kind, layout::Pen};

/// While the Round is open.
pub fn asked(pen: Pen<'_>, round: &RoundView) -> Markup {
    sentence(
        pen,
        "one-side-asked",
        Kind::of(round),
        round.one_side.as_deref(),
    )
}

/// Where it is over.
pub fn result(pen: Pen<'_>, ended: &Opening) -> Markup {
    let side = ended.one_side.as_deref();
    sentence(pen, "one-side-result", Kind::of_ended(ended), side)
}

fn sentence(pen: Pen<'_>, id: &str, kind: Kind, side: Option<&str>) -> Markup {
    html! {
        @if let Some(side) = side { p.notice { (pen.name_of_kind(id, kind, "side", side)) } }
    }
}
