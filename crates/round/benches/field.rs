//! The field: what a sum, a product and an inverse cost.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use round::Fe;

fn field(c: &mut Criterion) {
    let (a, b) = (
        Fe::reduce(0x0123_4567_89AB_CDEF),
        Fe::reduce(0x0FED_CBA9_8765_4321),
    );
    c.bench_function("field/add", |bench| {
        bench.iter(|| black_box(a) + black_box(b));
    });
    c.bench_function("field/multiply", |bench| {
        bench.iter(|| black_box(a) * black_box(b));
    });
    c.bench_function("field/invert", |bench| {
        bench.iter(|| black_box(a).invert());
    });
}

criterion_group!(benches, field);
criterion_main!(benches);
