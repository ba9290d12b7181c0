use aludel::prelude::*;

#[derive(Table)]
struct Visit<'a, T> {
    id: i32,
    note: &'a T,
}

fn main() {}
