//! What an inspection sees, and what it leaves out.

use super::support::Live;
use aludel::dialect::{Dialect as _, Scope};
use aludel::ops::Operation;
use aludel::schema::{ObjectKind, QualifiedName, Schema};
use std::collections::BTreeSet;

const OBJECTS: &str = r#"
    CREATE SEQUENCE s; CREATE DOMAIN d AS int; CREATE VIEW v AS SELECT 1 AS one;
    CREATE TRIGGER t BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE POLICY p ON visits; ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
    CREATE SEQUENCE other.s; CREATE DOMAIN other.d AS int; CREATE VIEW other.v AS SELECT 1 AS one;
    CREATE TRIGGER t BEFORE INSERT ON other.visits FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE POLICY p ON other.visits; CREATE EXTENSION hstore SCHEMA other;
"#;

async fn look(live: &mut Live, scope: &Scope, kinds: &[ObjectKind]) -> Schema {
    let mut schema = Schema::default();
    let kinds: BTreeSet<ObjectKind> = kinds.iter().copied().collect();
    let dialect = live.dialect.clone();
    let objects = dialect.inspect_objects(&mut live.connection, scope, &kinds, &mut schema);
    objects.await.unwrap();
    schema
}

/// Each object by kind and name.
fn names(schema: &Schema) -> Vec<String> {
    let it = &schema.objects;
    let mut names = Vec::new();
    names.extend(it.schemas.iter().map(|it| format!("schema {it}")));
    names.extend(it.extensions.keys().map(|it| format!("extension {it}")));
    names.extend(it.sequences.keys().map(|it| format!("sequence {it}")));
    names.extend(it.domains.keys().map(|it| format!("domain {it}")));
    names.extend(
        it.functions
            .keys()
            .map(|(it, arguments)| format!("function {it}({arguments})")),
    );
    names.extend(it.views.keys().map(|it| format!("view {it}")));
    names.extend(
        it.triggers
            .keys()
            .map(|(table, it)| format!("trigger {it} on {table}")),
    );
    names.extend(
        it.policies
            .keys()
            .map(|(table, it)| format!("policy {it} on {table}")),
    );
    names.extend(it.row_security.keys().map(|it| format!("security of {it}")));
    names
}

#[tokio::test]
async fn scopes() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(OBJECTS).await;
    let default = [
        "sequence s",
        "domain d",
        "function touch()",
        "view v",
        "trigger t on visits",
        "policy p on visits",
        "security of patients",
    ];
    let schemas = |names: &[&str]| Scope::Schemas(names.iter().map(|it| it.to_string()).collect());
    let found = look(&mut live, &schemas(&[]), &ObjectKind::ALL).await;
    assert_eq!(names(&found), default);
    let found = look(&mut live, &schemas(&["other", "missing"]), &ObjectKind::ALL).await;
    let of_other = [
        "schema other",
        "extension hstore",
        "sequence s",
        "sequence other.s",
        "domain d",
        "domain other.d",
        "function touch()",
        "function other.touch()",
        "view v",
        "view other.v",
        "trigger t on visits",
        "trigger t on other.visits",
        "policy p on visits",
        "policy p on other.visits",
        "security of patients",
    ];
    assert_eq!(names(&found), of_other);
    let found = look(&mut live, &Scope::Everything, &ObjectKind::ALL).await;
    let mut everything = names(&found);
    everything.retain(|it| !of_other.contains(&it.as_str()));
    assert_eq!(
        everything,
        ["schema Other one", "function Other one.Touch it()"]
    );
    let tables: Vec<QualifiedName> =
        vec![("other", "visits").into(), "patients".into(), "v".into()];
    let found = look(&mut live, &Scope::Tables(tables), &ObjectKind::ALL).await;
    assert_eq!(
        names(&found),
        [
            "view v",
            "trigger t on other.visits",
            "policy p on other.visits",
            "security of patients"
        ]
    );
    let found = look(&mut live, &Scope::Tables(Vec::new()), &ObjectKind::ALL).await;
    assert_eq!(names(&found), [] as [&str; 0]);
}

