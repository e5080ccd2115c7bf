#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::collections::collection_state(bytes));
