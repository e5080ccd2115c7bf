//! The pads of one pair in one lane, for ballots and for statements.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use round::Fe;
use round::steps::Pair;

fn pads(c: &mut Criterion) {
    let pair = Pair::new(&[1; 32], &[2; 32]);
    c.bench_function("pads/pair_key", |bench| {
        bench.iter(|| Pair::new(&[1; 32], &[2; 32]));
    });
    let mut group = c.benchmark_group("pads/sums");
    for members in [12usize, 50, 100] {
        let mut sums = vec![Fe::ZERO; members];
        group.throughput(Throughput::Elements(members as u64));
        group.bench_function(BenchmarkId::from_parameter(members), |bench| {
            bench.iter(|| pair.pad_sums(3, &mut sums));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("pads/vector");
    for (members, slot_bytes) in [(12usize, 64usize), (50, 64), (50, 4096), (100, 4096)] {
        let mut lane = vec![0; members * slot_bytes];
        group.throughput(Throughput::Bytes(lane.len() as u64));
        let size = format!("{members}x{slot_bytes}");
        group.bench_function(BenchmarkId::from_parameter(size), |bench| {
            bench.iter(|| pair.pad_vector(&[4; 32], 3, &mut lane));
        });
    }
    group.finish();
}

criterion_group!(benches, pads);
criterion_main!(benches);
