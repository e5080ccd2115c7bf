//! How well groups hold together, and how well two groupings agree.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::layout::Point;

/// Mean silhouette (Rousseeuw 1987) of each of several labelings of the same points, -1 to 1.
/// A group of one counts as 0.
pub fn silhouettes(points: &[Point], labelings: &[Vec<usize>]) -> Vec<f64> {
    let sizes: Vec<Vec<u32>> = labelings.iter().map(|labels| sizes(labels)).collect();
    let each: Vec<Vec<f64>> = (0..points.len())
        .into_par_iter()
        .with_min_len(64)
        .map(|at| of_one(points, labelings, &sizes, at))
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

fn of_one(points: &[Point], labelings: &[Vec<usize>], sizes: &[Vec<u32>], at: usize) -> Vec<f64> {
    let here = points.get(at).copied().unwrap_or([0, 0]).map(f64::from);
    let distances: Vec<f64> = points
        .iter()
        .map(|there| {
            let (x, y) = (here[0] - f64::from(there[0]), here[1] - f64::from(there[1]));
            (x * x + y * y).sqrt()
        })
        .collect();
    let pairs = labelings.iter().zip(sizes);
    pairs
        .map(|(labels, sizes)| {
            let mut far = vec![0.0; sizes.len()];
            for (distance, label) in distances.iter().zip(labels) {
                if let Some(sum) = far.get_mut(*label) {
                    *sum += distance;
                }
            }
            of_point(&far, sizes, labels.get(at).copied().unwrap_or(usize::MAX))
        })
        .collect()
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
