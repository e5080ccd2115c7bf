#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::room_logs::member_posts(bytes));
