//! Views: written in many ways, they are what the database makes of them.

use super::support::{Live, some};
use aludel::dialect::Dialect as _;
use aludel::prelude::*;
use aludel::schema::{Ident, Metadata, QualifiedName, Schema};

fn view(query: &str) -> Metadata {
    Metadata::new().view("v", query)
}

/// Each is created as it is written, and found to be the same; the others are not it.
#[tokio::test]
async fn queries() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let queries = [
        "SELECT id FROM visits",
        "select ID, Name from public.visits;",
        "SELECT v.id AS visit, p.name FROM visits v JOIN patients p ON p.id = v.patient WHERE p.name LIKE 'a%'",
        "SELECT v.*, p.name AS called FROM visits AS v, patients p WHERE v.patient = p.id AND cost > 5",
        "SELECT * FROM visits -- with a remark",
        "SELECT count(*) FROM visits GROUP BY doctor HAVING count(*) BETWEEN 1 AND 5 ORDER BY 1 DESC NULLS LAST LIMIT 3",
        "SELECT id, CASE status WHEN 'planned' THEN 1 ELSE 2 END AS n FROM visits WHERE status IN ('planned', 'done')",
        "SELECT id FROM visits WHERE name IN ('a', 'b') OR lower(name) = ANY ('{a,b}') OR name LIKE ANY (ARRAY['x%', 'y%'])",
        "SELECT id FROM visits WHERE name NOT IN ('a', 'b') AND cost::integer % 2 = 0",
        "SELECT 1 AS a, 'x' AS b, NULL::text AS c, now() AS d, CURRENT_DATE AS e",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT id FROM visits UNION ALL (SELECT id FROM patients EXCEPT SELECT 3) ORDER BY id",
        "SELECT DISTINCT ON (doctor) doctor, at FROM visits ORDER BY doctor, at DESC",
        "SELECT id, row_number() OVER (PARTITION BY doctor ORDER BY at) AS n FROM visits",
        "SELECT p.id, t FROM patients p CROSS JOIN LATERAL unnest(tags) WITH ORDINALITY u(t, n)",
        "SELECT id, at AT TIME ZONE 'UTC' AS at, extract(year FROM day) AS y, day + interval '1 day' AS n FROM visits",
        "SELECT \"Odd \"\"name\", \"user\" FROM visits",
        "SELECT \"A b\" FROM \"Other one\".\"Odd.table\"",
        "SELECT \"Key\" FROM other.visits v LEFT JOIN visits USING (id)",
        "SELECT visits FROM visits",
        "SELECT (SELECT max(id) FROM patients p WHERE p.id = v.patient) AS m FROM visits v WHERE EXISTS (SELECT FROM patients)",
        "SELECT coalesce(name, '') || ' ' || doctor AS s, name COLLATE \"C\" AS c FROM visits",
        "TABLE visits",
    ];
    for (number, query) in queries.iter().enumerate() {
        live.create(view(query)).await;
        live.assert_same(view(query)).await;
        // A dump says it in the database's words.
        let kinds = view(query).kinds();
        let echo = live.inspect(&kinds).await;
        live.assert_same(view(echo.objects.views[&"v".into()].query.written.as_str()))
            .await;
        let other = queries[(number + 1) % queries.len()];
        assert!(!live.is_same(view(other)).await, "{query} and {other}");
        live.execute("DROP VIEW v").await;
    }
}

#[tokio::test]
async fn what_is_said_of_views() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let plain = || View::new("v", "SELECT id, name FROM visits WHERE id > 0");
    // There is a place beside the table only for a column of text without bounds.
    let kept = || View::materialized("v", "SELECT id, doctor FROM visits WHERE id > 0");
    let all = [
        plain(),
        plain().columns(["a", "B"]),
        plain().security_barrier(),
        plain().security_invoker(),
        plain().check_option(ViewCheck::Local),
        plain().check_option(ViewCheck::Cascaded),
        plain().security_barrier().check_option(ViewCheck::Local),
        kept(),
        kept().columns(["a", "B"]),
        kept().option("fillfactor", "70"),
        kept().option("autovacuum_enabled", "false"),
        kept().option("toast.autovacuum_enabled", "false"),
    ];
    for (one, view) in all.iter().enumerate() {
        live.create(Metadata::new().object(view.clone())).await;
        for (other, changed) in some(&all, one) {
            let same = live.is_same(Metadata::new().object(changed.clone())).await;
            assert_eq!(same, one == other, "{view:?}\n{changed:?}");
        }
        let kind = if view.materialized {
            "MATERIALIZED"
        } else {
            ""
        };
        live.execute(&format!("DROP {kind} VIEW v")).await;
    }
}

