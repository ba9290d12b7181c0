//! Extensions.

use super::places::Places;
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Extension, Ident, Object, Objects};

/// The extensions in the schemas of the scope but for `plpgsql`, which every database is born with. The version is said where it is
/// not the one that the server has ready, and the comment where it is not the extension's own. The schema always is, so that one that is moved can be moved back.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let sql = format!(
        "SELECT e.extname::text AS name, \
         n.nspname::text AS schema, \
         CASE WHEN e.extversion IS DISTINCT FROM a.default_version THEN e.extversion END AS version, \
         NULLIF(pg_catalog.obj_description(e.oid, 'pg_extension'), a.comment) AS comment \
         FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace \
         LEFT JOIN pg_catalog.pg_available_extensions() a ON a.name = e.extname \
         WHERE e.extname <> 'plpgsql' AND {} ORDER BY 1",
        places.of_named("e.extname"),
    );
    for row in connection.fetch(&sql).await? {
        let name: Ident = row.get::<String>("name")?.into();
        if let Some(comment) = row.get("comment")? {
            objects
                .comments
                .insert(Object::Extension(name.clone()), comment);
        }
        let mut extension = Extension::new(name.clone());
        extension.schema = row.get::<Option<String>>("schema")?.map(Ident::from);
        extension.version = row.get("version")?;
        objects.extensions.insert(name, extension);
    }
    Ok(())
}
