//! Where people stand, in whole numbers: sums over them are exact, so no order of rows shows.

use rayon::prelude::*;

use super::pca::Pca;
use super::votes::Votes;

/// Who voted on fewer statements stands nowhere (Polis asks for as many).
const VOTES_TO_BE_PLACED: usize = 7;
/// The longest coordinate.
const REACH: f64 = 1_048_576.0;
/// Bins along each axis: at most 16,384 of them.
const BINS: i64 = 128;

/// A place: the longest coordinate of anybody is 2^20.
pub type Point = [i32; 2];

/// Everybody who voted on enough statements.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Places among the people of the votes.
    pub people: Vec<usize>,
    /// Where each of them stands.
    pub points: Vec<Point>,
}

/// People who stand close together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Their mean place.
    pub at: [f64; 2],
    /// How many they are.
    pub people: f64,
}

impl Layout {
    /// Places everybody along the components.
    pub fn of(votes: &Votes, pca: &Pca) -> Layout {
        let enough = VOTES_TO_BE_PLACED.min(votes.statements()).max(1);
        let places = pca.project(votes);
        let people: Vec<usize> = (0..votes.people())
            .filter(|person| votes.of(*person).len() >= enough)
            .collect();
        let of = |person: &usize| places.get(*person).copied().unwrap_or([0.0; 2]);
        let longest = people
            .iter()
            .flat_map(of)
            .fold(0.0_f64, |longest, x| longest.max(x.abs()));
        let scale = match longest > 0.0 {
            true => REACH / longest,
            false => 0.0,
        };
        #[allow(clippy::cast_possible_truncation)]
        let points = people
            .par_iter()
            .map(|person| of(person).map(|x| (x * scale).round() as i32))
            .collect();
        Layout { people, points }
    }

    /// At most 16,384 bins with their exact means.
    pub fn bins(&self) -> Vec<Bin> {
        let ([left, bottom], [right, top]) = self.corners();
        let cell = |x: i32, low: i32, high: i32| {
            let (x, low, high) = (i64::from(x), i64::from(low), i64::from(high));
            (x - low) * BINS / (high - low + 1)
        };
        let mut sums = vec![(0_i64, 0_i64, 0_u32); (BINS * BINS) as usize];
        for point in &self.points {
            let at = cell(point[0], left, right) * BINS + cell(point[1], bottom, top);
            if let Some(sum) = usize::try_from(at).ok().and_then(|at| sums.get_mut(at)) {
                sum.0 += i64::from(point[0]);
                sum.1 += i64::from(point[1]);
                sum.2 += 1;
            }
        }
        let full = sums.into_iter().filter(|sum| sum.2 > 0);
        #[allow(clippy::cast_precision_loss)]
        full.map(|(x, y, people)| {
            let people = f64::from(people);
            Bin {
                at: [x as f64 / people, y as f64 / people],
                people,
            }
        })
        .collect()
    }

    /// The lowest and the highest corner of all points.
    pub fn corners(&self) -> (Point, Point) {
        let fold = |pick: fn(i32, i32) -> i32| {
            let all = self.points.iter().copied();
            all.reduce(|a, b| [pick(a[0], b[0]), pick(a[1], b[1])])
                .unwrap_or([0, 0])
        };
        (fold(i32::min), fold(i32::max))
    }
}
