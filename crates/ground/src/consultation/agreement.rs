//! How well groups hold together, and how well two groupings agree.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::layout::Point;

/// Mean silhouette (Rousseeuw 1987) of each of several labelings of the same points, -1 to 1.
/// A group of one counts as 0.
pub fn silhouettes(points: &[Point], labelings: &[Vec<usize>]) -> Vec<f64> {
    let sizes: Vec<Vec<u32>> = labelings.iter().map(|labels| sizes(labels)).collect();
    let crowds = Crowds::of(points, labelings);
    let each: Vec<Vec<f64>> = (0..points.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|at| {
            let here = points.get(at).copied().unwrap_or([0, 0]).map(f64::from);
            let far = crowds.distances(here, &sizes);
            let pairs = far.iter().zip(&sizes).zip(labelings);
            pairs
                .map(|((far, sizes), labels)| {
                    of_point(far, sizes, labels.get(at).copied().unwrap_or(usize::MAX))
                })
                .collect()
        })
        .collect();
    #[allow(clippy::cast_precision_loss)]
    let count = points.len().max(1) as f64;
    (0..labelings.len())
        .map(|labeling| {
            let values = each.iter().filter_map(|values| values.get(labeling));
            values.sum::<f64>() / count
        })
        .collect()
}

/// Points that every labeling puts together, one crowd after another: so each distance is taken and
/// summed once for all labelings.
struct Crowds {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Where each crowd ends, with its label in each labeling.
    ends: Vec<(usize, Vec<usize>)>,
}

impl Crowds {
    fn of(points: &[Point], labelings: &[Vec<usize>]) -> Crowds {
        let labels = |at: usize| -> Vec<usize> {
            let each = labelings.iter().filter_map(|labels| labels.get(at));
            each.copied().collect()
        };
        let mut together: BTreeMap<Vec<usize>, Vec<Point>> = BTreeMap::new();
        for (at, point) in points.iter().enumerate() {
            together.entry(labels(at)).or_default().push(*point);
        }
        let mut end = 0;
        let ends = together.iter().map(|(labels, points)| {
            end += points.len();
            (end, labels.clone())
        });
        let ends = ends.collect();
        let axis = |axis: fn(&Point) -> i32| -> Vec<f64> {
            let all = together.values().flatten();
            all.map(|point| f64::from(axis(point))).collect()
        };
        Crowds {
            x: axis(|point| point[0]),
            y: axis(|point| point[1]),
            ends,
        }
    }

    /// The sum of distances to each group of each labeling; `sizes` has as many entries.
    fn distances(&self, here: [f64; 2], sizes: &[Vec<u32>]) -> Vec<Vec<f64>> {
        let mut far: Vec<Vec<f64>> = sizes.iter().map(|sizes| vec![0.0; sizes.len()]).collect();
        let mut begin = 0;
        for (end, labels) in &self.ends {
            let x = self.x.get(begin..*end).unwrap_or(&[]);
            let y = self.y.get(begin..*end).unwrap_or(&[]);
            let sum = sum_of_distances(here, x, y);
            for (far, label) in far.iter_mut().zip(labels) {
                if let Some(far) = far.get_mut(*label) {
                    *far += sum;
                }
            }
            begin = *end;
        }
        far
    }
}

/// Every sum in this order, whatever the number of threads.
fn sum_of_distances(here: [f64; 2], x: &[f64], y: &[f64]) -> f64 {
    let distance = |x: f64, y: f64| {
        let (x, y) = (here[0] - x, here[1] - y);
        (x * x + y * y).sqrt()
    };
    let mut lanes = [0.0_f64; 4];
    let (fours_x, fours_y) = (x.chunks_exact(4), y.chunks_exact(4));
    let rest = fours_x.remainder().iter().zip(fours_y.remainder());
    let rest: f64 = rest.map(|(x, y)| distance(*x, *y)).sum();
    for (x, y) in fours_x.zip(fours_y) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += distance(*x, *y);
        }
    }
    lanes.iter().sum::<f64>() + rest
}

