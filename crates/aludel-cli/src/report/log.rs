//! Log lines: what the library reports while it works, as `INFO  [aludel::run] Running upgrade ...`.

use super::{DIM, ERROR, INFO, WARN};
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// What PostgreSQL says beside its answers, as the driver passes it on.
const NOTICES: &str = "sqlx::postgres::notice";

/// Begins to print log lines. A program that has set up its own log before keeps it.
pub(crate) fn start_log(quiet: bool, verbose: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, true) => LevelFilter::DEBUG,
        (false, false) => LevelFilter::INFO,
    };
    let lines = tracing_subscriber::registry().with(Lines { level });
    let _ = tracing::subscriber::set_global_default(lines);
}

struct Lines {
    level: LevelFilter,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.level && is_ours(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut message = Message::default();
        event.record(&mut message);
        let metadata = event.metadata();
        super::to_stderr(&line(metadata.level(), metadata.target(), &message.text));
    }
}

fn is_ours(target: &str) -> bool {
    target == NOTICES || target == "aludel" || target.starts_with("aludel::")
}

/// The level is five wide, as people know it from elsewhere.
fn line(level: &Level, target: &str, message: &str) -> String {
    let style = match *level {
        Level::ERROR => ERROR,
        Level::WARN => WARN,
        Level::INFO => INFO,
        _ => DIM,
    };
    let word = level.as_str();
    let gap = " ".repeat(6_usize.saturating_sub(word.len()));
    format!("{style}{word}{style:#}{gap}[{target}] {message}\n")
}

#[derive(Default)]
struct Message {
    text: String,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record(field, value);
    }
}

impl Message {
    /// The message first, other fields behind it.
    fn record(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.text.insert_str(0, value);
        } else {
            self.text.push_str(&format!(" {}={value}", field.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_as_known_from_elsewhere() {
        let plain = |level: &Level| {
            anstream::adapter::strip_str(&line(level, "aludel::run", "x")).to_string()
        };
        assert_eq!(plain(&Level::INFO), "INFO  [aludel::run] x\n");
        assert_eq!(plain(&Level::ERROR), "ERROR [aludel::run] x\n");
    }

    #[test]
    fn only_our_targets_and_notices_are_shown() {
        assert!(is_ours("aludel") && is_ours("aludel::run") && is_ours("sqlx::postgres::notice"));
        assert!(!is_ours("sqlx::query") && !is_ours("aludelx") && !is_ours("hyper"));
    }
}
