//! Six words derived from a room's current key: the same on every honest screen, read aloud.

use bip39::Language;

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
    fn another_key_has_other_words() {
        assert_ne!(table_words(&[1; 32]), table_words(&[2; 32]));
    }
}
