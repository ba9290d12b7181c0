use aludel::prelude::*;

#[derive(Table)]
struct Tuple(i32, String);

#[derive(Table)]
struct Unit;

#[derive(Table)]
struct Empty {}

#[derive(Table)]
enum Status {
    Planned,
}

#[derive(Table)]
union Either {
    a: i32,
    b: f32,
}

#[derive(Table)]
struct Skipped {
    #[column(skip)]
    a: i32,
}

fn main() {}
