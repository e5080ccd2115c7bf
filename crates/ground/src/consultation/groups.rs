//! Found groups, or "no clear groups": more than one only where they hold together better than
//! shuffled votes do, come back when people are drawn anew, and none is small.

use rayon::prelude::*;

use super::agreement::{adjusted_rand, silhouettes, sizes};
use super::chance::{Chance, chosen, seed_of};
use super::kmeans::{Center, centers, nearest};
use super::layout::{Layout, Point};
use super::pca::Pca;
use super::spectrum::Care;
use super::votes::Votes;

/// Numbers of groups that are tried.
const TRIED: std::ops::RangeInclusive<usize> = 2..=5;
/// Silhouettes, shuffles and bootstraps are of at most so many people.
const SAMPLE: usize = 2_000;
/// The second largest of 39 is the 95th percentile.
const SHUFFLES: u64 = 39;
const BOOTSTRAPS: u64 = 20;
/// How much better than shuffled votes.
const MARGIN: f64 = 0.05;
/// Mean adjusted Rand index of bootstraps with what was found.
const STABLE: f64 = 0.7;
/// Every group has so many people, and a twentieth of all.
const SMALLEST: usize = 5;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// How many; one means "no clear groups".
    pub k: usize,
    /// People in each, largest first.
    pub sizes: Vec<usize>,
    /// Of the grouping that holds together best, found clear or not; 0 where none could be tried.
    pub silhouette: f64,
    /// The 95th percentile of the best silhouettes of votes shuffled within statements.
    pub silhouette_of_shuffled: f64,
    /// Mean adjusted Rand index of bootstraps; none where it did not come to that.
    pub stability: Option<f64>,
    /// Each person's group; none for who voted on too few statements. All none for one group.
    pub of: Vec<Option<usize>>,
}

/// People placed and grouped in every way that is tried.
pub struct Mapped {
    seed: u64,
    /// The components.
    pub pca: Pca,
    /// Where people stand.
    pub layout: Layout,
    tried: Vec<Grouping>,
    sample: Vec<usize>,
}

/// One number of groups.
struct Grouping {
    centers: Vec<Center>,
    silhouette: f64,
}

impl Mapped {
    /// Pair statistics, components, places, and k-means for every number of groups.
    pub fn of(votes: &Votes) -> Mapped {
        let seed = seed_of(votes);
        let pca = Pca::of(votes, seed);
        let layout = Layout::of(votes, &pca);
        let sample = chosen(votes, &layout.people, SAMPLE);
        let points = points_of(&layout, &sample);
        let tried = group(&layout, &points, seed);
        Mapped {
            seed,
            pca,
            layout,
            tried,
            sample,
        }
    }

    /// Decides how many groups there are, against shuffles and bootstraps.
    pub fn groups(&self, votes: &Votes) -> Groups {
        let sample = votes.select(&self.sample);
        let best = self
            .tried
            .iter()
            .map(|tried| tried.silhouette)
            .fold(0.0, f64::max);
        let shuffled = self.silhouette_of_shuffled(&sample);
        let mut candidates: Vec<&Grouping> = self
            .tried
            .iter()
            .filter(|tried| tried.silhouette - shuffled >= MARGIN && self.are_large(tried))
            .collect();
        candidates.sort_by(|a, b| b.silhouette.total_cmp(&a.silhouette));
        let mut stability = None;
        for grouping in candidates {
            let stable = self.stability(&sample, grouping);
            stability = stability.or(Some(stable));
            if stable >= STABLE {
                return Groups {
                    silhouette: grouping.silhouette,
                    silhouette_of_shuffled: shuffled,
                    stability: Some(stable),
                    ..self.divided(votes.people(), grouping)
                };
            }
        }
        Groups {
            k: 1,
            sizes: vec![self.layout.people.len()],
            silhouette: best,
            silhouette_of_shuffled: shuffled,
            stability,
            of: vec![None; votes.people()],
        }
    }

    fn labels(&self, grouping: &Grouping) -> Vec<usize> {
        let points = self.layout.points.par_iter();
        points
            .map(|point| nearest(&grouping.centers, *point))
            .collect()
    }

    fn are_large(&self, grouping: &Grouping) -> bool {
        let smallest = SMALLEST.max(self.layout.people.len().div_ceil(20));
        let sizes = sizes(&self.labels(grouping));
        sizes.len() == grouping.centers.len() && sizes.iter().all(|size| *size as usize >= smallest)
    }

    /// Groups in an order of their own: the largest first, then by place.
    fn divided(&self, people: usize, grouping: &Grouping) -> Groups {
        let labels = self.labels(grouping);
        let sizes = sizes(&labels);
        let mut order: Vec<(usize, u32, &Center)> = sizes
            .iter()
            .zip(&grouping.centers)
            .enumerate()
            .map(|(label, (size, center))| (label, *size, center))
            .collect();
        order.sort_by(|a, b| {
            let by_place = || a.2[0].total_cmp(&b.2[0]).then(a.2[1].total_cmp(&b.2[1]));
            b.1.cmp(&a.1).then_with(by_place)
        });
        let mut renamed = vec![0; order.len()];
        for (new, (old, _, _)) in order.iter().enumerate() {
            if let Some(name) = renamed.get_mut(*old) {
                *name = new;
            }
        }
        let mut of = vec![None; people];
        for (person, label) in self.layout.people.iter().zip(labels) {
            if let Some(group) = of.get_mut(*person) {
                *group = renamed.get(label).copied();
            }
        }
        Groups {
            k: order.len(),
            sizes: order.iter().map(|(_, size, _)| *size as usize).collect(),
            silhouette: grouping.silhouette,
            silhouette_of_shuffled: 0.0,
            stability: None,
            of,
        }
    }

