#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::round_bytes::round_message(bytes));
