//! Names, texts, types, and what the dialects say of themselves.

use aludel::db::Kind;
use aludel::dialect::mysql::Mysql;
use aludel::dialect::{Dialect, by_kind};
use aludel::prelude::*;
use aludel::schema::{MysqlType, PostgresType, Schema};
use aludel::sql::Spell;

#[test]
fn names_and_texts_that_cannot_be() {
    let dialect = Mysql::mysql();
    assert!(dialect.quote("").is_err());
    assert!(dialect.quote("a\0b").is_err());
    assert!(dialect.quote("a ").is_err());
    assert!(dialect.quote("a😀").is_err());
    assert!(dialect.quote(&"x".repeat(65)).is_err());
    assert!(dialect.quote(&"ü".repeat(64)).is_ok());
    assert!(dialect.string("a\0").is_err());
    assert_eq!(dialect.quote("a`b").unwrap(), "`a``b`");
    assert_eq!(dialect.string("it's \\ so").unwrap(), "'it''s \\\\ so'");
}

#[test]
fn types() {
    let spell = |ty: Type| Mysql::mysql().spell_type(&ty).unwrap();
    for (ty, text) in [
        (Type::Boolean, "BOOL"),
        (Type::TinyInteger, "TINYINT"),
        (Type::SmallInteger, "SMALLINT"),
        (Type::Integer, "INTEGER"),
        (Type::BigInteger.unsigned(), "BIGINT UNSIGNED"),
        (Type::Decimal(8, 2).unsigned(), "DECIMAL(8, 2) UNSIGNED"),
        (
            Type::Mysql(MysqlType::MediumInteger).unsigned(),
            "MEDIUMINT UNSIGNED",
        ),
        (Type::Real, "FLOAT"),
        (Type::Double, "DOUBLE"),
        (Type::String, "VARCHAR(255)"),
        (Type::Varchar(3), "VARCHAR(3)"),
        (Type::Char(3), "CHAR(3)"),
        (Type::Text, "TEXT"),
        (Type::Binary, "LONGBLOB"),
        (Type::FixedBinary(4), "BINARY(4)"),
        (Type::Varbinary(4), "VARBINARY(4)"),
        (Type::Bit(3), "BIT(3)"),
        (Type::Date, "DATE"),
        (Type::Time, "TIME(6)"),
        (Type::Timestamp, "DATETIME(6)"),
        (Type::TimestampTz, "TIMESTAMP(6)"),
        (Type::Timestamp.precision(0), "DATETIME"),
        (Type::TimestampTz.precision(3), "TIMESTAMP(3)"),
        (Type::Uuid, "BINARY(16)"),
        (Type::Json, "JSON"),
        (Type::Jsonb, "JSON"),
        (
            Type::enumeration("e", ["a", "it's\\"]),
            "ENUM('a', 'it''s\\\\')",
        ),
        (Type::Mysql(MysqlType::Geometry), "GEOMETRY"),
        (Type::custom("SET('a', 'b')"), "SET('a', 'b')"),
    ] {
        assert_eq!(spell(ty), text);
    }
    for ty in [
        Type::Numeric,
        Type::Interval,
        Type::Interval.precision(3),
        Type::Text.precision(3),
        Type::Text.unsigned(),
        Type::TimeTz,
        Type::Varbit(None),
        Type::Integer.array(),
        Type::Postgres(PostgresType::Inet),
    ] {
        for dialect in [Mysql::mysql(), Mysql::mariadb()] {
            let refused = dialect.spell_type(&ty);
            assert!(matches!(refused, Err(Error::Unsupported { .. })), "{ty:?}");
        }
    }
    let inet = Type::Mysql(MysqlType::Inet6);
    assert!(Mysql::mysql().spell_type(&inet).is_err());
    assert_eq!(Mysql::mariadb().spell_type(&inet).unwrap(), "INET6");
}

#[test]
fn what_they_say_of_themselves() {
    for (kind, name) in [(Kind::Mysql, "MySQL"), (Kind::MariaDb, "MariaDB")] {
        let dialect = by_kind(kind).unwrap();
        assert_eq!(dialect.kind(), kind);
        assert_eq!((dialect.name(), dialect.context_name()), (name, name));
        let features = dialect.features();
        assert!(!features.transactional_ddl && features.comments && !features.enum_types);
        assert!(dialect.exists(&"it's".into()).unwrap().contains("'it''s'"));
        let width = dialect
            .width(&"alembic_version".into(), "version_num", 64)
            .unwrap()
            .unwrap();
        assert_eq!(
            width.widen,
            "ALTER TABLE alembic_version MODIFY version_num VARCHAR(64) NOT NULL"
        );
    }
}

#[test]
fn normal_form() {
    let mut schema = Schema::default();
    schema.add_table(Table::new("p").column(Column::new("k", Type::Text).primary_key()));
    schema.add_table(
        Table::new("t")
            .comment("")
            .engine("INNODB")
            .column(Column::new("a", Type::Integer).identity_as(Identity {
                always: false,
                start: Some(1),
                increment: Some(1),
                ..Identity::BY_DEFAULT
            }))
            .column(
                Column::new("b", Type::Text)
                    .collation("UTF8MB4_BIN")
                    .charset("utf8mb4")
                    .server_default("(NULL)"),
            )
            .column(Column::new("m", Type::enumeration("mood", ["sad"])))
            .foreign_key(
                ForeignKey::new(["b"], "p", Vec::<String>::new()).on_delete(Action::Restrict),
            )
            .index(Index::new("ux", ["a"]).unique().method("BTREE"))
            .index(Index::new("ux_prefix", [IndexPart::column("b").length(3)]).unique())
            .index(Index::new("ft", ["b"]).parser("ngram")),
    );
    let dialect = Mysql::mariadb();
    dialect.normalize(&mut schema);
    let table = schema.table("t").unwrap();
    assert!(table.comment.is_none() && table.options.engine.is_none());
    assert_eq!(table.columns[0].identity, Some(Identity::BY_DEFAULT));
    assert_eq!(table.columns[0].ty.canonical.as_deref(), Some("int"));
    let b = &table.columns[1];
    assert_eq!(b.collation.as_deref(), Some("utf8mb4_bin"));
    assert!(b.charset.is_none() && b.default.is_none());
    let key = table.foreign_keys().next().unwrap();
    assert_eq!((key.referred.len(), key.on_delete), (1, Action::NoAction));
    assert!(table.find_index("ux").unwrap().method.is_none());
    assert!(table.has_index("ux_prefix"));
    // `SHOW CREATE TABLE` tells the parser, so that it is compared.
    let parser = table.find_index("ft").unwrap().parser.as_deref();
    assert_eq!(parser, Some("ngram"));
    assert!(schema.enumeration("mood").is_some());
    let once = schema.clone();
    dialect.normalize(&mut schema);
    assert_eq!(schema, once);
}
