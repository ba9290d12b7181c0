//! Rows as the catalogs of MySQL and MariaDB tell them: MySQL's alone have no server here to come from.

use super::*;
use crate::dialect::mysql::catalog::{ReferenceRow, RuleRow};

fn place() -> Place {
    (None, "t".into())
}

fn rows() -> Rows {
    Rows {
        databases: vec![("home".into(), "utf8mb4_0900_ai_ci".into())],
        tables: vec![TableRow {
            place: place(),
            database: "home".into(),
            engine: "InnoDB".into(),
            collation: "utf8mb4_0900_ai_ci".into(),
            comment: String::new(),
            options: "row_format=COMPRESSED partitioned".into(),
        }],
        ..Rows::default()
    }
}

fn column(position: i64, name: &str, ty: &str, default: Option<&str>, extra: &str) -> ColumnRow {
    ColumnRow {
        place: place(),
        position,
        name: name.into(),
        ty: ty.into(),
        nullable: true,
        default: default.map(str::to_string),
        collation: None,
        extra: extra.into(),
        comment: String::new(),
        generated: String::new(),
        srs: None,
    }
}

/// A default, as it is written and as it is compared.
fn default(table: &Table, name: &str) -> (String, String) {
    let default = table.find_column(name).unwrap().default.clone().unwrap();
    (default.written.to_string(), default.canonical.unwrap())
}

fn pair(written: &str, canonical: &str) -> (String, String) {
    (written.into(), canonical.into())
}

#[test]
fn mysql_tells_values_and_says_which_are_expressions() {
    let mut rows = rows();
    rows.columns = vec![
        column(1, "id", "bigint unsigned", None, "auto_increment"),
        column(2, "s", "varchar(20)", Some("it's"), ""),
        column(3, "n", "int", Some("-1"), ""),
        column(4, "u", "char(36)", Some("uuid()"), "DEFAULT_GENERATED"),
        column(
            5,
            "c",
            "text",
            Some("concat(_utf8mb4\\'a\\',_utf8mb4\\'b\\')"),
            "DEFAULT_GENERATED",
        ),
        column(
            6,
            "at",
            "timestamp(3)",
            Some("CURRENT_TIMESTAMP(3)"),
            "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)",
        ),
        column(7, "bits", "bit(3)", Some("b'101'"), ""),
        column(8, "bytes", "varbinary(8)", Some("0x00FF"), ""),
        column(9, "b", "tinyint(1)", Some("1"), "INVISIBLE"),
        column(10, "g", "int", None, "STORED GENERATED"),
        column(11, "e", "enum('a','it''s')", Some("a"), ""),
        column(12, "old", "datetime", Some("CURRENT_TIMESTAMP"), ""),
        column(13, "p", "point", None, ""),
    ];
    rows.columns[9].generated = "(`n` + length(_utf8mb4\\'x\\'))".into();
    rows.columns[12].srs = Some(4326);
    let schema = build(&Mysql::mysql(), rows);
    let table = schema.table("t").unwrap();
    let id = table.find_column("id").unwrap();
    assert_eq!(id.ty.written, Type::BigInteger.unsigned());
    assert!(id.identity.is_some() && !id.nullable);
    assert_eq!(default(table, "s"), pair("'it''s'", "'it''s'"));
    assert_eq!(default(table, "n"), pair("-1", "-1"));
    assert_eq!(default(table, "u"), pair("uuid()", "uuid ( )"));
    let concat = pair("concat(_utf8mb4'a',_utf8mb4'b')", "concat ( 'a' , 'b' )");
    assert_eq!(default(table, "c"), concat);
    assert_eq!(default(table, "at").1, "current_timestamp(3)");
    assert_eq!(default(table, "bits").0, "b'101'");
    assert_eq!(default(table, "bytes"), pair("0x00FF", "x'00ff'"));
    assert_eq!(default(table, "e").0, "'a'");
    assert_eq!(default(table, "old").1, "current_timestamp");
    let at = table.find_column("at").unwrap();
    assert_eq!(
        at.on_update.as_ref().unwrap().canonical.as_deref(),
        Some("current_timestamp(3)")
    );
    let b = table.find_column("b").unwrap();
    assert_eq!((&b.ty.written, b.invisible), (&Type::Boolean, true));
    let generated = table.find_column("g").unwrap().generated.clone().unwrap();
    assert!(generated.stored);
    assert_eq!(generated.expr.written.as_str(), "`n` + length(_utf8mb4'x')");
    assert_eq!(
        table.find_column("p").unwrap().ty.written,
        Type::custom("point SRID 4326")
    );
    assert_eq!(table.options.others["ROW_FORMAT"], "COMPRESSED");
    assert!(table.options.collation.is_none() && table.options.engine.is_none());
}