/// Only what was asked for is looked at.
#[tokio::test]
async fn kinds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(OBJECTS).await;
    for (kind, expected) in [
        (ObjectKind::Sequences, &["sequence s"][..]),
        (ObjectKind::Domains, &["domain d"]),
        (ObjectKind::Functions, &["function touch()"]),
        (ObjectKind::Views, &["view v"]),
        (ObjectKind::Triggers, &["trigger t on visits"]),
        (
            ObjectKind::Policies,
            &["policy p on visits", "security of patients"],
        ),
        (ObjectKind::Schemas, &[]),
        (ObjectKind::Extensions, &[]),
    ] {
        let found = look(&mut live, &Scope::Schemas(Vec::new()), &[kind]).await;
        assert_eq!(names(&found), expected);
    }
    assert_eq!(
        names(&look(&mut live, &Scope::Everything, &[]).await),
        [] as [&str; 0]
    );
}

#[tokio::test]
async fn an_empty_database() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    let found = look(&mut live, &Scope::Everything, &ObjectKind::ALL).await;
    assert_eq!(found, Schema::default());
    // Where nothing is the default schema, nothing is in it.
    live.execute("SET search_path = ''; CREATE VIEW public.v AS SELECT 1 AS one")
        .await;
    let found = look(
        &mut live,
        &Scope::Schemas(vec!["public".into()]),
        &ObjectKind::ALL,
    )
    .await;
    assert_eq!(names(&found), ["view public.v"]);
}

/// What an extension brings comes and goes with it.
#[tokio::test]
async fn objects_of_extensions() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    live.execute(
        "CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_buffercache; \
         CREATE VIEW own AS SELECT 1 AS one; ALTER EXTENSION cube ADD VIEW own; CREATE SCHEMA of_cube; \
         ALTER EXTENSION cube ADD SCHEMA of_cube; CREATE SEQUENCE of_cube.s; ALTER EXTENSION cube ADD SEQUENCE of_cube.s; \
         CREATE TABLE t (id int); CREATE POLICY p ON t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; \
         CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER EXTENSION cube ADD TABLE t; \
         ALTER EXTENSION cube ADD FUNCTION f()",
    )
    .await;
    let found = look(&mut live, &Scope::Everything, &ObjectKind::ALL).await;
    assert_eq!(
        names(&found),
        [
            "extension cube",
            "extension earthdistance",
            "extension pg_buffercache",
            "extension pg_stat_statements"
        ]
    );
}

/// What is inspected can be made again, and is then the same.
#[tokio::test]
async fn everything_there_and_back() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(OBJECTS).await;
    live.execute(
        "CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id, doctor FROM visits; \
         CREATE VIEW w WITH (security_barrier, check_option = cascaded) AS SELECT id FROM visits; \
         CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS TABLE (n int) STABLE ROWS 7 LANGUAGE sql AS 'SELECT a'; \
         CREATE PROCEDURE q(INOUT a int) LANGUAGE plpgsql SET work_mem = '8MB' AS 'BEGIN a := 1; END'; \
         ALTER SEQUENCE s MINVALUE 5 START 7 RESTART OWNED BY visits.id; ALTER DOMAIN d SET NOT NULL; \
         COMMENT ON VIEW v IS 'v'; COMMENT ON SCHEMA other IS 'o'; COMMENT ON SEQUENCE s IS 's'; COMMENT ON DOMAIN d IS 'd'; \
         COMMENT ON FUNCTION f IS 'f'; COMMENT ON PROCEDURE q IS 'q'; COMMENT ON EXTENSION hstore IS 'own words'",
    )
    .await;
    let kinds: BTreeSet<ObjectKind> = ObjectKind::ALL.into_iter().collect();
    let before = live.inspect(&kinds).await;
    assert_eq!(
        before.objects.comments.len(),
        7,
        "{:?}",
        before.objects.comments
    );
    live.execute("DROP SCHEMA other, \"Other one\", public CASCADE; CREATE SCHEMA public")
        .await;
    live.create_all(&before).await;
    let after = live.inspect(&kinds).await;
    assert_eq!(after.objects, before.objects);
    assert_eq!(after, before);
    let mut declared = before.clone();
    let dialect = live.dialect.clone();
    let asked = dialect.canonicalize_objects(&mut live.connection, &mut declared, &after);
    assert!(asked.await.unwrap());
    assert_eq!(declared, after);
    // The same database again is made by nothing.
    let nothing: Vec<Operation> = aludel::diff::diff(&after, &declared);
    assert!(nothing.is_empty(), "{nothing:?}");
}
