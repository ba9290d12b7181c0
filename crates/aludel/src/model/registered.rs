//! Models found by linking: each derived table leaves a record that `Metadata::registered()` reads.

use crate::schema::{Metadata, Table};

/// The record that `#[derive(Table)]` leaves.
#[doc(hidden)]
pub struct Registration(pub fn() -> Table);

inventory::collect!(Registration);

impl Metadata {
    /// Every `#[derive(Table)]` that is linked in, by name, with no list to keep (feature `registered`).
    ///
    /// A crate whose models are to be found must be linked: `use clinic as _;` is enough. Where nothing is, the metadata
    /// [is empty](Metadata::is_empty).
    ///
    /// ```standalone_crate
    /// use aludel::prelude::*;
    ///
    /// #[derive(Table)]
    /// #[table(name = "patients")]
    /// struct Patient {
    ///     #[column(primary_key)]
    ///     id: i32,
    /// }
    ///
    /// assert!(Metadata::registered().schema().unwrap().table("patients").is_some());
    /// ```
    pub fn registered() -> Self {
        let mut tables: Vec<Table> = inventory::iter::<Registration>
            .into_iter()
            .map(|it| it.0())
            .collect();
        // The linker's order is nobody's; names are the same on every machine.
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        tables.into_iter().fold(Self::new(), Self::table)
    }
}
