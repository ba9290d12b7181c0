use aludel::prelude::*;

#[derive(Table)]
struct Visit {
    #[column(sql_type = "text")]
    name: String,
    #[column(sql_type = Type::Texxt)]
    note: String,
}

fn main() {}
