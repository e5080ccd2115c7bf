//! The models in sizes that are tried to the end; each rule taken out gives a counterexample.

mod forks;
