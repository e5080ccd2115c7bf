//! What a coalition sees, as one number, and how often it sees it over all secrets.

/// Symbols of a view are below this.
const BASE: u64 = 8;

/// Everything that one coalition sees in one run. Equal numbers are equal views: the base is always
/// the same, and the 1 in front keeps views of different lengths apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct View(u128);

impl View {
    pub(super) const NOTHING: Self = Self(1);

    pub(super) fn see(&mut self, symbol: u64) {
        assert!(symbol < BASE, "{symbol} is no symbol of a view");
        let longer = self
            .0
            .checked_mul(BASE.into())
            .expect("a view has up to 42 symbols");
        self.0 = longer + u128::from(symbol);
    }

    pub(super) fn see_all(&mut self, symbols: impl IntoIterator<Item = u64>) {
        symbols.into_iter().for_each(|symbol| self.see(symbol));
    }
}

/// A multiset: each view with the number of secrets that lead to it, ascending.
#[derive(PartialEq, Eq)]
pub(super) struct Views<V = View>(Vec<(V, u64)>);

impl<V: Ord> Views<V> {
    pub(super) fn count(seen: impl IntoIterator<Item = (V, u64)>) -> Self {
        let mut seen: Vec<(V, u64)> = seen.into_iter().collect();
        seen.sort_unstable();
        seen.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self(seen)
    }
}

impl Views {
    /// Two runs whose secrets are independent: every view of the one goes with every view of the other.
    pub(super) fn with<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = ((View, View), u64)> + 'a {
        self.0.iter().flat_map(move |(one, times)| {
            let both = move |(two, more): &(View, u64)| ((*one, *two), times * more);
            other.0.iter().map(both)
        })
    }
}

#[test]
fn views_of_different_lengths_differ_and_equal_ones_are_counted() {
    let view = |symbols: &[u64]| {
        let mut view = View::NOTHING;
        view.see_all(symbols.iter().copied());
        view
    };
    assert!(view(&[0]) != view(&[0, 0]) && view(&[]) != view(&[0]));
    let counted = Views::count([(view(&[3]), 1), (view(&[1]), 1), (view(&[3]), 1)]);
    assert!(counted.0 == [(view(&[1]), 1), (view(&[3]), 2)]);
}
