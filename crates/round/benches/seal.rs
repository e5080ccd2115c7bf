//! Sealing a payload, writing it to its slot, and opening a lane.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use round::steps::SealedLane;

fn seal(c: &mut Criterion) {
    for slot_bytes in [64u32, 1024, 4096] {
        let lane = SealedLane::new(50, slot_bytes, 5);
        let sealed = lane.seal(7);
        let mut bytes = vec![0; 50 * sealed.len()];
        c.bench_function(&format!("seal/one/{slot_bytes}"), |bench| {
            bench.iter(|| lane.seal(7));
        });
        c.bench_function(&format!("seal/write/50x{slot_bytes}"), |bench| {
            bench.iter(|| lane.write(7, &sealed, &mut bytes));
        });
        let mut group = c.benchmark_group("seal/open");
        group.throughput(Throughput::Elements(50));
        let size = format!("50x{slot_bytes}");
        group.bench_function(BenchmarkId::from_parameter(size), |bench| {
            bench.iter(|| lane.open());
        });
        group.finish();
    }
}

criterion_group!(benches, seal);
criterion_main!(benches);
