//! Who sits where: the round table, seats by side, the Round's clock in the middle.
//! Must never show presence: a seat looks the same whether its person is there or not.

use maud::{Markup, html};

use super::{
    layout::Pen,
    marks, round_clock, seating_caucus,
    view::{Role, Room, Seat, Table},
    words::Argument::{Number, Text},
};

/// Seats with names beside them; more would overlap, and stand in the list only.
pub(super) const NAMED_SEATS: usize = 20;
const NAME_LETTERS: usize = 11;
/// Of a name's type, on average.
const LETTER_WIDTH: f64 = 10.0;
const SEAT_RADIUS: f64 = 22.0;
/// Between two seats along the circle.
const SPACING: f64 = 50.0;
const SMALLEST_ORBIT: f64 = 186.0;

/// The picture, and the same as a list.
pub fn seating(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        @match table.room {
            Room::Plenary => figure { (plan(pen, table)) },
            Room::Caucus(side) => (seating_caucus::figure(pen, table, side)),
        }
        p.legend.row.small {
            @for (role, name) in legend(pen, table) { span { (marks::mark(role)) " " bdi { (name) } } }
        }
        details {
            summary.link { (pen.say("who-sits-where")) }
            ul.who {
                @for seat in &table.seats {
                    li {
                        (marks::mark(seat.role)) " "
                        @if matches!(seat.role, Role::Side(_)) { span.num { (seat.number) } " " }
                        (listed(pen, table, seat))
                    }
                }
            }
        }
    }
}

fn listed(pen: Pen<'_>, table: &Table, seat: &Seat) -> Markup {
    let role = match seat.role {
        Role::Side(_) => None,
        Role::Convenor => Some(pen.say("convenor")),
        Role::Interpreter(side) => {
            Some(pen.name("interpreter-with", "side", side_name(table, side)))
        }
    };
    html! {
        @if seat.you { (pen.name("you-named", "name", &seat.name)) } @else { bdi { (seat.name) } }
        @if let Some(role) = role { ", " (role) }
    }
}

fn legend(pen: Pen<'_>, table: &Table) -> Vec<(Role, String)> {
    let sides = (0..)
        .zip(&table.sides)
        .filter(|(side, _)| table.room == Room::Plenary || table.room == Room::Caucus(*side))
        .map(|(side, name)| (Role::Side(side), name.clone()));
    let has = |wanted: fn(&Role) -> bool| table.seats.iter().map(|seat| seat.role).find(wanted);
    let convenor =
        has(|role| matches!(role, Role::Convenor)).map(|role| (role, pen.say("convenor")));
    let interpreter =
        has(|role| matches!(role, Role::Interpreter(_))).map(|role| (role, pen.say("interpreter")));
    sides.chain(convenor).chain(interpreter).collect()
}

fn plan(pen: Pen<'_>, table: &Table) -> Markup {
    let order = clockwise(table);
    let orbit = (order.len() as f64 * SPACING / std::f64::consts::TAU).max(SMALLEST_ORBIT);
    let (half_width, half_height) = (orbit + room_for_names(pen, &order), orbit + 62.0);
    let view = format!(
        "{:.0} {:.0} {:.0} {:.0}",
        -half_width,
        -half_height,
        half_width * 2.0,
        half_height * 2.0
    );
    html! {
        svg.plan viewBox=(view) preserveAspectRatio="xMidYMid slice" role="img" aria-label=(described(pen, table)) {
            circle.top r=(orbit - 44.0) {}
            circle.inlay r=(orbit - 53.0) {}
            @if let Some(round) = &table.round { (round_clock::clock(pen, round, 0.0, 0.0)) }
            (camps(table, half_width, half_height))
            @for (place, seat) in order.iter().enumerate() {
                (seat_mark(pen, seat, Spot::of(place, order.len(), orbit), order.len() <= NAMED_SEATS))
            }
        }
    }
}

fn described(pen: Pen<'_>, table: &Table) -> String {
    let camp = |(side, name): (u16, &String)| {
        let people = table
            .seats
            .iter()
            .filter(|seat| seat.role == Role::Side(side))
            .count() as u64;
        pen.say_with(
            "seating-side",
            &[("side", Text(name)), ("people", Number(people))],
        )
    };
    let sides: Vec<_> = (0..).zip(&table.sides).map(camp).collect();
    let people = Number(table.seats.len() as u64);
    pen.say_with(
        "seating-picture",
        &[("people", people), ("sides", Text(&sides.join(" ")))],
    )
}

/// From the top: the convenor, the other sides, interpreters at the foot, then the reader's own side upwards.
fn clockwise(table: &Table) -> Vec<&Seat> {
    let own = own_side(table);
    let of = |wanted: &dyn Fn(Role) -> bool| {
        table
            .seats
            .iter()
            .filter(|seat| wanted(seat.role))
            .collect::<Vec<_>>()
    };
    let mut order = of(&|role| role == Role::Convenor);
    let sides = u16::try_from(table.sides.len()).unwrap_or(u16::MAX);
    for side in (0..sides).filter(|side| *side != own) {
        order.extend(of(&|role| role == Role::Side(side)));
    }
    order.extend(of(&|role| matches!(role, Role::Interpreter(_))));
    order.extend(of(&|role| role == Role::Side(own)).into_iter().rev());
    order
}