#[test]
fn keys_and_checks() {
    let mut rows = rows();
    rows.columns = vec![
        column(1, "id", "int", None, ""),
        column(2, "a", "int", None, ""),
        column(3, "j", "json", None, ""),
    ];
    let key = |index: &str, position: i64, column: Option<&str>| KeyRow {
        place: place(),
        index: index.into(),
        position,
        unique: false,
        column: column.map(str::to_string),
        expr: None,
        length: None,
        descending: false,
        kind: "BTREE".into(),
        comment: String::new(),
        invisible: false,
    };
    rows.keys = vec![
        key("ix_expr", 1, None),
        key("fk", 1, Some("a")),
        key("PRIMARY", 1, Some("id")),
        key("ux", 1, Some("a")),
        key("ux", 2, Some("id")),
    ];
    rows.keys[0].expr = Some("(lower(_utf8mb4\\'A\\'))".into());
    for key in rows
        .keys
        .iter_mut()
        .filter(|it| it.index == "ux" || it.index == "PRIMARY")
    {
        key.unique = true;
    }
    rows.references = vec![ReferenceRow {
        place: place(),
        name: "fk".into(),
        position: 1,
        column: "a".into(),
        references: (None, "t".into()),
        referred: "id".into(),
    }];
    rows.rules = vec![RuleRow {
        place: place(),
        name: "fk".into(),
        on_delete: "CASCADE".into(),
        on_update: "RESTRICT".into(),
    }];
    rows.checks = vec![CheckRow {
        place: place(),
        name: "ck".into(),
        clause: "(`a` <> _utf8mb4\\'x\\')".into(),
        of_column: false,
        not_enforced: true,
    }];
    let schema = build(&Mysql::mysql(), rows);
    let table = schema.table("t").unwrap();
    assert_eq!(table.find_primary_key().unwrap().columns, ["id"]);
    assert!(
        matches!(table.find_constraint("ux"), Some(Constraint::Unique(it)) if it.columns.len() == 2)
    );
    let key = table.foreign_keys().next().unwrap();
    assert_eq!(
        (key.on_delete, key.on_update),
        (Action::Cascade, Action::NoAction)
    );
    assert_eq!(table.indexes.len(), 1);
    let spelled = Spelled::canonical("lower(_utf8mb4'A')".into(), "lower ( 'A' )");
    assert_eq!(table.indexes[0].parts[0].key, IndexKey::Expr(spelled));
    assert!(table.source.indexes.contains_key(&"fk".into()));
    let mut check = Check::new("a <> 'x'").named("ck").not_enforced();
    check.expr.canonical = Some("a < > 'x'".into());
    assert_eq!(table.find_constraint("ck"), Some(&check.into()));
}

#[test]
fn a_check_that_makes_json_is_the_types_own() {
    let mut rows = rows();
    rows.columns = vec![
        column(1, "j", "longtext", Some("'{}'"), ""),
        column(2, "n", "int(11)", Some("NULL"), "WITHOUT SYSTEM VERSIONING"),
    ];
    let check = |name: &str, clause: &str| CheckRow {
        place: place(),
        name: name.into(),
        clause: clause.into(),
        of_column: true,
        not_enforced: false,
    };
    rows.checks = vec![check("j", "json_valid(`j`)"), check("n", "`n` > 0")];
    let schema = build(&Mysql::mariadb(), rows);
    let table = schema.table("t").unwrap();
    assert_eq!(table.find_column("j").unwrap().ty.written, Type::Json);
    let n = table.find_column("n").unwrap();
    assert!(n.default.is_none());
    assert_eq!(n.ty.canonical.as_deref(), Some("int"));
    assert_eq!(
        n.ty.written,
        Type::custom("int(11) WITHOUT SYSTEM VERSIONING")
    );
    assert_eq!(table.constraints.len(), 1);
    assert!(table.constraints[0].name().is_none());
    assert_eq!(table.source.column_checks[&"n".into()], "`n` > 0");
}
