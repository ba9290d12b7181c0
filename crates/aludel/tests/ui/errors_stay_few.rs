use aludel::prelude::*;

#[derive(Table)]
struct Visit {
    #[column(lenght = 3)]
    id: i32,
}

fn used() {
    let _ = metadata![Visit].schema();
    let _ = Visit::table();
}

fn main() {}
