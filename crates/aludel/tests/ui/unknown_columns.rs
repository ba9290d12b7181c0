use aludel::prelude::*;

#[derive(Table)]
#[table(
    index("no_such_column", desc("nor_this"), include("nor_that")),
    unique("id", "nope"),
    primary_key("key"),
    foreign_key(columns("ward"), references = "wards", referred("id")),
)]
struct Visit {
    id: i32,
    #[column(name = "visit_date")]
    date: String,
}

fn main() {}
