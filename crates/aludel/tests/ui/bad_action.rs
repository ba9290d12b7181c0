use aludel::prelude::*;

#[derive(Table)]
#[table(foreign_key(columns("id"), references = "beds", referred("id"), on_update = "set_null"))]
struct Visit {
    id: i32,
    #[column(references = "patients.id", on_delete = "casacde")]
    patient_id: i32,
}

fn main() {}
