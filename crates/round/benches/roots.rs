//! From power sums to tags, for small and large runs.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use round::{Fe, solve};

fn roots(c: &mut Criterion) {
    let mut group = c.benchmark_group("roots");
    for members in [10u64, 12, 30, 50, 64, 100] {
        let tags: Vec<Fe> = (1..=members)
            .map(|i| Fe::reduce(i).pow(0x0123_4567_89AB))
            .collect();
        let sum = |k| tags.iter().fold(Fe::ZERO, |sum, tag| sum + tag.pow(k));
        let sums: Vec<Fe> = (1..=members).map(sum).collect();
        let shift = |n| Fe::reduce(u64::from(n) + 0x0FED_CBA9);
        assert!(solve(&sums, shift).is_some());
        group.bench_function(BenchmarkId::from_parameter(members), |bench| {
            bench.iter(|| solve(black_box(&sums), shift));
        });
    }
    group.finish();
}

criterion_group!(benches, roots);
criterion_main!(benches);
