//! The two leading eigenvectors of a covariance: block Krylov iteration with thick restarts and
//! Rayleigh-Ritz (Saad, "Numerical Methods for Large Eigenvalue Problems", 2011, chapters 5 to 7).

use super::chance::Chance;

/// Vectors that are multiplied at once.
pub const BLOCK: usize = 4;
/// The basis is cut back when it has grown to this.
const BASIS: usize = 32;
/// How much of it is kept.
const KEPT: usize = 8;
/// How far the iteration goes: a vector is done at this residual, relative to the largest eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// 1e-10: what is reported.
    Exact,
    /// 1e-3: for shuffles and bootstraps, of which only the groups are looked at.
    Rough,
}

impl Care {
    fn tolerance(self) -> f64 {
        match self {
            Care::Exact => 1e-10,
            Care::Rough => 1e-3,
        }
    }
}

/// A flat spectrum has no leading vectors: this many restarts, and then what there is.
const RESTARTS: usize = 60;

/// A symmetric matrix, as far as it can be multiplied with.
pub trait Symmetric: Sync {
    /// Rows.
    fn size(&self) -> usize;
    /// The product with some vectors, at most `BLOCK` of them.
    fn times(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>>;
}

/// An eigenvalue with its vector of length one.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The eigenvalue.
    pub value: f64,
    /// The vector; its largest entry is positive.
    pub vector: Vec<f64>,
}

/// The `BASIS` so far, and its product with the matrix.
#[derive(Default)]
struct Basis {
    vectors: Vec<Vec<f64>>,
    products: Vec<Vec<f64>>,
}

/// The two leading axes, fewer where the matrix has no more. Starts from `seed`.
pub fn leading(matrix: &impl Symmetric, seed: u64, care: Care) -> Vec<Axis> {
    let mut chance = Chance::from_seed(seed);
    let mut basis = Basis::default();
    let size = matrix.size();
    let start: Vec<Vec<f64>> = (0..BLOCK.min(size))
        .map(|_| (0..size).map(|_| chance.unit() - 0.5).collect())
        .collect();
    let mut axes = Vec::new();
    let mut next = basis.orthogonal(start);
    for _ in 0..RESTARTS {
        while !next.is_empty() && basis.vectors.len() < BASIS {
            let products = matrix.times(&next);
            basis.vectors.append(&mut next);
            basis.products.extend(products.iter().cloned());
            next = basis.orthogonal(products);
        }
        let ritz = basis.ritz();
        axes = basis.axes(&ritz, 2);
        let residuals = basis.residuals(&ritz, BLOCK);
        let scale = ritz.first().map_or(0.0, |(value, _)| value.abs());
        let is_done = residuals
            .iter()
            .take(2)
            .all(|residual| norm(residual) <= care.tolerance() * scale);
        if is_done || next.is_empty() {
            break;
        }
        basis = basis.cut(&ritz);
        next = basis.orthogonal(residuals);
    }
    axes.retain(|axis| axis.value > 0.0);
    axes.iter_mut().for_each(Axis::orient);
    axes
}

impl Axis {
    /// Of the two directions the one in which the largest entry is positive: runs agree.
    fn orient(&mut self) {
        let largest =
            self.vector.iter().fold(
                0.0_f64,
                |best, x| if x.abs() > best.abs() { *x } else { best },
            );
        if largest < 0.0 {
            self.vector.iter_mut().for_each(|x| *x = -*x);
        }
    }
}

impl Basis {
    /// What of `vectors` is new, of length one.
    fn orthogonal(&self, vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let mut new: Vec<Vec<f64>> = Vec::new();
        for mut vector in vectors {
            let before = norm(&vector);
            // Twice is enough (Giraud et al. 2005).
            for _ in 0..2 {
                for other in self.vectors.iter().chain(&new) {
                    let along = dot(&vector, other);
                    add(&mut vector, -along, other);
                }
            }
            let length = norm(&vector);
            if length > 1e-12 * before && length > f64::MIN_POSITIVE {
                vector.iter_mut().for_each(|x| *x /= length);
                new.push(vector);
            }
        }
        new
    }

