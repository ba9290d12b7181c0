use aludel::prelude::*;

#[derive(Table)]
#[table(nmae = "patients")]
struct Patient {
    id: i32,
}

fn main() {}
