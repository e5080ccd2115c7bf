#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::round_runs::round_run(bytes));
