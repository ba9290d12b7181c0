//! Derived models are the tables that a builder makes.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of tests may fail as a test does"
)]

use aludel::model::{HasLength, HasPrecision};
use aludel::prelude::*;
use aludel::schema::{Constraint, Nulls};

/// Only what is derived is looked at here, never a field.
macro_rules! models {
    ($($item:item)+) => {$(#[allow(dead_code)] $item)+};
}

models! {
    /// This text is for people who read the code, and is no comment of the table.
    #[derive(Table)]
    #[table(name = "patients")]
    struct Patient {
        #[column(primary_key)]
        pub id: i32,
        #[column(unique, index)]
        pub patient_id: Option<String>,
        pub first_name: String,
        pub last_name: String,
        #[column(unique)]
        pub email: Option<String>,
        #[column(length = 32)]
        pub phone: Option<String>,
        pub gender: std::option::Option<String>,
    }

    #[derive(Enum)]
    enum VisitStatus { Planned, Completed, InProgress }

    #[derive(Enum)]
    #[enumeration(name = "level", schema = "clinic", rename_all = "SCREAMING_SNAKE_CASE")]
    enum TriageLevel {
        VeryLow = 1,
        #[enumeration(rename = "urgent!")]
        High = 7,
        r#Type,
    }
}

fn status() -> Type {
    Type::enumeration("visit_status", ["planned", "completed", "in_progress"])
}

fn patients() -> aludel::schema::Table {
    Table::new("patients")
        .column(Column::new("id", Type::Integer).primary_key().identity())
        .column(Column::new("patient_id", Type::String).unique().index())
        .column(Column::new("first_name", Type::String).not_null())
        .column(Column::new("last_name", Type::String).not_null())
        .column(Column::new("email", Type::String).unique())
        .column(Column::new("phone", Type::Varchar(32)))
        .column(Column::new("gender", Type::String))
}

#[test]
fn a_model_is_the_table_that_a_builder_makes() {
    assert_eq!(Patient::table(), patients());
}

#[test]
fn enum_types_have_their_names_and_values() {
    assert_eq!(VisitStatus::sql_type(), status());
    assert_eq!(Vec::<VisitStatus>::sql_type(), status().array());
    let level = aludel::schema::Enum::new("level", ["VERY_LOW", "urgent!", "TYPE"]);
    assert_eq!(TriageLevel::sql_type(), Type::Enum(level.schema("clinic")));
}

/// The guide's models as they stand there.
#[cfg(all(feature = "chrono", feature = "json"))]
mod guide {
    use super::*;
    use chrono::NaiveDate;

    models! {
        #[derive(Table)]
        #[table(name = "patients")]
        struct Patient {
            #[column(primary_key)]
            pub id: i32,
            #[column(unique, index)]
            pub patient_id: Option<String>,
            pub first_name: String,
            pub last_name: String,
            #[column(unique)]
            pub email: Option<String>,
            #[column(length = 32)]
            pub phone: Option<String>,
            pub date_of_birth: NaiveDate,
            pub gender: Option<String>,
        }

        #[derive(Table)]
        #[table(name = "visits", index("patient_id", "visit_date"), check("visit_date >= '1900-01-01'"))]
        struct Visit {
            #[column(primary_key)]
            pub id: i32,
            #[column(references = "patients.patient_id", on_delete = "cascade")]
            pub patient_id: Option<String>,
            pub visit_date: NaiveDate,
            #[column(server_default = "'completed'")]
            pub status: VisitStatus,
            pub vital_signs: Option<serde_json::Value>,
        }
    }

    #[test]
    fn the_schema_is_the_one_that_builders_make() {
        let mut patients = super::patients();
        let born = Column::new("date_of_birth", Type::Date).not_null();
        patients.columns.insert(6, born);
        let visits = Table::new("visits")
            .column(Column::new("id", Type::Integer).primary_key().identity())
            .column(
                Column::new("patient_id", Type::String)
                    .references("patients", "patient_id")
                    .on_delete(Action::Cascade),
            )
            .column(Column::new("visit_date", Type::Date).not_null())
            .column(
                Column::new("status", status())
                    .not_null()
                    .server_default("'completed'"),
            )
            .column(Column::new("vital_signs", Type::Json))
            .check(Check::new("visit_date >= '1900-01-01'"))
            .index(Index::on(["patient_id", "visit_date"]));
        let built = Metadata::new().table(patients).table(visits);
        let schema = metadata![Patient, Visit].schema().unwrap();
        assert_eq!(schema, built.schema().unwrap());

        let visits = schema.table("visits").unwrap();
        assert!(visits.has_index("ix_visits_patient_id_visit_date"));
        assert!(visits.has_constraint("ck_visits_visit_date"));
        assert!(visits.has_constraint("fk_visits_patient_id_patients"));
        let patients = schema.table("patients").unwrap();
        assert!(
            patients
                .find_index("ix_patients_patient_id")
                .unwrap()
                .unique
        );
        assert!(schema.enumeration("visit_status").is_some());
    }
}

struct Phone;
impl SqlType for Phone {
    fn sql_type() -> Type {
        Type::String
    }
}
impl HasLength for Phone {}

struct Moment;
impl SqlType for Moment {
    fn sql_type() -> Type {
        Type::Timestamp
    }
}
impl HasPrecision for Moment {}

struct Id;
impl SqlType for Id {
    fn sql_type() -> Type {
        Type::BigInteger
    }
}

models! {
    #[derive(Table)]
    struct EverythingOnAField {
        #[column(primary_key, name = "key")]
        r#type: Id,
        #[column(type = "citext", collation = "C", comment = "as typed")]
        email: String,
        #[column(sql_type = Type::Char(2), server_default = "'de'")]
        country: Phone,
        #[column(length = 20)]
        phone: Option<Phone>,
        #[column(nullable)]
        maybe: i64,
        #[column(not_null)]
        surely: Option<i64>,
        #[column(precision = 12, scale = 2)]
        cents: u64,
        #[column(precision = 5)]
        whole: u64,
        #[column(check = "height > 0", index)]
        height: f64,
        #[column(generated = "height * 2")]
        double: f64,
        #[column(generated_virtual = "height * 3")]
        triple: f64,
        #[column(identity)]
        number: i32,
        #[column(identity = "always")]
        strict_number: i32,
        #[column(references = "clinic.wards.id", on_delete = "SET NULL", on_update = "restrict", initially_deferred)]
        ward: Option<i32>,
        #[column(references = "beds.id", deferrable)]
        #[column(index)]
        bed: i32,
        tags: Vec<String>,
        #[column(sql_type = PostgresType::Inet)]
        address: String,
        #[column(sql_type = Type::Interval.precision(3))]
        pause: Option<i64>,
        #[column(precision = 3)]
        seen: Moment,
        #[column(precision = 0)]
        asked: Option<Moment>,
        r#match: bool,
        #[column(charset = "ascii", server_onupdate = "CURRENT_TIMESTAMP", invisible)]
        stamp: Option<String>,
        #[column(skip)]
        cache: std::collections::HashMap<String, String>,
    }
}

#[test]
fn everything_that_a_field_can_say() {
    let expected = Table::new("everything_on_a_field")
        .column(
            Column::new("key", Type::BigInteger)
                .primary_key()
                .identity(),
        )
        .column(
            Column::new("email", Type::custom("citext"))
                .not_null()
                .collation("C")
                .comment("as typed"),
        )
        .column(
            Column::new("country", Type::Char(2))
                .not_null()
                .server_default("'de'"),
        )
        .column(Column::new("phone", Type::Varchar(20)))
        .column(Column::new("maybe", Type::BigInteger))
        .column(Column::new("surely", Type::BigInteger).not_null())
        .column(Column::new("cents", Type::Decimal(12, 2)).not_null())
        .column(Column::new("whole", Type::Decimal(5, 0)).not_null())
        .column(
            Column::new("height", Type::Double)
                .not_null()
                .check("height > 0")
                .index(),
        )
        .column(
            Column::new("double", Type::Double)
                .not_null()
                .generated_stored("height * 2"),
        )
        .column(
            Column::new("triple", Type::Double)
                .not_null()
                .generated_virtual("height * 3"),
        )
        .column(Column::new("number", Type::Integer).identity())
        .column(Column::new("strict_number", Type::Integer).identity_always())
        .column(
            Column::new("ward", Type::Integer)
                .references(("clinic", "wards"), "id")
                .on_delete(Action::SetNull)
                .on_update(Action::Restrict)
                .deferrable(Deferrable::Deferred),
        )
        .column(
            Column::new("bed", Type::Integer)
                .not_null()
                .references("beds", "id")
                .deferrable(Deferrable::Immediate)
                .index(),
        )
        .column(Column::new("tags", Type::String.array()).not_null())
        .column(Column::new("address", PostgresType::Inet).not_null())
        .column(Column::new("pause", Type::Interval.precision(3)))
        .column(Column::new("seen", Type::Timestamp.precision(3)).not_null())
        .column(Column::new("asked", Type::Timestamp.precision(0)))
        .column(Column::new("match", Type::Boolean).not_null())
        .column(
            Column::new("stamp", Type::String)
                .charset("ascii")
                .server_onupdate("CURRENT_TIMESTAMP")
                .invisible(),
        );
    assert_eq!(EverythingOnAField::table(), expected);
}

models! {
    #[derive(Table)]
    #[table(
        schema = "clinic",
        name = "stays",
        comment = "who lies where",
        strict, without_rowid, autoincrement,
        primary_key("bed", "ward", name = "stays_key"),
        unique("patient", name = "one_bed", initially_deferred, nulls_not_distinct),
        unique("patient", "note", deferrable),
        check("ward > 0", name = "ward_positive"),
        check("bed > 0"),
        foreign_key(
            columns("ward", "bed"), references = "clinic.beds", referred("ward", "number"),
            on_delete = "cascade", on_update = "no action", deferrable, match_full, name = "in_bed",
        ),
        index("ward", desc("bed"), name = "ix_stays"),
        index(expr = "lower(note)", unique, predicate = "patient > 0", include("ward", "bed"), nulls_not_distinct),
        index(
            desc("patient", nulls_last),
            "ward",
            asc(expr = "upper(note)", opclass = "text_pattern_ops", collation = "C", nulls_first),
            method = "btree",
        ),
    )]
    struct Stay {
        ward: i32,
        bed: i32,
        patient: i64,
        note: Option<String>,
    }
}

