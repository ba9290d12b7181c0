//! Comments of what belongs to tables and types and has none of its own: enum types, constraints.

use super::catalog::place;
use super::places::{Places, own, place_columns};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Ident, Object, Objects};

/// Models declare none of these, so that nobody but a dump asks for them.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let of = |aspect: &str, name: &str, part: &str, join: &str| {
        format!(
            "SELECT {}, '{aspect}' AS aspect, {part} AS part, d.description AS comment \
             FROM pg_catalog.pg_description d {join}",
            place_columns(name)
        )
    };
    let types = of(
        "type",
        "t.typname",
        "''::text",
        "JOIN pg_catalog.pg_type t ON t.oid = d.objoid AND t.typtype = 'e' \
         JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
    );
    let constraints = of(
        "constraint",
        "c.relname",
        "k.conname::text",
        "JOIN pg_catalog.pg_constraint k ON k.oid = d.objoid \
         JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
    );
    let domains = of(
        "domain",
        "t.typname",
        "k.conname::text",
        "JOIN pg_catalog.pg_constraint k ON k.oid = d.objoid \
         JOIN pg_catalog.pg_type t ON t.oid = k.contypid \
         JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
    );
    let is = |catalog: &str| format!("d.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass");
    let sql = format!(
        "{types} WHERE {} AND {} AND {} \
         UNION ALL {constraints} WHERE {constraint} AND c.relpersistence <> 't' AND {} AND {} \
         UNION ALL {domains} WHERE {constraint} AND {} AND {} ORDER BY 1, 2, 4, 5",
        is("pg_type"),
        places.of_named("t.typname"),
        own("t.oid", "pg_type"),
        places.of_relation(),
        own("c.oid", "pg_class"),
        places.of_named("t.typname"),
        own("t.oid", "pg_type"),
        constraint = is("pg_constraint"),
    );
    for row in connection.fetch(&sql).await? {
        let name = place(&row, "")?.qualified();
        let part: Ident = row.get::<String>("part")?.into();
        let object = match row.get::<String>("aspect")?.as_str() {
            "type" => Object::Type(name),
            "domain" => Object::DomainConstraint(name, part),
            _ => Object::Constraint(name, part),
        };
        objects.comments.insert(object, row.get("comment")?);
    }
    Ok(())
}
