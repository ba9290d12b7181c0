//! Every choice out of five renames, there and back.

use super::support::on_each;
use aludel::prelude::*;
use aludel::run::autogenerate::Options;

/// What is called how: under its first name, or under its second, if the bit of it is set.
struct Names(u32);

impl Names {
    const ALL: [(&'static str, &'static str); 5] = [
        ("patients", "People"),
        ("id", "number"),
        ("name", "full name"),
        ("visits", "select"),
        ("patient", "of_patient"),
    ];

    fn is_second(&self, at: usize) -> bool {
        self.0 & (1 << at) != 0
    }

    fn of(&self, at: usize) -> &'static str {
        let (first, second) = Self::ALL[at];
        if self.is_second(at) { second } else { first }
    }

    fn column(&self, at: usize, ty: Type) -> Column {
        let column = Column::new(self.of(at), ty).not_null();
        match self.is_second(at) {
            true => column.renamed_from(Self::ALL[at].0),
            false => column,
        }
    }

    fn table(&self, at: usize) -> Table {
        let table = Table::new(self.of(at));
        match self.is_second(at) {
            true => table.renamed_from(Self::ALL[at].0),
            false => table,
        }
    }

    /// Models in which everything names everything; `quote` is the database's own.
    fn models(&self, quote: char) -> Metadata {
        let quoted = |at: usize| format!("{quote}{}{quote}", self.of(at));
        let long = |length: usize| format!("length({}) > {length}", quoted(2));
        let patients = self
            .table(0)
            .column(self.column(1, Type::Integer).primary_key())
            .column(self.column(2, Type::Varchar(40)).unique().check(long(1)))
            .column(
                Column::new("size", Type::Integer)
                    .generated_stored(format!("length({})", quoted(2))),
            )
            .index(Index::on([
                IndexPart::column(self.of(2)).desc(),
                IndexPart::column("size"),
            ]));
        let key =
            ForeignKey::new([self.of(4)], self.of(0), [self.of(1)]).on_delete(Action::Cascade);
        let visits = self
            .table(3)
            .column(Column::new("id", Type::Integer).primary_key())
            .column(self.column(4, Type::Integer).index())
            .foreign_key(key);
        let query = format!(
            "SELECT a.{} AS who FROM {} AS a JOIN {} AS b ON a.{} = b.{}",
            quoted(2),
            quoted(0),
            quoted(3),
            quoted(1),
            quoted(4)
        );
        Metadata::new()
            .table(patients)
            .table(visits)
            .view("visitors", query)
    }
}

#[test]
fn any_of_them_together() {
    on_each(async |place| {
        let quote = if place.name == "mariadb" { '`' } else { '"' };
        let before = Names(0).models(quote);
        place.create(&before).await;
        place
            .execute("INSERT INTO patients (id, name) VALUES (7, 'Ada'); INSERT INTO visits VALUES (1, 7)")
            .await;
        for mask in 1..32 {
            let after = Names(mask).models(quote);
            let draft = place.draft(&after, &Options::default()).await.unwrap();
            let lost: Vec<String> = draft
                .up
                .iter()
                .map(|it| it.summary())
                .filter(|it| it.starts_with("drop column") || it.starts_with("drop table"))
                .collect();
            assert_eq!(lost, [""; 0], "{} {mask}", place.name);
            place
                .there_and_back(draft, &before, &after, async |place| {
                    assert_eq!(place.rows("SELECT who FROM visitors").await, ["Ada"]);
                })
                .await;
            assert_eq!(place.rows("SELECT who FROM visitors").await, ["Ada"]);
        }
    });
}
