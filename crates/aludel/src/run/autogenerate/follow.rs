//! Views that stay, with what was granted on them, while tables that they read get other names: a database that follows such names leaves
//! nothing to do, if that makes of the view what the models say.

use crate::db::Connection;
use crate::dialect::Dialect;
use crate::diff::Renames;
use crate::error::Result;
use crate::schema::{Object, Objects, QualifiedName, Schema, Spelled, Table, View};
use crate::sql::{Names, NewName};
use std::collections::BTreeSet;

/// The views that follow. Each is asked about in the words that it would have had before the renames; the model takes over what the
/// database has.
pub(super) async fn views(
    dialect: &dyn Dialect,
    connection: &mut Connection,
    live: &Schema,
    model: &mut Schema,
    declared: &Objects,
    renames: &Renames,
) -> Result<BTreeSet<Object>> {
    let features = dialect.features();
    let mut followed = BTreeSet::new();
    let chained = |new: &str| renames.tables.iter().any(|(old, _)| *old.name == *new);
    if !features.names_are_followed
        || !features.holds
        || renames.tables.iter().any(|(_, new)| chained(new))
    {
        return Ok(followed);
    }
    let quote = |name: &str| dialect.quote(name).unwrap_or_else(|_| name.to_string());
    let names = Names {
        flavor: dialect.flavor(),
        quote: &quote,
    };
    let mut back = Schema {
        tables: live.tables.clone(),
        enums: live.enums.clone(),
        ..Schema::default()
    };
    for (name, it) in &live.objects.views {
        let said = declared.views.get(name);
        let Some(said) = said.filter(|_| reads_renamed(it, live, model, renames)) else {
            continue;
        };
        let text = said.query.written.as_str().to_string();
        let text = renames.tables.iter().fold(text, |text, (old, new)| {
            let name = NewName::Source {
                from: new,
                to: &old.name,
            };
            names.follow(&text, name)
        });
        let query = Spelled::new(text.into());
        let view = View {
            query,
            ..said.clone()
        };
        back.objects.views.insert(name.clone(), view);
    }
    if back.objects.views.is_empty() {
        return Ok(followed);
    }
    dialect
        .canonicalize_objects(connection, &mut back, live)
        .await?;
    for (name, it) in &back.objects.views {
        let (there, said) = (live.objects.views.get(name), declared.views.get(name));
        if let Some((there, said)) = there.filter(|there| *there == it).zip(said) {
            let query = Spelled {
                written: said.query.written.clone(),
                canonical: there.query.canonical.clone(),
            };
            let view = View {
                query,
                ..there.clone()
            };
            model.objects.views.insert(name.clone(), view);
            followed.insert(match it.materialized {
                true => Object::materialized_view(name),
                false => Object::view(name),
            });
        }
    }
    Ok(followed)
}

/// Whether a view reads a table that gets another name, and of none that it reads anything changes that it could see. The database keeps
/// the names of the view's own columns, so that one over a column with another name is another view.
fn reads_renamed(view: &View, live: &Schema, model: &Schema, renames: &Renames) -> bool {
    let tables: BTreeSet<&QualifiedName> = view.holds.0.iter().map(|(table, _)| table).collect();
    let new_name = |table: &QualifiedName| {
        let mut renamed = renames.tables.iter();
        let found = renamed.find(|(old, _)| old == table);
        found.map(|(old, new)| old.renamed(new.clone()))
    };
    let is_same = |table: &QualifiedName| {
        let now = new_name(table).unwrap_or_else(|| table.clone());
        let renamed = renames.columns.iter().any(|(of, _, _)| *of == now);
        match (live.tables.get(table), model.tables.get(&now)) {
            (Some(before), Some(after)) => !renamed && same_columns(before, after),
            (None, None) => true,
            _ => false,
        }
    };
    renames.enums.is_empty()
        && tables.iter().any(|it| new_name(it).is_some())
        && tables.iter().all(|it| is_same(it))
}

fn same_columns(before: &Table, after: &Table) -> bool {
    let same = before.columns.iter().all(|old| {
        let new = after.find_column(&old.name);
        new.is_some_and(|new| new.ty == old.ty && new.collation == old.collation)
    });
    same && before.columns.len() == after.columns.len()
}
