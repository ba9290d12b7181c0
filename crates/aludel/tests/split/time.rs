//! The time grows with the text, and not faster.

use std::time::{Duration, Instant};

use super::*;

/// Parts of which long texts are made that would be slow if anything were looked for again and again.
const PARTS: &[&str] = &[
    "'",
    "\"",
    "`",
    "[",
    "$",
    "$a",
    "$a$",
    "$$",
    "$a$b",
    "/*",
    "*/",
    "/*/",
    "/*!",
    "/*!80000 '/*' */",
    "--",
    "-- migrate:x\r",
    "(",
    ")",
    ";",
    "BEGIN ",
    "CASE ",
    "IF ",
    "END ",
    "REPEAT ",
    "$a(",
    "$a::",
    "E'' ",
    "\\'",
    "a",
    "1",
    "1e",
    "\u{e9}",
    " ",
    "\n",
    "\\",
    "DELIMITER ;;\n",
    ".",
    ":",
    "a:",
    "#",
    "{",
];
const STARTS: &[&str] = &["", "CREATE PROCEDURE p() BEGIN "];

fn seconds(text: &str, flavor: Flavor) -> Duration {
    let start = Instant::now();
    let _ = split(text, flavor);
    let _ = tokens(text, flavor);
    start.elapsed()
}

/// Eight times the text takes about eight times the time; it would be 64 times if each part looked at the whole.
#[test]
fn time_grows_with_the_text_and_not_faster() {
    for flavor in FLAVORS {
        for start in STARTS {
            for part in PARTS {
                let text = |size: usize| format!("{start}{}", part.repeat(size / part.len()));
                let (small, large) = (text(1_000), text(8_000));
                let quick = Duration::from_millis(250);
                let grows = |_: usize| {
                    let large = seconds(&large, flavor);
                    large < quick || large < seconds(&small, flavor) * 24
                };
                // Another process may have taken the machine: it does not do so each time.
                let linear = (0..3).any(grows);
                assert!(linear, "{flavor:?} {start:?} {part:?}");
            }
        }
    }
}

/// `cargo test --release -p aludel --test split -- --ignored --nocapture measure` prints the slowest texts.
#[test]
#[ignore = "a measurement for people"]
fn measure() {
    let mut rows = Vec::new();
    for flavor in FLAVORS {
        for start in STARTS {
            for part in PARTS {
                let times = [1, 2, 4].map(|mega| {
                    let text = format!("{start}{}", part.repeat((mega << 20) / part.len()));
                    seconds(&text, flavor).as_secs_f64()
                });
                rows.push((
                    times[2],
                    format!("{times:.3?} {flavor:?} {start:?} {part:?}"),
                ));
            }
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, row) in rows.iter().take(12) {
        println!("{row}");
    }
}
