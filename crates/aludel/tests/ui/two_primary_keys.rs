use aludel::prelude::*;

#[derive(Table)]
#[table(primary_key("a", "b"), primary_key("a"))]
struct Visit {
    #[column(primary_key)]
    a: i32,
    b: i32,
}

fn main() {}
