//! A caucus as it sits: half a table against a wall, and in words who is beyond it.
//! Must never look like the plenary's table: the picture alone has to tell the rooms apart.

use maud::{Markup, html};

use super::{
    layout::Pen,
    seating::{NAMED_SEATS, Spot, seat_mark, side_name, tenth},
    view::{Seat, Table},
    words::Argument::{Number, Text},
};

const TABLE: f64 = 150.0;
const ORBIT: f64 = 195.0;
/// Between two seats along the half circle.
const SPACING: f64 = 54.0;
/// Beside the table, for names and the wall.
const MARGIN: f64 = 150.0;

/// The picture with its caption.
pub fn figure(pen: Pen<'_>, table: &Table, side: u16) -> Markup {
    let seats: Vec<&Seat> = table.seats.iter().collect();
    let orbit = (seats.len() as f64 * SPACING / std::f64::consts::PI).max(ORBIT);
    let top = orbit - ORBIT + TABLE;
    let (half_width, height) = (orbit + MARGIN, orbit + 62.0);
    let view = format!(
        "{:.0} {:.0} {:.0} {:.0}",
        -half_width,
        -height,
        half_width * 2.0,
        height + 14.0
    );
    let described = pen.say_with(
        "caucus-picture",
        &[
            ("people", Number(seats.len() as u64)),
            ("side", Text(side_name(table, side))),
        ],
    );
    html! {
        figure {
            svg.plan viewBox=(view) role="img" aria-label=(described) {
                path.top d=(half(top)) {}
                path.inlay d=(half(top - 10.0)) {}
                text.hour y="-46" { (seats.len()) }
                text y="-18" { (pen.name("only-side", "side", side_name(table, side))) }
                path.wall d=(format!("M{:.0} 4H{:.0}", 8.0 - half_width, half_width - 8.0)) {}
                @for (place, seat) in seats.iter().enumerate() {
                    (seat_mark(pen, seat, spot(place, seats.len(), orbit), seats.len() <= NAMED_SEATS))
                }
            }
            figcaption { (pen.name("caucus-wall", "others", &others(table, side))) }
        }
    }
}

fn half(radius: f64) -> String {
    format!(
        "M{:.0} -2A{radius:.0} {radius:.0} 0 0 1 {radius:.0} -2z",
        -radius
    )
}

/// From the reading start over the top to the other end.
fn spot(place: usize, seats: usize, orbit: f64) -> Spot {
    let share = (place as f64 + 0.5) / seats.max(1) as f64;
    let turn = share * std::f64::consts::PI;
    let (x, y) = (tenth(-orbit * turn.cos()), tenth(-orbit * turn.sin()));
    let half = match x {
        x if x.abs() < orbit * 0.35 => 0,
        x if x < 0.0 => -1,
        _ => 1,
    };
    Spot { x, y, half }
}

/// The names of the other sides.
fn others(table: &Table, side: u16) -> String {
    let all = (0..).zip(&table.sides);
    let others = all.filter(|(other, _)| *other != side);
    let names: Vec<&str> = others.map(|(_, name)| name.as_str()).collect();
    names.join(", ")
}
