//! What a PostgreSQL database holds, by its own catalog and its own words.

use crate::look::{Facts, Names, Now, cells, lasting};
use aludel::db::Connection;

/// Schemas of the database's own, and the objects that extensions brought.
const OURS: &str = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_toast_temp%'";

/// A schema's name; that of temporary tables is another in each session.
const SCHEMA: &str = "CASE WHEN n.nspname LIKE 'pg_temp%' THEN 'pg_temp' ELSE n.nspname END";

pub(crate) async fn look(connection: &mut Connection, names: &Names<'_>) -> Facts {
    let mut facts = Vec::new();
    let table = format!(
        "SELECT concat_ws(' ', 'table', {SCHEMA} || '.' || c.relname, c.relkind, c.relpersistence, (SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o)::text, \
         't=' || ts.spcname, 'comment=' || obj_description(c.oid, 'pg_class'), pg_get_partkeydef(c.oid), \
         (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid), am.amname) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
         LEFT JOIN pg_am am ON am.oid = c.relam WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {OURS}"
    );
    let place = match names.places {
        true => "row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)",
        false => "NULL",
    };
    let column = format!(
        "SELECT concat_ws(' ', 'column', {SCHEMA} || '.' || c.relname, {place}, a.attname, \
         format_type(a.atttypid, a.atttypmod), 'dims=' || nullif(a.attndims, 0), CASE WHEN a.attnotnull THEN 'not null' END, 'identity=' || nullif(a.attidentity::text, ''), \
         'generated=' || nullif(a.attgenerated::text, ''), 'default=' || nullif(regexp_replace(regexp_replace(pg_get_expr(d.adbin, d.adrelid), 'nextval\\(.*\\)', 'nextval()'), '^NULL::.*$', ''), ''), \
         CASE WHEN a.attcollation <> t.typcollation THEN 'collate=' || co.collname END, 'comment=' || col_description(c.oid, a.attnum)) \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_collation co ON co.oid = a.attcollation \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND {OURS}"
    );
    let sequence = format!(
        "SELECT concat_ws(' ', 'numbers', {SCHEMA} || '.' || o.relname, a.attname, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, \
         s.seqcache, s.seqcycle) FROM pg_sequence s JOIN pg_depend p ON p.objid = s.seqrelid AND p.deptype IN ('a', 'i') AND p.refobjsubid > 0 \
         JOIN pg_class o ON o.oid = p.refobjid JOIN pg_namespace n ON n.oid = o.relnamespace \
         JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = p.refobjsubid"
    );
    let ty = format!(
        "SELECT concat_ws(' ', 'enum', n.nspname || '.' || t.typname, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) \
         FROM pg_enum WHERE enumtypid = t.oid)) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {OURS}"
    );
    let function = format!(
        "SELECT concat_ws(' ', 'function', n.nspname || '.' || p.proname, pg_get_function_identity_arguments(p.oid), p.prosrc) \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS} \
         AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"
    );
    for sql in [table, column, sequence, ty, function] {
        facts.extend(
            cells(connection, &sql, 1)
                .await
                .into_iter()
                .map(|mut row| row.remove(0)),
        );
    }
    facts.extend(constraints(connection, names).await);
    facts.extend(indexes(connection, names).await);
    facts.extend(rows(connection).await);
    facts.sort();
    facts
}

async fn constraints(connection: &mut Connection, names: &Names<'_>) -> Facts {
    let sql = format!(
        "SELECT {SCHEMA} || '.' || r.relname, c.conname::text, concat_ws(' ', pg_get_constraintdef(c.oid), 'comment=' || obj_description(c.oid, 'pg_constraint'), \
         CASE WHEN c.connoinherit AND c.contype = 'c' THEN 'no inherit' END) \
         FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace WHERE {OURS}"
    );
    let rows = cells(connection, &sql, 3).await.into_iter();
    rows.map(|row| format!("constraint {} {} {}", row[0], names.known(&row[1]), row[2]))
        .collect()
}

async fn indexes(connection: &mut Connection, names: &Names<'_>) -> Facts {
    let sql = format!(
        "SELECT {SCHEMA} || '.' || r.relname, x.relname::text, quote_ident(x.relname), pg_get_indexdef(i.indexrelid), \
         concat_ws(' ', CASE WHEN NOT i.indisvalid THEN 'invalid' END, 't=' || ts.spcname, 'comment=' || obj_description(x.oid, 'pg_class')) \
         FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class r ON r.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = r.relnamespace LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace \
         WHERE r.relkind IN ('r', 'p', 'm') AND {OURS}"
    );
    let rows = cells(connection, &sql, 5).await.into_iter();
    rows.map(|row| {
        let definition = row[3].replacen(&format!("INDEX {} ON", row[2]), "INDEX ON", 1);
        format!(
            "index {} {} {definition} {}",
            row[0],
            names.known(&row[1]),
            row[4]
        )
    })
    .collect()
}

async fn rows(connection: &mut Connection) -> Facts {
    let sql = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'r' AND {OURS}"
    );
    let mut facts = Vec::new();
    let now = Now::of(
        connection,
        "SELECT current_date::text, to_char(now(), 'HH24:')",
    )
    .await;
    for table in cells(connection, &sql, 1).await {
        let table = &table[0];
        let rows = cells(
            connection,
            &format!("SELECT to_jsonb(t)::text FROM ONLY {table} t"),
            1,
        )
        .await;
        facts.extend(
            rows.into_iter()
                .map(|row| format!("row {table} {}", lasting(&row[0], &now))),
        );
    }
    facts
}
