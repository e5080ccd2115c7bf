//! k-means over weighted bins: the best of ten seeded starts (Arthur, Vassilvitskii 2007).

use rayon::prelude::*;

use super::chance::Chance;
use super::layout::{Bin, Point};

const STARTS: u64 = 10;
/// Lloyd's steps settle long before.
const STEPS: usize = 100;
/// A step that gains less than this part of the sum of squares is the last.
const GAIN: f64 = 1e-5;

/// A group's middle.
pub type Center = [f64; 2];

/// The best middles of `k` groups; fewer where there are fewer bins.
pub fn centers(bins: &[Bin], k: usize, seed: u64) -> Vec<Center> {
    let starts: Vec<(f64, Vec<Center>)> = (0..STARTS)
        .into_par_iter()
        .map(|start| {
            let mut chance = Chance::from_seed(seed.wrapping_add(start));
            settle(bins, plus_plus(bins, k, &mut chance))
        })
        .collect();
    let best = starts.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, centers)| centers).unwrap_or_default()
}

/// The nearest middle, of equals the first.
pub fn nearest(centers: &[Center], point: Point) -> usize {
    closest(centers, point.map(f64::from)).0
}

fn closest(centers: &[Center], at: [f64; 2]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (place, center) in centers.iter().enumerate() {
        let far = square(*center, at);
        if far < best.1 {
            best = (place, far);
        }
    }
    best
}

fn square(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    x * x + y * y
}

fn plus_plus(bins: &[Bin], k: usize, chance: &mut Chance) -> Vec<Center> {
    let mut centers: Vec<Center> = Vec::new();
    let mut far: Vec<f64> = bins.iter().map(|bin| bin.people).collect();
    while centers.len() < k {
        let total: f64 = far.iter().sum();
        if total <= 0.0 {
            break;
        }
        let mut left = chance.unit() * total;
        let drawn = far.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        // Rounding may leave a crumb beyond the last bin that can be drawn.
        let drawn = drawn.or_else(|| far.iter().rposition(|weight| *weight > 0.0));
        let Some(bin) = drawn.and_then(|at| bins.get(at)) else {
            break;
        };
        let is_first = centers.is_empty();
        centers.push(bin.at);
        for (far, other) in far.iter_mut().zip(bins) {
            let new = square(bin.at, other.at) * other.people;
            *far = if is_first { new } else { far.min(new) };
        }
    }
    centers
}

/// Lloyd's steps until little moves: the sum of squares, and the middles.
fn settle(bins: &[Bin], mut centers: Vec<Center>) -> (f64, Vec<Center>) {
    let mut before = f64::INFINITY;
    for _ in 0..STEPS {
        let mut sums = vec![(0.0, 0.0, 0.0); centers.len()];
        let mut inertia = 0.0;
        for bin in bins {
            let (place, far) = closest(&centers, bin.at);
            inertia += far * bin.people;
            if let Some((x, y, people)) = sums.get_mut(place) {
                *x += bin.at[0] * bin.people;
                *y += bin.at[1] * bin.people;
                *people += bin.people;
            }
        }
        let is_settled = inertia >= before * (1.0 - GAIN);
        before = before.min(inertia);
        if is_settled {
            break;
        }
        for (center, (x, y, people)) in centers.iter_mut().zip(sums) {
            if people > 0.0 {
                *center = [x / people, y / people];
            }
        }
    }
    (before, centers)
}