    /// Eigenpairs of the matrix as the basis sees it, largest first.
    fn ritz(&self) -> Vec<(f64, Vec<f64>)> {
        let rows = self.vectors.iter().map(|vector| {
            let row = self.products.iter().map(|product| dot(vector, product));
            row.collect()
        });
        eigen(rows.collect())
    }

    fn axes(&self, ritz: &[(f64, Vec<f64>)], count: usize) -> Vec<Axis> {
        let leading = ritz.iter().take(count);
        leading
            .map(|(value, weights)| Axis {
                value: *value,
                vector: combine(&self.vectors, weights),
            })
            .collect()
    }

    fn residuals(&self, ritz: &[(f64, Vec<f64>)], count: usize) -> Vec<Vec<f64>> {
        let leading = ritz.iter().take(count);
        leading
            .map(|(value, weights)| {
                let mut residual = combine(&self.products, weights);
                add(&mut residual, -value, &combine(&self.vectors, weights));
                residual
            })
            .collect()
    }

    fn cut(&self, ritz: &[(f64, Vec<f64>)]) -> Basis {
        let all = |vectors: &[Vec<f64>]| {
            let kept = ritz.iter().take(KEPT);
            kept.map(|(_, weights)| combine(vectors, weights)).collect()
        };
        Basis {
            vectors: all(&self.vectors),
            products: all(&self.products),
        }
    }
}

/// Every sum in this order, whatever the number of threads.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0_f64; 4];
    let (left, right) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = left
        .remainder()
        .iter()
        .zip(right.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in left.zip(right) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

fn norm(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}

fn add(vector: &mut [f64], factor: f64, other: &[f64]) {
    for (x, y) in vector.iter_mut().zip(other) {
        *x += factor * y;
    }
}

fn combine(vectors: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let size = vectors.first().map_or(0, Vec::len);
    let mut sum = vec![0.0; size];
    for (vector, weight) in vectors.iter().zip(weights) {
        add(&mut sum, *weight, vector);
    }
    sum
}

/// Eigenpairs of a small symmetric matrix by Jacobi rotations, largest first.
fn eigen(mut rows: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let size = rows.len();
    // The eigenvectors, one in each row.
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|at| (0..size).map(|x| f64::from(u8::from(x == at))).collect())
        .collect();
    for _ in 0..40 {
        let mut off = 0.0;
        for p in 0..size {
            for q in p + 1..size {
                off += rotate(&mut rows, &mut vectors, p, q);
            }
        }
        let diagonal: f64 = (0..size).map(|at| at_of(&rows, at, at).abs()).sum();
        if off <= 1e-15 * diagonal {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = vectors
        .into_iter()
        .enumerate()
        .map(|(at, vector)| (at_of(&rows, at, at), vector))
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs
}

fn at_of(rows: &[Vec<f64>], row: usize, column: usize) -> f64 {
    rows.get(row)
        .and_then(|row| row.get(column))
        .copied()
        .unwrap_or(0.0)
}

/// Makes the entry at (p, q) zero; gives how large it was.
fn rotate(rows: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) -> f64 {
    let (off, app, aqq) = (at_of(rows, p, q), at_of(rows, p, p), at_of(rows, q, q));
    if off == 0.0 {
        return 0.0;
    }
    let theta = (aqq - app) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = t.hypot(1.0).recip();
    let sine = t * cosine;
    for row in rows.iter_mut() {
        if let (Some(x), Some(y)) = (row.get(p).copied(), row.get(q).copied()) {
            let turned = (cosine * x - sine * y, sine * x + cosine * y);
            row.iter_mut().skip(p).take(1).for_each(|x| *x = turned.0);
            row.iter_mut().skip(q).take(1).for_each(|y| *y = turned.1);
        }
    }
    turn_rows(rows, p, q, cosine, sine);
    turn_rows(vectors, p, q, cosine, sine);
    off.abs()
}

fn turn_rows(rows: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (above, below) = rows.split_at_mut(q);
    if let (Some(first), Some(second)) = (above.get_mut(p), below.first_mut()) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
        }
    }
}
