//! Schemas.

use super::places::{Places, own};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Ident, Object, Objects};

/// The schemas of the scope but for the default one and `public`.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let sql = format!(
        "SELECT n.nspname::text AS name, pg_catalog.obj_description(n.oid, 'pg_namespace') AS comment \
         FROM pg_catalog.pg_namespace n WHERE {} AND n.nspname <> 'public' \
         AND n.nspname IS DISTINCT FROM pg_catalog.current_schema() AND {} ORDER BY 1",
        places.of_named("n.nspname"),
        own("n.oid", "pg_namespace"),
    );
    for row in connection.fetch(&sql).await? {
        let name: Ident = row.get::<String>("name")?.into();
        if let Some(comment) = row.get("comment")? {
            objects
                .comments
                .insert(Object::Schema(name.clone()), comment);
        }
        objects.schemas.insert(name);
    }
    Ok(())
}