/// Whether there is data is no matter of its definition, and truth is spelled in many ways.
#[tokio::test]
async fn what_makes_no_difference() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let query = "SELECT id FROM visits";
    live.create(Metadata::new().materialized_view("m", query))
        .await;
    let without = View::materialized(("public", "m"), query).with_no_data();
    live.assert_same(Metadata::new().object(without.clone()))
        .await;
    live.execute("REFRESH MATERIALIZED VIEW m WITH NO DATA")
        .await;
    live.assert_same(Metadata::new().materialized_view("m", query))
        .await;
    let tablespace = without.tablespace("pg_default");
    live.assert_same(Metadata::new().object(tablespace)).await;
    live.execute("DROP MATERIALIZED VIEW m").await;
    let view = || View::new("v", query);
    live.create(Metadata::new().object(view().security_barrier()))
        .await;
    for truth in ["true", "on", "TRUE", "'yes'", "1"] {
        let written = view()
            .option("Security_Barrier", truth)
            .option("security_invoker", "off");
        live.assert_same(Metadata::new().object(written)).await;
    }
}

#[tokio::test]
async fn columns_may_be_named_in_either_place() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let named = View::new("v", "SELECT id, name FROM visits").columns(["a", "b"]);
    live.create(Metadata::new().object(named.clone())).await;
    live.assert_same(view("SELECT id AS a, name AS b FROM visits"))
        .await;
    live.execute("ALTER VIEW v RENAME COLUMN b TO c").await;
    assert!(!live.is_same(Metadata::new().object(named)).await);
    live.assert_same(view("SELECT id AS a, name AS c FROM visits"))
        .await;
    live.execute("DROP VIEW v").await;
    let values = View::new("v", "VALUES (1, 2), (3, 4)").columns(["a", "b"]);
    live.create(Metadata::new().object(values.clone())).await;
    live.assert_same(Metadata::new().object(values)).await;
    assert!(!live.is_same(view("VALUES (1, 2), (3, 4)")).await);
}

#[tokio::test]
async fn names_and_schemas() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let names: [QualifiedName; 4] = [
        "Odd.view \"x\"".into(),
        ("other", "visits_seen").into(),
        ("Other one", "select").into(),
        "order".into(),
    ];
    let model = |change: bool| {
        let query = |at: usize| match change && at == 2 {
            true => "SELECT id + 1 AS id FROM other.visits".to_string(),
            false => format!("SELECT id AS \"n {at}\" FROM other.visits"),
        };
        let mut model = Metadata::new();
        for (at, name) in names.iter().enumerate() {
            model = model.view(name.clone(), query(at).as_str());
        }
        model
    };
    live.create(model(false)).await;
    live.assert_same(model(false)).await;
    let (differences, asked) = live.differences(model(true)).await;
    assert!(asked);
    assert_eq!(
        differences,
        [
            "drop view Other one.select",
            "create view Other one.select",
            "drop view Other one.select",
            "create view Other one.select"
        ]
    );
}

