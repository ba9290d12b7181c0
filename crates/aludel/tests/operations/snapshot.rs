//! All that can be seen of a database: its schema, its rows, and whatever else is in it.

use aludel::db::{Connection, Kind};
use aludel::dialect::{Dialect, Scope};
use aludel::schema::{Constraint, QualifiedName, Schema, Table};
use std::collections::BTreeMap;

/// What a database holds.
#[derive(Debug, PartialEq)]
pub struct Snapshot {
    /// As the library sees it.
    pub schema: Schema,
    /// The values of each `table.column`, in the order of the rows.
    pub rows: BTreeMap<String, Vec<Option<String>>>,
    /// Everything else that its catalog tells, by kind and name.
    pub objects: BTreeMap<String, String>,
}

impl Snapshot {
    /// Looks.
    pub async fn of(connection: &mut Connection, dialect: &dyn Dialect) -> Self {
        let mut schema = dialect
            .inspect(connection, &Scope::Everything)
            .await
            .unwrap();
        schema
            .tables
            .retain(|name, _| *name.name != *"alembic_version" && !is_of_another_test(name));
        schema.tables.values_mut().for_each(sort);
        let mut rows = BTreeMap::new();
        for table in schema.tables.values() {
            for column in &table.columns {
                let sql = values(dialect, table, &column.name);
                let found = connection.fetch(&sql).await.unwrap();
                let found = found.iter().map(|row| row.at(0).unwrap()).collect();
                rows.insert(format!("{}.{}", table.name, column.name), found);
            }
        }
        let mut objects = BTreeMap::new();
        for row in connection.fetch(catalog(connection.kind())).await.unwrap() {
            objects.insert(row.at(0).unwrap(), row.at(1).unwrap());
        }
        Self {
            schema,
            rows,
            objects,
        }
    }

    /// Leaves out the values of some columns.
    pub fn without(mut self, columns: &[&str]) -> Self {
        self.rows
            .retain(|name, _| !columns.contains(&name.as_str()));
        self
    }
}

/// On MySQL, the databases of all tests are schemas of one server.
fn is_of_another_test(name: &QualifiedName) -> bool {
    let schema = name.schema.as_ref();
    schema.is_some_and(|it| it.starts_with("t_"))
}

/// Tables are the same whatever the order in which they were told of.
fn sort(table: &mut Table) {
    table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.constraints.sort_by_key(|it| match it {
        Constraint::Check(check) => (it.name().cloned(), check.expr.written.to_string()),
        other => (it.name().cloned(), format!("{:?}", other.columns())),
    });
}

fn values(dialect: &dyn Dialect, table: &Table, column: &str) -> String {
    let (name, column) = (
        dialect.qualified(&table.name).unwrap(),
        dialect.quote(column).unwrap(),
    );
    let text = match dialect.kind() {
        Kind::Postgres => format!("{column}::text"),
        Kind::Sqlite => format!("quote({column})"),
        _ => format!("CAST({column} AS CHAR)"),
    };
    let order = table
        .columns
        .iter()
        .find(|it| *it.name == *"id")
        .or(table.columns.first());
    let order = dialect.quote(&order.unwrap().name).unwrap();
    format!("SELECT {text} FROM {name} ORDER BY {order}")
}

/// A query that answers kind and name of each thing in the database, and what it is.
fn catalog(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => {
            "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger')"
        }
        Kind::Postgres => POSTGRES,
        _ => MYSQL,
    }
}

const POSTGRES: &str = "
    WITH own AS (
        SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'
    )
    SELECT 'schema ' || nspname, '' FROM own
    UNION ALL SELECT 'relation ' || c.oid::regclass::text, concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity,
        c.relforcerowsecurity, c.reloptions, c.relispartition, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
        FROM pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relname !~ '^alembic'
    UNION ALL SELECT 'sequence ' || seqrelid::regclass, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin,
        seqcache, seqcycle) FROM pg_sequence
    UNION ALL SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN own ON own.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) || tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'policy ' || polrelid::regclass || ' ' || polname, concat_ws(' ', polcmd, polpermissive, polroles::text,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy
    UNION ALL SELECT 'constraint ' || coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) || ' ' || conname,
        pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN own ON own.oid = c.connamespace WHERE conname !~ '^alembic'
    UNION ALL SELECT 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) || indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN own ON own.oid = c.relnamespace WHERE c.relname !~ '^alembic'
    UNION ALL SELECT 'type ' || t.oid::regtype, concat_ws(' ', typtype, typnotnull, typdefault, format_type(typbasetype, typtypmod),
        (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
        FROM pg_type t JOIN own ON own.oid = t.typnamespace WHERE typtype IN ('e', 'd')
    UNION ALL SELECT 'extension ' || extname, extversion || extnamespace::regnamespace FROM pg_extension
    UNION ALL SELECT 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description FROM pg_description
        WHERE objoid >= 16384
    UNION ALL SELECT 'column ' || a.attrelid::regclass || '.' || a.attname, concat_ws(' ', attstorage, attcompression, attstattarget)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own ON own.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')";

const MYSQL: &str = "
    SELECT CONCAT('view ', table_name), view_definition FROM information_schema.views WHERE table_schema = DATABASE()
    UNION ALL SELECT CONCAT('routine ', routine_name), CONCAT_WS(' ', routine_type, routine_definition)
        FROM information_schema.routines WHERE routine_schema = DATABASE()
    UNION ALL SELECT CONCAT('trigger ', trigger_name), CONCAT_WS(' ', action_timing, event_manipulation, event_object_table,
        action_statement) FROM information_schema.triggers WHERE trigger_schema = DATABASE()
    UNION ALL SELECT CONCAT('table ', table_name), CONCAT_WS(' ', table_type, engine, row_format, table_collation,
        create_options, table_comment) FROM information_schema.tables WHERE table_schema = DATABASE()
        AND table_name NOT LIKE 'alembic%'
    UNION ALL SELECT CONCAT('schema ', schema_name), default_collation_name FROM information_schema.schemata
        WHERE schema_name LIKE 'other%'";
