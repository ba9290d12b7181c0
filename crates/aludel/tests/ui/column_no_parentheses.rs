use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column]
    phone: String,
    #[column = "email"]
    email: String,
}

fn main() {}