    fn silhouette_of_shuffled(&self, sample: &Votes) -> f64 {
        let columns = Columns::of(sample);
        let mut best: Vec<f64> = (0..SHUFFLES)
            .into_par_iter()
            .map(|number| {
                let seed = self.seed ^ number.wrapping_mul(0xa076_1d64_78bd_642f);
                let shuffled = columns.shuffled(sample, &mut Chance::from_seed(seed));
                best_silhouette(&shuffled, seed)
            })
            .collect();
        best.sort_by(f64::total_cmp);
        best.iter().rev().nth(1).copied().unwrap_or(0.0)
    }

    /// Mean adjusted Rand index, over everybody in the sample, of what people drawn anew give.
    fn stability(&self, sample: &Votes, grouping: &Grouping) -> f64 {
        let found = points_of(&self.layout, &self.sample);
        let found: Vec<usize> = found
            .iter()
            .map(|point| nearest(&grouping.centers, *point))
            .collect();
        let agreements: Vec<f64> = (0..BOOTSTRAPS)
            .into_par_iter()
            .map(|number| {
                let seed = self.seed ^ number.wrapping_mul(0xe703_7ed1_a0b4_28db) ^ 1;
                let mut chance = Chance::from_seed(seed);
                let people = sample.people();
                let drawn: Vec<usize> = (0..people).map(|_| chance.below(people)).collect();
                let again = sample.select(&drawn);
                // Both are placed along the components of those drawn.
                let pca = Pca::with_care(&again, seed, Care::Rough);
                let both: Vec<usize> = drawn.iter().copied().chain(0..people).collect();
                let layout = Layout::of(&sample.select(&both), &pca);
                let (of_drawn, of_all) = layout.points.split_at(people.min(layout.points.len()));
                let drawn_only = Layout {
                    people: (0..of_drawn.len()).collect(),
                    points: of_drawn.to_vec(),
                };
                let centers = centers(&drawn_only.bins(), grouping.centers.len(), seed);
                let labels: Vec<usize> = of_all
                    .iter()
                    .map(|point| nearest(&centers, *point))
                    .collect();
                adjusted_rand(&found, &labels)
            })
            .collect();
        #[allow(clippy::cast_precision_loss)]
        let count = agreements.len().max(1) as f64;
        agreements.iter().sum::<f64>() / count
    }
}

/// Where these people stand, who all are placed.
fn points_of(layout: &Layout, people: &[usize]) -> Vec<Point> {
    people
        .iter()
        .filter_map(|person| {
            let at = layout.people.binary_search(person).ok()?;
            layout.points.get(at).copied()
        })
        .collect()
}

fn group(layout: &Layout, sample: &[Point], seed: u64) -> Vec<Grouping> {
    let bins = layout.bins();
    let all: Vec<Vec<Center>> = TRIED
        .into_par_iter()
        .map(|k| centers(&bins, k, seed.wrapping_add(k as u64)))
        .collect();
    let labelings: Vec<Vec<usize>> = all
        .iter()
        .map(|centers| {
            sample
                .iter()
                .map(|point| nearest(centers, *point))
                .collect()
        })
        .collect();
    let silhouettes = silhouettes(sample, &labelings);
    all.into_iter()
        .zip(silhouettes)
        .map(|(centers, silhouette)| Grouping {
            centers,
            silhouette,
        })
        .collect()
}

fn best_silhouette(votes: &Votes, seed: u64) -> f64 {
    let layout = Layout::of(votes, &Pca::with_care(votes, seed, Care::Rough));
    let tried = group(&layout, &layout.points, seed);
    tried
        .iter()
        .map(|grouping| grouping.silhouette)
        .fold(0.0, f64::max)
}

/// Where among all votes those on each statement stand.
struct Columns(Vec<Vec<usize>>);

impl Columns {
    fn of(votes: &Votes) -> Columns {
        let mut columns = vec![Vec::new(); votes.statements()];
        for (at, cast) in votes.all().iter().enumerate() {
            if let Some(column) = columns.get_mut(cast.place()) {
                column.push(at);
            }
        }
        Columns(columns)
    }

    /// Who voted on what stays; which vote is whose does not.
    fn shuffled(&self, votes: &Votes, chance: &mut Chance) -> Votes {
        let mut codes: Vec<u32> = votes.all().iter().map(|cast| cast.code()).collect();
        for column in &self.0 {
            for last in (1..column.len()).rev() {
                let other = chance.below(last + 1);
                if let (Some(a), Some(b)) = (column.get(last), column.get(other)) {
                    codes.swap(*a, *b);
                }
            }
        }
        votes.answered_anew(&codes)
    }
}