fn of_point(far: &[f64], sizes: &[u32], own: usize) -> f64 {
    let size = sizes.get(own).copied().unwrap_or(0);
    if size < 2 {
        return 0.0;
    }
    let inside = far.get(own).copied().unwrap_or(0.0) / f64::from(size - 1);
    let outside = far
        .iter()
        .zip(sizes)
        .enumerate()
        .filter(|(label, (_, size))| *label != own && **size > 0)
        .map(|(_, (far, size))| far / f64::from(*size))
        .fold(f64::INFINITY, f64::min);
    let larger = inside.max(outside);
    if larger > 0.0 && outside.is_finite() {
        (outside - inside) / larger
    } else {
        0.0
    }
}

/// How many have each label.
pub fn sizes(labels: &[usize]) -> Vec<u32> {
    let mut sizes = vec![0; labels.iter().max().map_or(0, |most| most + 1)];
    for label in labels {
        if let Some(size) = sizes.get_mut(*label) {
            *size += 1;
        }
    }
    sizes
}

/// Adjusted Rand index of two groupings (Hubert, Arabie 1985): 1 for the same, about 0 for chance.
pub fn adjusted_rand(a: &[usize], b: &[usize]) -> f64 {
    let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for pair in a.iter().copied().zip(b.iter().copied()) {
        *cells.entry(pair).or_default() += 1;
    }
    #[allow(clippy::cast_precision_loss)]
    let pairs = |n: u64| n as f64 * (n as f64 - 1.0) / 2.0;
    let of_sizes = |labels: &[usize]| -> f64 {
        let sizes = sizes(labels);
        sizes.iter().map(|size| pairs(u64::from(*size))).sum()
    };
    let together: f64 = cells.values().map(|count| pairs(*count)).sum();
    let (left, right, all) = (of_sizes(a), of_sizes(b), pairs(a.len() as u64));
    let expected = left * right / all.max(1.0);
    let most = (left + right) / 2.0;
    if (most - expected).abs() < f64::EPSILON * most.max(1.0) {
        // Both are one group, or all single: the same.
        return 1.0;
    }
    (together - expected) / (most - expected)
}

#[cfg(test)]
mod tests {
    use super::super::chance::Chance;
    use super::*;

    /// By the definition, one labeling and one point at a time.
    fn by_definition(points: &[Point], labels: &[usize]) -> f64 {
        let far = |a: &Point, b: &Point| f64::from(a[0] - b[0]).hypot(f64::from(a[1] - b[1]));
        let mean = |at: usize, label: usize| {
            let others = (0..points.len()).filter(|other| *other != at && labels[*other] == label);
            let all: Vec<f64> = others
                .map(|other| far(&points[at], &points[other]))
                .collect();
            (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
        };
        let groups = labels.iter().max().map_or(0, |most| most + 1);
        let of_point = |at: usize| {
            let others = (0..groups).filter(|label| *label != labels[at]);
            let outside = others.filter_map(|label| mean(at, label)).reduce(f64::min);
            match (mean(at, labels[at]), outside) {
                (Some(inside), Some(outside)) => (outside - inside) / inside.max(outside),
                _ => 0.0,
            }
        };
        (0..points.len()).map(of_point).sum::<f64>() / points.len() as f64
    }

    #[test]
    fn silhouettes_of_several_labelings_are_those_of_each_by_definition() {
        let mut chance = Chance::from_seed(7);
        for people in [1, 2, 3, 50, 203] {
            let mut place = || i32::try_from(chance.below(2_000_000)).unwrap() - 1_000_000;
            let points: Vec<Point> = (0..people).map(|_| [place(), place()]).collect();
            let labelings: Vec<Vec<usize>> = [1, 2, 3, 5]
                .iter()
                .map(|groups| (0..people).map(|_| chance.below(*groups)).collect())
                .collect();
            let all = silhouettes(&points, &labelings);
            for (labels, silhouette) in labelings.iter().zip(all) {
                let expected = by_definition(&points, labels);
                assert!(
                    (silhouette - expected).abs() < 1e-9,
                    "{people}: {silhouette}, {expected}"
                );
            }
        }
    }
}
