//! What autogenerate found in the options of a table.

use crate::ops::SetTableOptions;
use crate::schema::Schema;

/// A line for each option that changes; `live` tells how it was.
pub(super) fn lines(change: &SetTableOptions, live: &Schema) -> Vec<String> {
    let on = format!("on table '{}'", change.table);
    let mut lines = Vec::new();
    let words = [
        (change.strict.is_some(), "STRICT"),
        (change.without_rowid.is_some(), "WITHOUT ROWID"),
        (change.autoincrement.is_some(), "AUTOINCREMENT"),
        (change.logged.is_some(), "UNLOGGED"),
        (change.method.is_some(), "access method"),
        (change.tablespace.is_some(), "tablespace"),
        (change.engine.is_some(), "engine"),
        (change.charset.is_some(), "character set"),
        (change.collation.is_some(), "collation"),
    ];
    let said = words.iter().filter(|it| it.0);
    lines.extend(said.map(|(_, what)| format!("{what} {on}")));
    let parameters = change.parameters.keys();
    lines.extend(parameters.map(|it| format!("parameter '{it}' {on}")));
    let others = change.others.keys();
    lines.extend(others.map(|it| format!("option '{it}' {on}")));
    if let Some(by) = &change.partition_by {
        let table = live.tables.get(&change.table);
        let was = table.and_then(|it| it.options.partition_by.as_ref());
        let or_none = |it: Option<&String>| it.map_or_else(|| "none".into(), String::clone);
        let (was, by) = (or_none(was.map(|it| &it.written)), or_none(by.as_ref()));
        lines.push(format!("partitions {on}: from {was} to {by}"));
    }
    let no_longer = change.no_inherit.iter();
    lines.extend(no_longer.map(|it| format!("removed inheritance from '{it}' {on}")));
    let from_now_on = change.inherit.iter();
    lines.extend(from_now_on.map(|it| format!("added inheritance from '{it}' {on}")));
    lines
}
