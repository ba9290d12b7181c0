//! STUB
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct GraphError;
/// x
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionId(String);
impl std::fmt::Display for RevisionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
