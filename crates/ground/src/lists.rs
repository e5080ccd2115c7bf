//! Three lists and a headline, from verdicts.

use std::cmp::Ordering;

use crate::report::{Category, Finding, Headline, Lists};

/// Which of the three lists, and where in it: smaller stands first.
enum Place {
    Share(u8),
    Differ(u8),
    Talk(u8),
}

fn place(category: Category) -> Place {
    match category {
        Category::CommonGround { .. } => Place::Share(0),
        Category::SharedRejection { .. } => Place::Share(1),
        Category::Opposed { .. } => Place::Differ(0),
        Category::Differ { .. } => Place::Differ(1),
        Category::OneSideShort { .. } => Place::Talk(0),
        Category::MayDiffer { .. } => Place::Talk(1),
        Category::Unsure => Place::Talk(2),
        Category::SplitInside => Place::Talk(3),
        Category::Open | Category::Promising => Place::Talk(4),
        Category::Undecided => Place::Talk(5),
        Category::KeptPrivate => Place::Talk(6),
    }
}

/// Sorts by list, by verdict, by `compare`, then by the statement's name. `order` is one for each.
pub fn sort<T>(findings: &[Finding], order: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Lists {
    let mut sorted: Vec<(usize, &Finding, &T)> = findings
        .iter()
        .zip(order)
        .enumerate()
        .map(|(at, (finding, least))| (at, finding, least))
        .collect();
    sorted.sort_by(|(_, a, least), (_, b, other)| {
        compare(least, other).then_with(|| a.statement.id.cmp(&b.statement.id))
    });
    let (mut share, mut differ, mut talk) = (Vec::new(), Vec::new(), Vec::new());
    for (at, finding, _) in sorted {
        match place(finding.category) {
            Place::Share(rank) => share.push((rank, at)),
            Place::Differ(rank) => differ.push((rank, at)),
            Place::Talk(rank) => talk.push((rank, at)),
        }
    }
    let by_rank = |mut list: Vec<(u8, usize)>| {
        list.sort_by_key(|(rank, _)| *rank);
        list.into_iter().map(|(_, at)| at).collect()
    };
    Lists {
        share: by_rank(share),
        differ: by_rank(differ),
        talk: by_rank(talk),
    }
}

/// How many stand where.
pub fn headline(findings: &[Finding]) -> Headline {
    let mut headline = Headline::default();
    for finding in findings {
        headline.may_differ += usize::from(matches!(finding.category, Category::MayDiffer { .. }));
        match place(finding.category) {
            Place::Share(0) => headline.shared += 1,
            Place::Share(_) => headline.rejected += 1,
            Place::Differ(_) => headline.differ += 1,
            Place::Talk(_) => headline.open += 1,
        }
    }
    headline
}
