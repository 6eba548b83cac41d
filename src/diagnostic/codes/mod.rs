//! The registry of finding codes: numbers and names are stable, texts may improve.
//!
//! One file a stage; `S` sources, `F` forms, `C` checks, `N` narratives, `T` prose, `P`
//! pages and publishing.

mod check;
mod claims;
mod consistency;
mod content;
mod hygiene;
mod load;
mod narrative;
mod publish;
mod render;

use super::Code;

/// Every code, stage by stage, in order of its number.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    let checks = [check::CODES, consistency::CODES, content::CODES];
    let prose = [narrative::CODES, claims::CODES, hygiene::CODES];
    [load::CODES].into_iter().chain(checks).chain(prose).chain([render::CODES, publish::CODES]).flatten()
}

/// The code with this number.
///
/// # Panics
/// When there is none: a mistake in the program, found by any test that reaches it.
pub fn code(id: &str) -> &'static Code {
    codes().find(|code| code.id == id).unwrap_or_else(|| panic!("no finding code {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_and_names_are_unique_and_every_code_is_documented() {
        let ids: BTreeSet<_> = codes().map(|code| code.id).collect();
        let names: BTreeSet<_> = codes().map(|code| code.name).collect();
        assert_eq!((ids.len(), names.len()), (codes().count(), codes().count()));
        assert!(codes().all(|code| !code.title.is_empty() && code.docs.chars().count() >= 12));
    }
}
