//! Schemas, extensions, sequences and row security, which say nothing that could be spelled in more than one way.
//!
//! An inspection sees what is in its scope, and no sequence that belongs to a column. What the model says of others is looked up by
//! name: what is there as the model says is no difference, and leaves the model.

use super::super::super::serial;
use super::super::catalog::pair;
use super::super::probes::literals;
use super::super::sequences::{self, usual};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Extension, Ident, Schema, Sequence};
use std::collections::BTreeSet;

/// Settles all of these.
pub(in super::super) async fn settle(
    connection: &mut Connection,
    model: &mut Schema,
    live: &Schema,
) -> Result<()> {
    schemas(connection, model, live).await?;
    extensions(connection, model, live).await?;
    sequences(connection, model, live).await?;
    let there = &live.objects.row_security;
    let security = &mut model.objects.row_security;
    security.retain(|table, it| *it != Default::default() || there.contains_key(table));
    Ok(())
}

async fn schemas(connection: &mut Connection, model: &mut Schema, live: &Schema) -> Result<()> {
    let objects = &mut model.objects;
    let unseen: BTreeSet<&Ident> = objects.schemas.difference(&live.objects.schemas).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT nspname::text AS name FROM pg_catalog.pg_namespace WHERE nspname IN ({})",
        literals(unseen.iter().map(|it| it.as_str()))
    );
    for row in connection.fetch(&sql).await? {
        objects
            .schemas
            .remove(&Ident::from(row.get::<String>("name")?));
    }
    Ok(())
}

/// A model that names no version is content with any, and one that names no schema with wherever the extension is.
async fn extensions(connection: &mut Connection, model: &mut Schema, live: &Schema) -> Result<()> {
    let names: Vec<&str> = model.objects.extensions.keys().map(Ident::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT e.extname::text AS name, e.extversion AS version, \
         n.nspname::text AS schema \
         FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace \
         WHERE e.extname IN ({})",
        literals(names)
    );
    for row in connection.fetch(&sql).await? {
        let name: Ident = row.get::<String>("name")?.into();
        let version: String = row.get("version")?;
        let schema: String = row.get("schema")?;
        let wanted = |it: &Extension| {
            it.version.as_ref().is_none_or(|it| *it == version)
                && it.schema.as_ref().is_none_or(|it| **it == *schema)
        };
        let declared = &mut model.objects.extensions;
        let there = live.objects.extensions.get(&name);
        let is_wanted = declared.get(&name).is_some_and(wanted);
        match (there, declared.get_mut(&name)) {
            (Some(there), Some(it)) if is_wanted => *it = there.clone(),
            // The schema alone is another.
            (Some(there), Some(it)) if it.version.as_ref().is_none_or(|it| *it == version) => {
                it.version = there.version.clone();
            }
            (None, _) if is_wanted => drop(declared.remove(&name)),
            _ => {}
        }
    }
    Ok(())
}

async fn sequences(connection: &mut Connection, model: &mut Schema, live: &Schema) -> Result<()> {
    let declared = &mut model.objects.sequences;
    let mut unseen = Vec::new();
    for (name, sequence) in declared.iter_mut() {
        match live.objects.sequences.get(name) {
            Some(there) => {
                *sequence = usual(sequence);
                if takes_for_its_own(there, live) && sequence.owned_by.is_none() {
                    sequence.owned_by = there.owned_by.clone();
                }
            }
            None => unseen.push(pair(name)),
        }
    }
    if unseen.is_empty() {
        return Ok(());
    }
    let condition = format!("(n.nspname, c.relname) IN ({})", unseen.join(", "));
    for found in sequences::look(connection, &condition).await? {
        let there = &found.sequence;
        let is_there = declared.get(&there.name).is_some_and(|it| {
            let mut it = usual(it);
            if found.of_column && it.owned_by.is_none() {
                it.owned_by = there.owned_by.clone();
            }
            it == *there
        });
        if is_there {
            declared.remove(&there.name);
        }
    }
    Ok(())
}

/// Whether a column owns a sequence because its default names it as `serial` would: so it does when its table is created.
fn takes_for_its_own(sequence: &Sequence, live: &Schema) -> bool {
    let Some((table, column)) = &sequence.owned_by else {
        return false;
    };
    let table = live.tables.get(table);
    table.is_some_and(|table| {
        let column = table.find_column(column);
        column.is_some_and(|it| serial::sequence(&table.name, it).is_some())
    })
}
