//! Six words derived from a room's current key: the same on every honest screen, read aloud.

use bip39::Language;
use sha2::{Digest as _, Sha256};

/// How many words: 66 bits of the exporter secret.
pub const WORDS: usize = 6;

/// The words of an exporter secret made for them alone.
pub fn table_words(secret: &[u8; 32]) -> Vec<String> {
    let list = Language::English.word_list();
    (0..WORDS)
        .filter_map(|n| list.get(eleven_bits(secret, n * 11)))
        .map(|word| (*word).to_owned())
        .collect()
}

/// The words of a request for a seat. Whoever asks sees them, and whoever vouches has to find them again
/// among others: so nobody vouches for the request of somebody else under the same name.
pub fn request_words(request: &[u8; 32]) -> Vec<String> {
    let mut hash = Sha256::new_with_prefix(b"tracktwo/request-words/v1");
    hash.update(request);
    table_words(&hash.finalize().into())
}

/// The words among two other lines, for whoever hears them read aloud: a person who cannot pick the
/// right line has not heard it. In each place two of the three lines have one word, and each two lines
/// share a third of the places: so no line stands out for whoever has heard nothing, and one that has
/// most of the words is not the right one. The order differs between seats and stays the same on every
/// reading.
pub fn lines(words: &[String], seat: u32) -> Vec<Vec<String>> {
    let draw = |number: u8| -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(b"tracktwo/other-words/v1");
        hash.update([number]);
        hash.update(seat.to_be_bytes());
        for word in words {
            hash.update(word.as_bytes());
            hash.update([0]);
        }
        hash.finalize().into()
    };
    if words.is_empty() {
        return Vec::new();
    }
    let other = words_other_than(words, &draw(1));
    let mut order: Vec<(u8, usize)> = draw(2).into_iter().zip(0..words.len()).collect();
    order.sort_unstable();
    let mut thirds = order.chunks(words.len().div_ceil(3));
    let mut line = || {
        let right = thirds.next().unwrap_or_default();
        let is_right = |place| right.iter().any(|(_, of)| *of == place);
        let pairs = words.iter().zip(&other).enumerate();
        let word = |(place, (word, other))| if is_right(place) { word } else { other };
        pairs.map(word).cloned().collect()
    };
    let mut lines: Vec<Vec<String>> = vec![line(), line()];
    let place = usize::from(draw(0).first().copied().unwrap_or(0)) % (lines.len() + 1);
    lines.insert(place, words.to_vec());
    lines
}

/// A drawn word for each place, none as it is there.
fn words_other_than(words: &[String], drawn: &[u8; 32]) -> Vec<String> {
    let list = Language::English.word_list();
    let after = |at: usize| list.get((at + 1) % list.len());
    let other = |(place, word): (usize, &String)| {
        let at = eleven_bits(drawn, place * 11);
        let drawn = list.get(at).filter(|drawn| **drawn != word.as_str());
        drawn.or_else(|| after(at)).map(|other| (*other).to_owned())
    };
    words.iter().enumerate().filter_map(other).collect()
}

fn eleven_bits(secret: &[u8; 32], from: usize) -> usize {
    (from..from + 11).fold(0, |value, bit| {
        let byte = secret.get(bit / 8).copied().unwrap_or(0);
        value << 1 | usize::from(byte >> (7 - bit % 8) & 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_take_eleven_bits_each_from_the_front() {
        let mut secret = [0; 32];
        assert_eq!(table_words(&secret), ["abandon"; 6]);
        secret[0] = 0xff;
        secret[1] = 0xe0;
        assert_eq!(table_words(&secret)[..2], ["zoo", "abandon"]);
    }

    #[test]
    fn the_right_line_stands_among_two_others_and_not_always_first() {
        let words = table_words(&[7; 32]);
        let places: std::collections::BTreeSet<_> = (0..20)
            .map(|seat| {
                let lines = lines(&words, seat);
                assert_eq!(lines.len(), 3);
                assert_eq!(lines.iter().filter(|line| **line == words).count(), 1);
                lines.iter().position(|line| *line == words)
            })
            .collect();
        assert_eq!(places.len(), 3, "every place is used by some seat");
        assert!(lines(&[], 1).is_empty());
    }

    #[test]
    fn no_line_stands_out_and_each_is_told_from_each_by_most_of_its_words() {
        for seat in 0..200 {
            let words = table_words(&[u8::try_from(seat % 7).unwrap(); 32]);
            let lines = lines(&words, seat);
            let mut shared_by_any = std::collections::BTreeSet::new();
            for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                let is_shared = |n: &usize| lines[a][*n] == lines[b][*n];
                let shared: Vec<usize> = (0..WORDS).filter(is_shared).collect();
                assert_eq!(shared.len(), WORDS / 3, "seat {seat}");
                shared_by_any.extend(shared);
            }
            assert_eq!(shared_by_any.len(), WORDS, "each place has one word twice");
        }
    }

    #[test]
    fn lines_stay_the_same_on_every_reading_and_differ_between_seats() {
        let words = table_words(&[3; 32]);
        assert_eq!(lines(&words, 1), lines(&words, 1));
        let all: std::collections::BTreeSet<_> = (0..20).map(|seat| lines(&words, seat)).collect();
        assert_eq!(all.len(), 20);
    }

    #[test]
    fn another_request_has_other_words() {
        assert_ne!(request_words(&[1; 32]), request_words(&[2; 32]));
        assert_eq!(request_words(&[1; 32]).len(), WORDS);
        assert_ne!(request_words(&[1; 32]), table_words(&[1; 32]));
    }

    #[test]
    fn another_key_has_other_words() {
        assert_ne!(table_words(&[1; 32]), table_words(&[2; 32]));
    }
}
