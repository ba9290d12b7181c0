use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(unique, length = 32, unique)]
    #[column(length = 33)]
    phone: String,
}

fn main() {}
