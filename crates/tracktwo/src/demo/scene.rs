//! What is asked and said in a demo, all of it invented: two shores, one water, a ferry, a bridge.
//! Sentences are put together from parts, so that a seed has as many as a large room needs.

use std::collections::BTreeMap;

use super::draw::Draw;
use super::sentences::{CAUCUS, IDEAS, NEEDS, PLENARY, Parts};

/// Caucuses share one stock of sentences, dealt to at most this many sides.
const SIDES: usize = 8;

/// The questions of the two Rounds.
pub fn questions(seed: u64) -> [String; 2] {
    const NEEDS: [&str; 4] = [
        "What do you need from the water that you have never said aloud to the other shore?",
        "What do you fear would happen at home if these talks succeeded?",
        "What does your own side get wrong about the crossing and those who use it?",
        "What would you grant tomorrow if nobody ever learned that it came from you?",
    ];
    const IDEAS: [&str; 4] = [
        "What could both shores try for one year without anybody having to change the law?",
        "Which first step would still hold if the next election went badly for you?",
        "What should we carry home from this table, and in which words?",
        "What would make the ferry, the nets and the pastures worth sharing?",
    ];
    let mut draw = Draw::new(seed, "questions");
    [draw.one(&NEEDS).to_string(), draw.one(&IDEAS).to_string()]
}

/// `n` different texts for Round 0 (needs and fears) or a later one (ideas).
pub fn statements(seed: u64, round: usize, n: usize) -> Vec<String> {
    let (parts, purpose) = if round == 0 {
        (&NEEDS, "needs")
    } else {
        (&IDEAS, "ideas")
    };
    all(seed, purpose, parts).take(n).collect()
}

/// `n` different sentences for the plenary.
pub fn discussion(seed: u64, n: usize) -> Vec<String> {
    all(seed, "plenary", &PLENARY).take(n).collect()
}

/// `n` different sentences for one side's caucus; no two sides share any.
pub fn caucus_talk(seed: u64, side: usize, n: usize) -> Vec<String> {
    all(seed, "caucus", &CAUCUS)
        .skip(side % SIDES)
        .step_by(SIDES)
        .take(n)
        .collect()
}

/// Every sentence that the parts can make, in the seed's order; a thought comes back only after all
/// the others, so that a short dialogue does not repeat itself.
fn all(seed: u64, purpose: &str, parts: &'static Parts) -> impl Iterator<Item = String> {
    let mut sentences = Vec::new();
    for opening in parts.openings {
        for middle in parts.middles {
            sentences.extend(
                parts
                    .endings
                    .iter()
                    .map(|ending| (*opening, *middle, *ending)),
            );
        }
    }
    let mut times_told = BTreeMap::new();
    let shuffled = Draw::new(seed, purpose).shuffled(sentences).into_iter();
    let mut ranked: Vec<(usize, String)> = shuffled
        .map(|(opening, middle, ending)| {
            let times = times_told.entry(middle).or_insert(0);
            *times += 1;
            (*times, format!("{opening} {middle}{ending}."))
        })
        .collect();
    ranked.sort_by_key(|(times, _)| *times);
    ranked.into_iter().map(|(_, sentence)| sentence)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::names::cast;
    use super::*;

    fn everything(seed: u64) -> Vec<String> {
        let mut texts = [statements(seed, 0, 101), statements(seed, 1, 101)].concat();
        texts.extend(discussion(seed, 1000));
        texts.extend((0..5).flat_map(|side| caucus_talk(seed, side, 250)));
        texts
    }

    #[test]
    fn there_are_enough_texts_and_no_two_are_equal() {
        for seed in 0..5 {
            let texts = everything(seed);
            assert_eq!(texts.len(), 202 + 1000 + 5 * 250);
            assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len());
        }
    }

    #[test]
    fn texts_are_plain_and_long_enough_to_be_found_again() {
        let plain = |c: char| c.is_ascii_alphanumeric() || " .,?:-".contains(c);
        for text in everything(1).into_iter().chain(questions(1)) {
            assert!(text.len() > 40 && text.len() < 500, "{text}");
            assert!(text.chars().all(plain), "{text}");
            assert!(!text.contains("  ") && text.trim() == text, "{text}");
        }
    }

    #[test]
    fn no_text_names_a_seat_or_a_side() {
        let cast = cast(1, 100, 5);
        let seats = cast.seats.iter().map(|(name, _)| name.to_lowercase());
        let names: Vec<_> = seats
            .chain(cast.sides.iter().map(|s| s.to_lowercase()))
            .collect();
        for text in everything(1) {
            let text = text.to_lowercase();
            assert!(
                !names.iter().any(|name| text.contains(name.as_str())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_room_of_twelve_hears_twelve_thoughts() {
        let texts = statements(1, 0, 12);
        let thoughts = NEEDS.middles.iter();
        let told = thoughts
            .filter(|m| texts.iter().any(|text| text.contains(**m)))
            .count();
        assert_eq!(told, 12);
    }

    #[test]
    fn a_seed_chooses_the_texts() {
        assert_eq!(everything(2), everything(2));
        assert_ne!(statements(2, 0, 10), statements(3, 0, 10));
        assert_ne!(discussion(2, 10), discussion(3, 10));
    }
}
