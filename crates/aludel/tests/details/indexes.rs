//! What indexes and constraints have beside their columns.

use crate::support::Live;
use aludel::prelude::*;

fn patients() -> Table {
    Table::new("Patients")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("code", Type::Varchar(20)).not_null())
        .unique(["id", "code"])
}

fn visits() -> Table {
    Table::new("Visits")
        .column(Column::new("id", Type::Integer).not_null())
        .column(Column::new("patient", Type::Integer))
        .column(Column::new("code", Type::Varchar(20)))
        .column(Column::new("note", Type::Text))
}

fn models(visits: Table) -> Metadata {
    Metadata::new().table(patients()).table(visits)
}

/// The first of the tables becomes each of the others, and each the next one.
async fn each_becomes_another(live: Option<Live>, tables: &[Table]) {
    let Some(live) = live else {
        return;
    };
    let first = models(tables[0].clone());
    live.create(&first).await;
    for other in &tables[1..] {
        live.there_and_back(&first, &models(other.clone())).await;
    }
    for pair in tables.windows(2) {
        let (from, to) = (models(pair[0].clone()), models(pair[1].clone()));
        if pair[0] != tables[0] {
            live.settle(&from).await;
            live.there_and_back(&from, &to).await;
        }
    }
}

#[tokio::test]
async fn keys_on_postgres() {
    let key = |it: PrimaryKey| visits().constraint(it.named("pk"));
    let unique = |it: Unique| visits().constraint(it.named("uq"));
    let tables = [
        visits(),
        key(PrimaryKey::new(["id"])),
        key(PrimaryKey::new(["id"]).include(["code", "note"])),
        key(PrimaryKey::new(["id"]).deferrable(Deferrable::Deferred)),
        unique(Unique::new(["code"])),
        unique(Unique::new(["code"]).include(["note"])),
        unique(Unique::new(["code"]).nulls_not_distinct()),
        unique(Unique::new(["code"]).deferrable(Deferrable::Immediate)),
    ];
    each_becomes_another(Live::postgres(), &tables).await;
}

#[tokio::test]
async fn foreign_keys_on_postgres() {
    let key = |change: fn(ForeignKey) -> ForeignKey| {
        let key = ForeignKey::new(["patient", "code"], "Patients", ["id", "code"]);
        visits().foreign_key(change(key.named("fk")))
    };
    let tables = [
        key(|it| it),
        key(ForeignKey::match_full),
        key(|it| it.deferrable(Deferrable::Immediate)),
        key(|it| it.deferrable(Deferrable::Deferred)),
        key(|it| it.on_delete(Action::Cascade).on_update(Action::SetNull)),
    ];
    each_becomes_another(Live::postgres(), &tables).await;
}

#[tokio::test]
async fn checks_on_postgres() {
    let check =
        |change: fn(Check) -> Check| visits().check(change(Check::new("patient > 0").named("ck")));
    let tables = [check(|it| it), check(Check::no_inherit)];
    each_becomes_another(Live::postgres(), &tables).await;
    let Some(live) = Live::postgres() else {
        return;
    };
    // Whether the rows that were there before were looked at is no part of what a model says.
    live.create(&models(check(Check::not_valid))).await;
    assert!(live.difference(&models(check(|it| it))).await.is_empty());
}

#[tokio::test]
async fn indexes_on_postgres() {
    let index = |change: fn(Index) -> Index| visits().index(change(Index::new("Ix", ["code"])));
    let tables = [
        index(|it| it),
        index(|it| it.comment("it's")),
        index(|it| it.comment("other")),
        index(|it| it.include(["note"]).comment("other")),
        index(|it| it.unique().nulls_not_distinct()),
        index(|it| it.parameter("fillfactor", "70")),
        index(|it| it.method("hash")),
    ];
    each_becomes_another(Live::postgres(), &tables).await;
}

#[tokio::test]
async fn indexes_on_mariadb() {
    let index = |change: fn(Index) -> Index| visits().index(change(Index::new("Ix", ["code"])));
    let tables = [
        index(|it| it),
        index(|it| it.comment("it's")),
        index(|it| it.comment("other")),
        index(|it| it.unique().comment("other")),
        index(Index::invisible),
        index(|it| it.class(IndexClass::FullText)),
        visits().index(Index::new("Ix", [IndexPart::column("code").length(3)])),
        visits().index(Index::new("Ix", [IndexPart::column("code").desc()])),
    ];
    each_becomes_another(Live::mariadb(), &tables).await;
}

/// A comment is changed by itself, where the index says which it is.
#[tokio::test]
async fn a_comment_makes_no_index_anew() {
    for live in [Live::postgres(), Live::mariadb()] {
        let Some(live) = live else {
            return;
        };
        let of = |comment: &str| visits().index(Index::new("Ix", ["code"]).comment(comment));
        let a = models(of("one"));
        live.create(&a).await;
        let b = models(of("two"));
        let found = live.there_and_back(&a, &b).await;
        assert_eq!(found, ["comment on index 'Ix'"]);
    }
}

/// The same name on two tables, as MySQL has it.
#[tokio::test]
async fn indexes_of_one_name() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    let of = |comment: &str| {
        let index = || Index::new("Ix", ["code"]).comment(comment);
        let models = Metadata::new().table(patients().index(index()));
        models.table(visits().index(index()))
    };
    live.create(&of("one")).await;
    live.there_and_back(&of("one"), &of("two")).await;
}
