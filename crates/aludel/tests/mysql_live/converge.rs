//! From any schema to any other: what the difference says runs, and leaves no difference.

use super::support::{Live, model};
use aludel::prelude::*;
use aludel::schema::{Ident, Schema};

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

fn column(dice: &mut Dice, name: &str) -> Column {
    let mood = dice.pick(&[&["sad", "ok"][..], &["ok", "sad", "glad"][..]]);
    let choices = [
        (Type::Integer, "7"),
        (Type::BigInteger, "(1 + 2)"),
        (Type::Varchar(9), "'x'"),
        (Type::String, "'a''b'"),
        (Type::Decimal(8, 2), "1.5"),
        (Type::Boolean, "true"),
        (Type::TimestampTz, "now()"),
        (Type::Timestamp.precision(0), "CURRENT_TIMESTAMP"),
        (Type::Json, "'{}'"),
        (Type::Text, "'long'"),
        (Type::Date, "curdate()"),
        (Type::enumeration("mood", mood.iter().copied()), "'ok'"),
    ];
    let (ty, default) = dice.pick(&choices);
    let mut column = Column::new(name, ty);
    if dice.one_in(3) {
        column = column.server_default(default);
    }
    if dice.one_in(3) {
        column = column.not_null();
    }
    if dice.one_in(4) {
        column = column.comment(dice.pick(&["one", "it's"]));
    }
    column
}

fn table(dice: &mut Dice, name: &str, others: &[&str]) -> Table {
    let mut table = Table::new(name);
    let id = Column::new(
        "id",
        dice.pick(&[Type::Integer, Type::Integer, Type::Integer]),
    );
    table = table.column(match dice.one_in(2) {
        true => id.identity().primary_key(),
        false => id.primary_key(),
    });
    for name in ["a", "b", "c", "d"] {
        if !dice.one_in(3) {
            table = table.column(column(dice, name));
        }
    }
    for other in others {
        if dice.one_in(2) {
            let name = format!("{other}_id");
            table = table.column(Column::new(name.as_str(), Type::Integer));
            let mut key = ForeignKey::new([name.as_str()], *other, ["id"]);
            if dice.one_in(2) {
                key = key.on_delete(dice.pick(&[Action::Cascade, Action::SetNull]));
            }
            table = table.foreign_key(key);
            match dice.roll(4) {
                0 => table = table.index(Index::on([name.as_str()])),
                1 => table = table.unique([name.as_str(), "id"]),
                2 => table = table.index(Index::on(["id", name.as_str()])),
                _ => {}
            }
        }
    }
    with_more(dice, table)
}

fn with_more(dice: &mut Dice, mut table: Table) -> Table {
    let keyable = |it: &Column| {
        !matches!(it.ty.written, Type::Text | Type::Json)
            && it.name != "id"
            && !it.name.ends_with("_id")
    };
    let names: Vec<Ident> = table
        .columns
        .iter()
        .filter(|it| keyable(it))
        .map(|it| it.name.clone())
        .collect();
    for name in &names {
        match dice.roll(6) {
            0 => table = table.index(Index::on([IndexPart::column(name.clone())])),
            1 => table = table.unique([name.clone(), "id".into()]),
            2 => table = table.check(Check::new(format!("{name} is null or length({name}) >= 0"))),
            3 => {
                let parts = [
                    IndexPart::column(name.clone()).desc(),
                    IndexPart::column("id"),
                ];
                table = table.index(Index::on(parts).unique());
            }
            _ => {}
        }
    }
    if dice.one_in(3) && !names.is_empty() {
        let expr = format!("coalesce(length({}), 0)", names[0]);
        let column = Column::new("g", Type::Integer);
        table = table.column(match dice.one_in(2) {
            true => column.generated_stored(expr),
            false => column.generated_virtual(expr),
        });
    }
    if dice.one_in(3) {
        table = table.comment("a table");
    }
    table
}

fn schema(dice: &mut Dice) -> Schema {
    let mut tables = vec![table(dice, "t0", &["t0"])];
    if !dice.one_in(4) {
        tables.push(table(dice, "t1", &["t0", "t1"]));
    }
    if !dice.one_in(4) && tables.len() == 2 {
        tables.push(table(dice, "t2", &["t1", "t0"]));
    }
    let mut metadata = Metadata::new();
    // One enum type has one list of values in a model.
    let mut mood = None;
    for mut table in tables {
        for column in &mut table.columns {
            if let Type::Enum(ty) = &mut column.ty.written {
                *ty = mood.get_or_insert_with(|| ty.clone()).clone();
            }
        }
        metadata = metadata.table(table);
    }
    metadata.schema().unwrap()
}

#[tokio::test]
async fn any_schema_becomes_any_other() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let mut dice = Dice(20240229);
    let mut was = model([]);
    for round in 0..60 {
        let model = schema(&mut dice);
        let now = live.inspect().await;
        let wanted = live.canonical(&model).await.0;
        live.change(&now, &wanted).await;
        let left = live.differences(&model, &[]).await;
        assert_eq!(left, (Vec::new(), true), "round {round}: from {was:#?}");
        was = model;
    }
}
