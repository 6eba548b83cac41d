use super::{Finding, SourceMap};
/// stub
pub fn to_json(_: &[Finding], _: &SourceMap) -> String {
    String::new()
}
