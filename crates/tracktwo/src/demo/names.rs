//! Invented people and sides: no language has these words, so whoever finds one in a file has found
//! a leak. Seven letters at least: shorter ones would turn up in ciphertext by chance.

use super::draw::Draw;

/// Everybody who plays in a demo.
pub struct Cast {
    /// Who convenes; has no side.
    pub convenor: String,
    /// What the dialogue is called.
    pub title: String,
    /// The sides' names, in order.
    pub sides: Vec<String>,
    /// The seats with a side, each with its side's index.
    pub seats: Vec<(String, usize)>,
    /// Who joins after the first Round.
    pub newcomer: Option<(String, usize)>,
}

const SIDES: [&str; 8] = [
    "Merrovane",
    "Talpenor",
    "Osquillan",
    "Brivandel",
    "Keshtaric",
    "Dunvarra",
    "Ilmoreth",
    "Zarrendi",
];

const FIRST: [&str; 20] = [
    "Vor", "Zel", "Mirr", "Tork", "Kesh", "Bral", "Drov", "Ilm", "Osk", "Quev", "Ravv", "Sorn",
    "Yst", "Ulf", "Jaan", "Fjel", "Gorv", "Hask", "Nym", "Pell",
];

const MIDDLE: [&str; 12] = [
    "ada", "evi", "ilo", "oru", "uma", "ake", "eri", "ino", "ovu", "una", "aze", "yra",
];

const LAST: [&str; 14] = [
    "vik", "mund", "sket", "dral", "neth", "rusk", "lok", "zhan", "bryn", "tuv", "gard", "quil",
    "dov", "helm",
];

const SUBJECTS: [&str; 6] = [
    "on the water and the crossing",
    "on the bridge, the ferry and the nets",
    "on the high pastures and the lake",
    "on the river and those who live by it",
    "on the harbour and the fishing grounds",
    "on the road, the weir and the ferry",
];

/// The cast of one seed: at most 8 sides, and a few hundred seats, dealt to the sides in turn.
pub fn cast(seed: u64, seats: usize, sides: usize) -> Cast {
    let mut draw = Draw::new(seed, "cast");
    let sides: Vec<String> = draw
        .shuffled(SIDES.to_vec())
        .into_iter()
        .take(sides)
        .map(String::from)
        .collect();
    let title = format!("{} {}", listed(&sides), draw.one(&SUBJECTS));
    let mut people = people(&mut draw, seats + 2).into_iter();
    let convenor = people.next().unwrap_or_default();
    let newcomer = Some((people.next().unwrap_or_default(), draw.below(sides.len())));
    let count = sides.len().max(1);
    let seats = people
        .enumerate()
        .map(|(seat, name)| (name, seat % count))
        .collect();
    Cast {
        convenor,
        title,
        sides,
        seats,
        newcomer,
    }
}

/// `count` names, none of them within another.
fn people(draw: &mut Draw, count: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(count);
    while names.len() < count {
        let name = format!(
            "{}{}{}",
            draw.one(&FIRST),
            draw.one(&MIDDLE),
            draw.one(&LAST)
        );
        let lower = name.to_lowercase();
        let within = |other: &String| {
            let other = other.to_lowercase();
            other.contains(&lower) || lower.contains(&other)
        };
        if name.len() >= 7 && !names.iter().any(within) {
            names.push(name);
        }
    }
    names
}

/// "A", "A and B", "A, B and C".
fn listed(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newcomer(cast: &Cast) -> (String, usize) {
        cast.newcomer.clone().unwrap()
    }

    fn names(cast: &Cast) -> Vec<String> {
        let seats = cast.seats.iter().map(|(name, _)| name.clone());
        let others = [cast.convenor.clone(), newcomer(cast).0];
        seats
            .chain(others)
            .chain(cast.sides.iter().cloned())
            .collect()
    }

    #[test]
    fn names_are_long_and_none_is_within_another() {
        for seed in 0..20 {
            let names = names(&cast(seed, 100, 5));
            assert_eq!(names.len(), 107);
            for (at, name) in names.iter().enumerate() {
                assert!(
                    name.len() >= 7 && name.chars().all(|c| c.is_ascii_alphabetic()),
                    "{name}"
                );
                let lower = name.to_lowercase();
                let others = names.iter().enumerate().filter(|(other, _)| *other != at);
                assert!(
                    !others
                        .into_iter()
                        .any(|(_, other)| other.to_lowercase().contains(&lower))
                );
            }
        }
    }

    #[test]
    fn a_seed_chooses_the_cast() {
        assert_eq!(names(&cast(3, 12, 2)), names(&cast(3, 12, 2)));
        assert_ne!(names(&cast(3, 12, 2)), names(&cast(4, 12, 2)));
    }

    #[test]
    fn seats_are_dealt_to_the_sides_in_turn() {
        let cast = cast(1, 13, 3);
        let sizes = [0, 1, 2].map(|side| cast.seats.iter().filter(|(_, s)| *s == side).count());
        assert_eq!(sizes, [5, 4, 4]);
        assert!(newcomer(&cast).1 < 3);
    }

    #[test]
    fn the_title_names_every_side_and_is_short() {
        for seed in 0..50 {
            let cast = cast(seed, 12, 5);
            assert!(
                cast.sides
                    .iter()
                    .all(|side| cast.title.contains(side.as_str()))
            );
            assert!(cast.title.chars().count() <= 120, "{}", cast.title);
        }
    }
}