#[test]
fn everything_that_a_table_can_say() {
    let mixed = Index::on([
        IndexPart::column("patient").desc().nulls_last(),
        IndexPart::column("ward"),
        IndexPart::expr("upper(note)")
            .opclass("text_pattern_ops")
            .collation("C")
            .nulls_first(),
    ])
    .method("btree");
    assert_eq!(mixed.parts[0].nulls, Some(Nulls::Last));
    let stays = IndexPart::column("bed").desc();
    let expected = Table::new(("clinic", "stays"))
        .comment("who lies where")
        .strict()
        .without_rowid()
        .autoincrement()
        .column(Column::new("ward", Type::Integer).not_null())
        .column(Column::new("bed", Type::Integer).not_null())
        .column(Column::new("patient", Type::BigInteger).not_null())
        .column(Column::new("note", Type::String))
        .constraint(PrimaryKey::new(["bed", "ward"]).named("stays_key"))
        .constraint(
            Unique::new(["patient"])
                .named("one_bed")
                .deferrable(Deferrable::Deferred)
                .nulls_not_distinct(),
        )
        .constraint(Unique::new(["patient", "note"]).deferrable(Deferrable::Immediate))
        .foreign_key(
            ForeignKey::new(["ward", "bed"], ("clinic", "beds"), ["ward", "number"])
                .named("in_bed")
                .on_delete(Action::Cascade)
                .on_update(Action::NoAction)
                .deferrable(Deferrable::Immediate)
                .match_full(),
        )
        .check(Check::new("ward > 0").named("ward_positive"))
        .check(Check::new("bed > 0"))
        .index(Index::new("ix_stays", [IndexPart::column("ward"), stays]))
        .index(
            Index::on([IndexPart::expr("lower(note)")])
                .unique()
                .predicate("patient > 0")
                .include(["ward", "bed"])
                .nulls_not_distinct(),
        )
        .index(mixed);
    assert_eq!(Stay::table(), expected);
}

