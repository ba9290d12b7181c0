use aludel::prelude::*;

#[derive(Table)]
struct Visit {
    #[column(name = "b")]
    a: i32,
    b: i32,
    #[column(name = "b")]
    c: i32,
}

fn main() {}
