//! Sequences. What is so by itself is not said of them, whether it was written or not.

use super::super::types;
use super::catalog::{Place, place};
use super::places::{Places, named, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Object, Objects, QualifiedName, Sequence, Type};

/// A sequence that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub sequence: Sequence,
    pub comment: Option<String>,
    /// Whether it is what a `serial` column has: its column's default takes the next number from it, and it has nothing else to say.
    pub of_column: bool,
}

/// The sequences of the scope but for those of columns.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let found = look(connection, &places.of_named("c.relname")).await?;
    for it in found.into_iter().filter(|it| !it.of_column) {
        let name = it.sequence.name.clone();
        if let Some(comment) = it.comment {
            objects
                .comments
                .insert(Object::Sequence(name.clone()), comment);
        }
        objects.sequences.insert(name, it.sequence);
    }
    Ok(())
}

/// The sequences that fulfil a condition, but for those of identity columns.
pub(super) async fn look(connection: &mut Connection, condition: &str) -> Result<Vec<Found>> {
    let sql = format!(
        "SELECT {}, pg_catalog.format_type(q.seqtypid, NULL) AS type, q.seqstart AS start, q.seqincrement AS increment, \
         q.seqmin AS min, q.seqmax AS max, q.seqcache AS cache, q.seqcycle AS cycle, \
         pg_catalog.obj_description(c.oid, 'pg_class') AS comment, \
         CASE WHEN tn.nspname <> pg_catalog.current_schema() THEN tn.nspname::text ELSE '' END AS owner_schema, \
         t.relname::text AS owner, a.attname::text AS owner_column, \
         q.seqtypid IN (a.atttypid, 'pg_catalog.int8'::pg_catalog.regtype) AND EXISTS ( \
         SELECT 1 FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend u \
         ON u.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND u.objid = f.oid \
         AND u.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND u.refobjid = c.oid \
         WHERE f.adrelid = d.refobjid AND f.adnum = d.refobjsubid) AS is_default_of_owner \
         FROM pg_catalog.pg_sequence q JOIN pg_catalog.pg_class c ON c.oid = q.seqrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') \
         LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid \
         LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
         WHERE c.relpersistence <> 't' AND d.deptype IS DISTINCT FROM 'i' AND ({condition}) AND {} ORDER BY 1, 2",
        place_columns("c.relname"),
        own("c.oid", "pg_class"),
    );
    let rows = connection.fetch(&sql).await?;
    rows.iter().map(found).collect()
}

fn found(row: &Row) -> Result<Found> {
    let place: Place = place(row, "")?;
    let mut sequence = Sequence::new(place.qualified());
    sequence.ty = Some(types::parse(&row.get::<String>("type")?));
    sequence.start = row.get("start")?;
    sequence.increment = row.get("increment")?;
    sequence.min = row.get("min")?;
    sequence.max = row.get("max")?;
    sequence.cache = row.get("cache")?;
    sequence.cycle = row.get("cycle")?;
    let plain = usual(&sequence);
    let mut bare = Sequence::new(sequence.name.clone());
    bare.ty = plain.ty.clone();
    let of_column = row.get::<Option<bool>>("is_default_of_owner")? == Some(true) && plain == bare;
    let mut sequence = plain;
    if let (Some(owner), Some(column)) = (
        row.get::<Option<String>>("owner")?,
        row.get::<Option<String>>("owner_column")?,
    ) {
        let schema: String = row.get("owner_schema")?;
        let table: QualifiedName = named(&schema, &owner);
        sequence.owned_by = Some((table, column.into()));
    }
    Ok(Found {
        sequence,
        comment: row.get("comment")?,
        of_column,
    })
}

/// The sequence without what is so by itself: numbers up from 1 or down from -1, to the last that the type holds, from the one at
/// that end, each taken alone (<https://www.postgresql.org/docs/current/sql-createsequence.html>).
pub(super) fn usual(sequence: &Sequence) -> Sequence {
    let ty = sequence.ty.as_ref();
    let ty = ty.map(|it| types::parse(&types::canonical(it)));
    let ty = ty.filter(|it| *it != Type::BigInteger);
    let (least, greatest) = match ty {
        Some(Type::SmallInteger) => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Some(Type::Integer) => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let increment = sequence.increment.filter(|it| *it != 1);
    let down = increment.is_some_and(|it| it < 0);
    let (min, max) = match down {
        true => (least, -1),
        false => (1, greatest),
    };
    let first = match down {
        true => sequence.max.unwrap_or(max),
        false => sequence.min.unwrap_or(min),
    };
    Sequence {
        name: sequence.name.clone(),
        ty,
        start: sequence.start.filter(|it| *it != first),
        increment,
        min: sequence.min.filter(|it| *it != min),
        max: sequence.max.filter(|it| *it != max),
        cache: sequence.cache.filter(|it| *it != 1),
        cycle: sequence.cycle,
        owned_by: sequence.owned_by.clone(),
    }
}