/// Which lone keys are numbered by the database, and which are not.
mod keys {
    use super::*;

    models! {
        #[derive(Table)]
        struct Lone { #[column(primary_key)] id: u8 }
        #[derive(Table)]
        #[table(primary_key("id"))]
        struct OnTheStruct { id: i64, other: i64 }
        #[derive(Table)]
        struct Text { #[column(primary_key)] id: String }
        #[derive(Table)]
        struct Big { #[column(primary_key)] id: u64 }
        #[derive(Table)]
        struct Maybe { #[column(primary_key)] id: Option<i32> }
        #[derive(Table)]
        struct Off { #[column(primary_key, autoincrement = false)] id: i32 }
        #[derive(Table)]
        struct Defaulted { #[column(primary_key, server_default = "7")] id: i32 }
        #[derive(Table)]
        struct Referring { #[column(primary_key, references = "a.id")] id: i32 }
        #[derive(Table)]
        #[table(foreign_key(columns("id"), references = "a", referred("id")))]
        struct ReferringBelow { #[column(primary_key)] id: i32 }
        #[derive(Table)]
        struct Typed { #[column(primary_key, type = "serial")] id: i32 }
        #[derive(Table)]
        struct TypedInteger { #[column(primary_key, sql_type = Type::SmallInteger)] id: String }
        #[derive(Table)]
        struct Composite { #[column(primary_key)] a: i32, #[column(primary_key)] b: i32 }
        #[derive(Table)]
        struct Always { #[column(primary_key, identity = "always")] id: i32 }
    }

    fn numbered<M: Model>() -> Option<Identity> {
        let table = M::table();
        let key = table.find_primary_key().unwrap();
        for name in &key.columns {
            assert!(!table.find_column(name).unwrap().nullable, "{name}");
        }
        assert_eq!(key.columns[0], table.columns[0].name);
        table.columns[0].identity.clone()
    }

    #[test]
    fn a_lone_integer_key_is_numbered() {
        let by_default = Some(Identity::BY_DEFAULT);
        assert_eq!(numbered::<Lone>(), by_default);
        assert_eq!(numbered::<OnTheStruct>(), by_default);
        assert_eq!(OnTheStruct::table().columns[1].identity, None);
        assert_eq!(numbered::<Maybe>(), by_default);
        assert_eq!(numbered::<TypedInteger>(), by_default);
        assert_eq!(numbered::<Always>(), Some(Identity::ALWAYS));
    }

    #[test]
    fn what_gets_its_value_elsewhere_is_not() {
        assert_eq!(numbered::<Text>(), None);
        assert_eq!(numbered::<Big>(), None);
        assert_eq!(numbered::<Off>(), None);
        assert_eq!(numbered::<Defaulted>(), None);
        assert_eq!(numbered::<Referring>(), None);
        assert_eq!(numbered::<ReferringBelow>(), None);
        assert_eq!(numbered::<Typed>(), None);
        assert_eq!(numbered::<Composite>(), None);
        let table = Composite::table();
        assert_eq!(table.find_primary_key().unwrap().columns.len(), 2);
    }
}

/// A model module may use the names that the generated code uses.
mod names {
    #![allow(dead_code)]

    struct Option;
    struct String;
    struct Vec;
    struct Column;
    struct Type;
    struct Model;
    struct SqlType;

    #[derive(aludel::Table)]
    struct Table {
        #[column(unique)]
        name: std::string::String,
        maybe: core::option::Option<i32>,
    }

    #[derive(aludel::Enum)]
    enum Enum {
        None,
        Some,
    }

    #[test]
    fn they_do_not_get_in_the_way() {
        let table = <Table as aludel::schema::Model>::table();
        assert_eq!(table.name.to_string(), "table");
        assert!(matches!(table.constraints[0], super::Constraint::Unique(_)));
    }
}

/// Fields whose type a `macro_rules!` passed on come in invisible groups.
#[test]
fn an_option_is_seen_through_a_macro() {
    macro_rules! model {
        ($ty:ty) => {
            #[derive(Table)]
            #[allow(dead_code)]
            struct Grouped {
                field: $ty,
            }
        };
    }
    model!(Option<i32>);
    assert!(Grouped::table().columns[0].nullable);
}

/// Attributes of other derives stand beside ours.
#[test]
fn other_derives_are_not_disturbed() {
    #[derive(Table, Debug, Clone, Default, serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Named {
        #[serde(skip)]
        #[column(name = "given")]
        first_name: String,
    }
    assert!(Named::table().has_column("given"));
    assert!(Named::default().first_name.is_empty());
}

#[cfg(feature = "registered")]
#[test]
fn registered_models_are_found_in_the_order_of_their_names() {
    let names = |it: Metadata| format!("{it:?}");
    let found = names(Metadata::registered());
    let place = |name: &str| found.find(&format!("name: Ident(\"{name}\")")).unwrap();
    assert!(place("everything_on_a_field") < place("stays"));
    assert_eq!(found, names(Metadata::registered()));
}

#[test]
fn names_that_things_had_before_are_no_part_of_equality() {
    #[derive(Enum)]
    #[enumeration(name = "mood", renamed_from = "temper")]
    enum Mood {
        Glad,
    }

    #[derive(Table)]
    #[table(name = "people", renamed_from = "patients")]
    #[allow(dead_code, reason = "only the table is looked at")]
    struct Person {
        id: i32,
        #[column(renamed_from = "name")]
        full_name: String,
        mood: Mood,
    }

    let _ = Mood::Glad;
    let table = Person::table();
    assert_eq!(table.former.0, Some("patients".into()));
    let column = table.find_column("full_name").unwrap();
    assert_eq!(column.former.0, Some("name".into()));
    let mood = Mood::sql_type();
    assert_eq!(mood.as_enum().unwrap().former.0, Some("temper".into()));
    assert_eq!(mood, Type::enumeration("mood", ["glad"]));
    let plain = Table::new("people")
        .column(Column::new("id", Type::Integer).not_null())
        .column(Column::new("full_name", Type::String).not_null())
        .column(Column::new("mood", Type::enumeration("mood", ["glad"])).not_null());
    assert_eq!(table, plain);
}
