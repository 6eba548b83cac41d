//! The registry of finding codes: numbers and names are stable, texts may improve.
//!
//! One file a stage; `S` sources, `F` forms, `C` checks, `N` narratives, `T` words and figures, `P` pages and
//! publishing.

mod check;
mod claims;
mod consistency;
mod content;
mod hygiene;
mod load;
mod narrative;
mod publish;
mod render;

use std::sync::LazyLock;

use super::{Code, GROUPS};

/// Every code, stage by stage, in order of its number.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    IN_ORDER.iter().copied()
}

/// The codes of all files: the checks have several, and their numbers go from one to the other.
static IN_ORDER: LazyLock<Vec<&'static Code>> = LazyLock::new(|| {
    let files = [
        load::CODES,
        check::CODES,
        consistency::CODES,
        content::CODES,
        narrative::CODES,
        claims::CODES,
        hygiene::CODES,
        render::CODES,
        publish::CODES,
    ];
    let stage = |code: &Code| GROUPS.iter().position(|group| code.id.starts_with(group.letter));
    let mut codes: Vec<&Code> = files.into_iter().flatten().collect();
    codes.sort_unstable_by_key(|code| (stage(code), code.id));
    codes
});

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

    #[test]
    fn codes_come_stage_by_stage_in_order_of_their_numbers() {
        let ids: Vec<&str> = codes().map(|code| code.id).collect();
        let by_stage = GROUPS.iter().flat_map(|group| {
            let mut own: Vec<&str> = ids.iter().copied().filter(|id| id.starts_with(group.letter)).collect();
            own.sort_unstable();
            own
        });
        assert_eq!(ids, by_stage.collect::<Vec<_>>());
    }
}