/// The reader's own side sits at the reading start; for a convenor it is the first one.
fn own_side(table: &Table) -> u16 {
    let you = table.seats.iter().find(|seat| seat.you);
    match you.map(|seat| seat.role) {
        Some(Role::Side(side) | Role::Interpreter(side)) => side,
        Some(Role::Convenor) | None => 0,
    }
}

/// How far the longest name beside a seat reaches beyond the seats' circle.
fn room_for_names(pen: Pen<'_>, order: &[&Seat]) -> f64 {
    let letters = |seat: &&&Seat| short_name(pen, seat).chars().count();
    let sided = order.iter().filter(|seat| seat.role != Role::Convenor);
    let longest = match order.len() <= NAMED_SEATS {
        true => sided.map(|seat| letters(&seat)).max().unwrap_or(0),
        false => 0,
    };
    (SEAT_RADIUS + 14.0 + longest as f64 * LETTER_WIDTH).max(82.0)
}

/// With two sides their names stand over their halves.
fn camps(table: &Table, half_width: f64, half_height: f64) -> Markup {
    let own = own_side(table);
    let other = u16::from(own == 0);
    let (x, y) = (half_width - 2.0, 26.0 - half_height);
    html! {
        @if table.sides.len() == 2 {
            (camp_mark(own, -x, y))
            text.name.camp.start x=(28.0 - x) y=(y + 17.0) { (side_name(table, own)) }
            (camp_mark(other, x - 20.0, y))
            text.name.camp.end x=(x - 28.0) y=(y + 17.0) { (side_name(table, other)) }
        }
    }
}

fn camp_mark(side: u16, x: f64, y: f64) -> Markup {
    let role = Role::Side(side);
    html! {
        g class={ "name " (marks::side_class(role)) } {
            use.seat href=(marks::symbol(role)) x=(x) y=(y) width="20" height="20" {}
        }
    }
}

pub(super) fn side_name(table: &Table, side: u16) -> &str {
    table
        .sides
        .get(usize::from(side))
        .map_or("", String::as_str)
}

/// Where a seat stands, seen from the middle of the table.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// -1 on the reading start's half, 1 on the other, 0 at top and foot.
    pub(super) half: i8,
}

impl Spot {
    fn of(place: usize, seats: usize, orbit: f64) -> Self {
        let turn = place as f64 / seats.max(1) as f64 * std::f64::consts::TAU;
        let (x, y) = (orbit * turn.sin(), -orbit * turn.cos());
        let half = if x.abs() < 1.0 { 0 } else { x.signum() as i8 };
        Self {
            x: tenth(x),
            y: tenth(y),
            half,
        }
    }

    /// Where the name begins, and which way it goes.
    fn name(self) -> (f64, f64, &'static str) {
        match self.half {
            0 if self.y < 0.0 => (self.x, self.y - 34.0, ""),
            0 => (self.x, self.y + 46.0, ""),
            half if half < 0 => (tenth(self.x - 36.0), self.y + 6.0, "end"),
            _ => (tenth(self.x + 36.0), self.y + 6.0, "start"),
        }
    }
}

pub(super) fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

pub(super) fn seat_mark(pen: Pen<'_>, seat: &Seat, spot: Spot, named: bool) -> Markup {
    let corner = |at: f64| tenth(at - SEAT_RADIUS);
    let size = SEAT_RADIUS * 2.0;
    let (x, y, anchor) = spot.name();
    let class = if seat.you {
        format!("name {anchor} me")
    } else {
        format!("name {anchor}")
    };
    html! {
        g class=(marks::side_class(seat.role)) {
            @if seat.you { circle.you cx=(spot.x) cy=(spot.y) r="29" {} }
            use.seat href=(marks::symbol(seat.role)) x=(corner(spot.x)) y=(corner(spot.y)) width=(size) height=(size) {}
            @if matches!(seat.role, Role::Side(_)) { text.no.num x=(spot.x) y=(spot.y + 6.5) { (seat.number) } }
        }
        @if named { text class=(class) x=(x) y=(y) { (short_name(pen, seat)) } }
    }
}

/// The last word of a name, as on a place card; the list has all of it.
fn short_name(pen: Pen<'_>, seat: &Seat) -> String {
    let name = match seat.you {
        true => pen.say("you"),
        false => seat
            .name
            .split_whitespace()
            .last()
            .unwrap_or_default()
            .to_owned(),
    };
    let short = match name.chars().count() > NAME_LETTERS {
        true => name.chars().take(NAME_LETTERS - 1).chain(['…']).collect(),
        false => name,
    };
    match seat.role {
        Role::Convenor => format!("{short}, {}", pen.say("convenor")),
        Role::Interpreter(_) => format!("{short}, {}", pen.say("interpreter")),
        Role::Side(_) => short,
    }
}
