use aludel::prelude::*;

#[derive(Table)]
struct Visit {
    #[column(length = 3)]
    id: i32,
    #[column(precision = 3)]
    name: String,
    #[column(precision = 3, scale = 1)]
    share: f64,
}

fn main() {}
