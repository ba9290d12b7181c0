use aludel::prelude::*;

#[derive(Table)]
struct Visit {
    #[column(length = 3)]
    id: i32,
    #[column(precision = 3)]
    name: String,
}

fn main() {}
