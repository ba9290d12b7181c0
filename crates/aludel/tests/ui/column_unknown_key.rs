use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(lenght = 32)]
    phone: String,
    #[column(formerly = "mail")]
    email: String,
}

fn main() {}
