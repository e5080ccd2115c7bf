//! Numbers for names, in the order in which they come. Plain numbers take no search.

use std::collections::BTreeMap;

/// Plain numbers below this are looked up in a table.
const TABLE: usize = 1 << 24;

/// Names seen so far.
#[derive(Debug, Default)]
pub struct Names {
    numbers: Vec<u32>,
    others: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    /// The number of a name, a new one where it is new. None beyond 2^30 names.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        if let Some(plain) = plain(name) {
            if plain >= self.numbers.len() {
                self.numbers.resize(plain + 1, u32::MAX);
            }
            let known = self.numbers.get_mut(plain)?;
            if *known == u32::MAX {
                *known = next(&self.names)?;
                self.names.push(name.to_owned());
            }
            return Some(*known);
        }
        if let Some(known) = self.others.get(name) {
            return Some(*known);
        }
        let new = next(&self.names)?;
        self.others.insert(name.to_owned(), new);
        self.names.push(name.to_owned());
        Some(new)
    }

    /// All names, by number.
    pub fn into_names(self) -> Vec<String> {
        self.names
    }
}

fn next(names: &[String]) -> Option<u32> {
    u32::try_from(names.len()).ok().filter(|n| *n < 1 << 30)
}

/// A number that is written in one way only.
fn plain(name: &str) -> Option<usize> {
    let is_plain = name.bytes().all(|b| b.is_ascii_digit())
        && name.len() <= 8
        && (name == "0" || !name.starts_with('0'));
    name.parse().ok().filter(|n| is_plain && *n < TABLE)
}
