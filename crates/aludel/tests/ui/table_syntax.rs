use aludel::prelude::*;

#[derive(Table)]
#[table(name = )]
struct Visit {
    #[column(unique index)]
    id: i32,
}

fn main() {}