#[tokio::test]
async fn what_a_view_holds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let model = Metadata::new()
        .view("v", "SELECT id AS \"N\" FROM visits WHERE name > ''")
        .view(
            ("other", "w"),
            "SELECT v.\"N\", o.\"Key\" FROM v, other.visits o",
        )
        .materialized_view("m", "SELECT count(*) AS n FROM other.w WHERE \"N\" > 0");
    live.create(model.clone()).await;
    let schema = live.inspect(&model.kinds()).await;
    let held = |name: QualifiedName| -> Vec<String> {
        let holds = schema.objects.views[&name].holds.0.iter();
        holds
            .map(|(table, column)| format!("{table}.{column}"))
            .collect()
    };
    assert_eq!(held("v".into()), ["visits.id", "visits.name"]);
    assert_eq!(held(("other", "w").into()), ["v.N", "other.visits.Key"]);
    assert_eq!(held("m".into()), ["other.w.N"]);
    // They stay where the model takes over the view, so that it makes room for changes.
    let mut declared = model.schema().unwrap();
    let asked = live
        .dialect
        .clone()
        .canonicalize_objects(&mut live.connection, &mut declared, &schema)
        .await;
    assert!(asked.unwrap());
    let visits = "visits".into();
    let holds = &declared.objects.views[&"v".into()].holds;
    let of: Vec<&Ident> = holds.of(&visits).collect();
    assert_eq!(of, ["id", "name"]);
}

/// A view that needs what is not there is another; and the others are asked about all the same.
#[tokio::test]
async fn what_needs_what_is_not_there_is_another() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let model = |pending: &str| {
        Metadata::new()
            .view("v", pending)
            .view("w", "select NAME from visits where NAME in ('a', 'b')")
    };
    live.create(model("SELECT id FROM visits")).await;
    for pending in [
        "SELECT missing FROM visits",
        "SELECT id FROM missing",
        "SELECT missing(id) FROM visits",
        "SELECT id FRO visits",
        "SELECT id FROM visits WHERE",
    ] {
        let (differences, asked) = live.differences(model(pending)).await;
        assert!(
            asked && differences.len() == 4,
            "{pending}: {differences:?}"
        );
        assert!(differences.iter().all(|it| it.ends_with("view v")));
    }
    // What is not one query is not sent at all.
    let (differences, asked) = live
        .differences(model("SELECT 1 AS id; DROP TABLE visits"))
        .await;
    assert!(!asked && differences.len() == 4, "{differences:?}");
    assert_eq!(live.texts("SELECT count(*)::text FROM visits").await, ["0"]);
}

/// `*` is what it will be.
#[tokio::test]
async fn all_columns_are_those_of_the_model() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let model = Metadata::new()
        .view("v", "SELECT * FROM patients")
        .view("w", "SELECT v.* FROM v")
        .view("x", "SELECT id FROM patients");
    live.create(model.clone()).await;
    let there = live.inspect(&model.kinds()).await;
    let mut declared = model.schema().unwrap();
    declared.tables = there.tables.clone();
    let patients = declared.tables.get_mut(&"patients".into()).unwrap();
    patients.columns.push(Column::new("more", Type::Text));
    let dialect = live.dialect.clone();
    let objects = dialect.canonicalize_objects(&mut live.connection, &mut declared, &there);
    assert!(objects.await.unwrap());
    let changed = |from: &Schema, to: &Schema| {
        let views = from.objects.views.iter();
        let changed = views.filter(|(name, it)| to.objects.views[name] != **it);
        changed
            .map(|(name, _)| name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(changed(&declared, &there), ["v", "w"]);
}

#[tokio::test]
async fn comments_stay() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let model = |query: &str| {
        Metadata::new()
            .view("v", query)
            .materialized_view("m", "SELECT 1 AS one")
    };
    live.create(model("SELECT id FROM visits")).await;
    live.execute("COMMENT ON VIEW v IS 'it''s'; COMMENT ON COLUMN v.id IS 'n'; COMMENT ON MATERIALIZED VIEW m IS ''; \
        COMMENT ON MATERIALIZED VIEW m IS 'a, \"b\" {c}'")
        .await;
    live.assert_same(model("SELECT id FROM visits")).await;
    let schema = live.inspect(&model("SELECT 1").kinds()).await;
    let comments: Vec<String> = schema
        .objects
        .comments
        .iter()
        .map(|(object, text)| format!("{object}: {text}"))
        .collect();
    assert_eq!(
        comments,
        [
            "column v.id: n",
            "view v: it's",
            "materialized view m: a, \"b\" {c}"
        ]
    );
    // A view that is made anew gets its comment again.
    let (differences, _) = live.differences(model("SELECT 2 AS id")).await;
    assert_eq!(
        differences[..3],
        ["drop view v", "create view v", "comment on view v"]
    );
}
