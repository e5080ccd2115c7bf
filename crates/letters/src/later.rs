//! For attacks alone: a build whose tables are of a later version of Unicode. Nodes of one simulator are
//! builds of their own, one after the other in a thread.

use std::cell::Cell;

thread_local! {
    static LATER: Cell<bool> = const { Cell::new(false) };
}

/// A letter that version 16.0 has assigned, and ours has not.
pub const LETTER: char = '\u{105C9}';

/// Does something as a build with these tables, or with ours.
pub fn with<T>(later: bool, done: impl FnOnce() -> T) -> T {
    let before = LATER.replace(later);
    let done = done();
    LATER.set(before);
    done
}

pub(crate) fn is_assigned(c: char) -> bool {
    c == LETTER && LATER.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_with_later_tables_has_one_letter_more() {
        assert!(!crate::is_assigned(LETTER));
        assert!(with(true, || crate::is_assigned(LETTER)));
        assert!(!with(true, || with(false, || crate::is_assigned(LETTER))));
    }
}
