//! Exhaustive perfect anonymity on tiny parameters, with the code's own powers, pads, ranks and slots;
//! the mutants must fail. The seal is symbolic: payload XOR e, where e stands for U and key alike, so
//! that equal (e, payload) give equal bytes, and whoever lacks e finds all bytes equally likely.

mod cancelling;
mod chance;
mod likeness;
mod lone_runs;
mod pairs_of_runs;
mod real_run;
mod run;
mod scene;
mod view;
mod world;
