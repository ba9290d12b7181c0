//! The log for people: a line for each entry, in columns, or a block.

use super::{indent, one_paragraph};
use aludel::run::LogEntry;
use jiff::Timestamp;

/// A line for each entry; what was said of a failure stands below.
pub(crate) fn lines(entries: &[LogEntry]) -> String {
    let rows: Vec<[String; 8]> = entries.iter().map(columns).collect();
    let mut widths = [0; 8];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (row, entry) in rows.iter().zip(entries) {
        let cells = row.iter().zip(widths).filter(|(_, width)| *width > 0);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
        if let Some(error) = &entry.error {
            text.push_str(&format!("    {}\n", one_paragraph(error)));
        }
    }
    text
}

fn columns(entry: &LogEntry) -> [String; 8] {
    let started = entry.started_at.get(..19).unwrap_or(&entry.started_at);
    [
        started.replace('T', " "),
        entry.direction.clone(),
        entry.revision.clone(),
        entry.outcome.clone(),
        took(entry).unwrap_or_default(),
        entry.run_by.clone().unwrap_or_default(),
        entry.run_from.clone(),
        entry.tool.clone(),
    ]
}

/// The long form: a line for each thing, and the text behind a margin.
pub(crate) fn block(entry: &LogEntry) -> String {
    let mut text = format!(
        "Entry: {}\nRevision: {}\nDirection: {}\nOutcome: {}\nStarted: {}\n",
        entry.id, entry.revision, entry.direction, entry.outcome, entry.started_at
    );
    let took = took(entry);
    for (name, value) in [
        ("Finished", &entry.finished_at),
        ("Took", &took),
        ("Database user", &entry.run_by),
        ("From", &Some(entry.run_from.clone())),
        ("Tool", &Some(entry.tool.clone())),
        ("Checksum", &entry.checksum),
        ("Reason", &entry.reason),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    if let Some(error) = &entry.error {
        text.push_str(&format!("Error: {}\n", one_paragraph(error)));
    }
    if let Some(revision) = &entry.text {
        text.push_str(&format!("\n{}", indent(revision, "    ")));
    }
    text.push('\n');
    text
}

/// How long it took: `0.012 s`.
fn took(entry: &LogEntry) -> Option<String> {
    let started: Timestamp = entry.started_at.parse().ok()?;
    let finished: Timestamp = entry.finished_at.as_ref()?.parse().ok()?;
    let took = finished.duration_since(started);
    Some(format!("{:.3} s", took.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64, finished_at: Option<&str>, error: Option<&str>) -> LogEntry {
        LogEntry {
            id,
            revision: "a1".repeat(usize::try_from(id).unwrap()),
            direction: "upgrade".into(),
            outcome: if finished_at.is_some() {
                "done"
            } else {
                "running"
            }
            .into(),
            started_at: "2025-11-08T14:30:00.000000Z".into(),
            finished_at: finished_at.map(str::to_string),
            run_by: None,
            run_from: "ada@laptop (pid 4711)".into(),
            tool: "aludel 0.1.0".into(),
            checksum: Some("1:ff".into()),
            raw: None,
            text: Some("-- A\n\nb\n".into()),
            reason: Some("why".into()),
            error: error.map(str::to_string),
        }
    }

    #[test]
    fn columns_are_as_wide_as_what_they_hold() {
        let entries = [
            entry(2, None, None),
            entry(1, Some("2025-11-08T14:31:00.012500Z"), Some("a\n  b")),
        ];
        assert_eq!(
            lines(&entries),
            "2025-11-08 14:30:00  upgrade  a1a1  running            ada@laptop (pid 4711)  aludel 0.1.0\n\
             2025-11-08 14:30:00  upgrade  a1    done     60.012 s  ada@laptop (pid 4711)  aludel 0.1.0\n    a; b\n"
        );
    }

    #[test]
    fn a_block_holds_everything() {
        assert_eq!(
            block(&entry(1, Some("2025-11-08T14:30:01.000000Z"), Some("no"))),
            "Entry: 1\nRevision: a1\nDirection: upgrade\nOutcome: done\nStarted: 2025-11-08T14:30:00.000000Z\n\
             Finished: 2025-11-08T14:30:01.000000Z\nTook: 1.000 s\nFrom: ada@laptop (pid 4711)\nTool: aludel 0.1.0\n\
             Checksum: 1:ff\nReason: why\nError: no\n\n    -- A\n\n    b\n\n"
        );
    }
}
