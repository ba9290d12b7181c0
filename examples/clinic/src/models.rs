//! The tables, as the application sees them.

use aludel::prelude::*;
use chrono::NaiveDate;

/// A person under care.
#[derive(Table, Debug, Clone, sqlx::FromRow)]
#[table(name = "patients")]
pub struct Patient {
    #[column(primary_key)]
    pub id: i32,
    #[column(unique, index)]
    pub patient_id: Option<String>,
    pub first_name: String,
    pub last_name: String,
    #[column(unique)]
    pub email: Option<String>,
    #[column(length = 32)]
    pub phone: Option<String>,
    pub date_of_birth: NaiveDate,
    pub gender: Option<String>,
}

/// A patient's visit to the practice.
#[derive(Table, Debug, Clone)]
#[table(
    name = "visits",
    index("visit_date", "patient_id"),
    check("visit_date >= '1900-01-01'")
)]
pub struct Visit {
    #[column(primary_key)]
    pub id: i32,
    #[column(references = "patients.patient_id", on_delete = "cascade")]
    pub patient_id: Option<String>,
    pub visit_date: NaiveDate,
    #[column(server_default = "'completed'")]
    pub status: VisitStatus,
    pub vital_signs: Option<serde_json::Value>,
    #[column(sql_type = Type::Text)]
    pub notes: Option<String>,
}

/// How far a visit has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitStatus {
    Planned,
    Completed,
    Cancelled,
}

/// A drug that was prescribed at a visit.
#[derive(Table, Debug, Clone, sqlx::FromRow)]
#[table(name = "prescriptions")]
pub struct Prescription {
    #[column(primary_key, length = 20)]
    pub number: String,
    #[column(references = "visits.id", on_delete = "cascade")]
    pub visit_id: Option<i32>,
    pub drug: String,
    pub quantity: Option<i32>,
}
