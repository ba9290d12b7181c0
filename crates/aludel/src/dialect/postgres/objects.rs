//! The objects beside the tables: what only some versions can say of them, how they are looked at, and how the database is asked
//! whether a declared one is that of the same name. Nothing here knows a difference or a revision.

use super::Postgres;
use super::catalog;
use crate::db::Connection;
use crate::dialect::Scope;
use crate::error::Result;
use crate::schema::{ObjectKind, Schema};
use std::collections::BTreeSet;

mod canonical;
mod comments;
mod domains;
mod extensions;
mod functions;
mod places;
mod policies;
mod probes;
mod refuse;
mod same;
mod schemas;
mod sequences;
mod triggers;
mod views;

pub(super) use canonical::canonicalize;
pub(super) use refuse::refuse;

use places::Places;

/// Adds the comments that belong to none of these kinds.
pub(super) async fn inspect_comments(
    connection: &mut Connection,
    scope: &Scope,
    schema: &mut Schema,
) -> Result<()> {
    comments::inspect(connection, &Places::of_scope(scope), &mut schema.objects).await
}

/// Adds what there is of these kinds, by one query for each.
///
/// The default schema is no object: it is where everything is that names no schema. So is `public`, which every database is born
/// with.
pub(super) async fn inspect(
    dialect: &Postgres,
    connection: &mut Connection,
    scope: &Scope,
    kinds: &BTreeSet<ObjectKind>,
    schema: &mut Schema,
) -> Result<()> {
    let places = Places::of_scope(scope);
    let objects = &mut schema.objects;
    for kind in kinds {
        match kind {
            ObjectKind::Schemas => schemas::inspect(connection, &places, objects).await?,
            ObjectKind::Extensions => extensions::inspect(connection, &places, objects).await?,
            ObjectKind::Sequences => sequences::inspect(connection, &places, objects).await?,
            ObjectKind::Domains => domains::inspect(connection, &places, objects).await?,
            ObjectKind::Functions => {
                functions::inspect(dialect, connection, &places, objects).await?;
            }
            ObjectKind::Views => views::inspect(connection, &places, objects).await?,
            ObjectKind::Triggers => triggers::inspect(connection, &places, objects).await?,
            ObjectKind::Policies => policies::inspect(connection, &places, objects).await?,
        }
    }
    Ok(())
}
