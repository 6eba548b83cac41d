//! Budget units: 部门 with the 单位 under them.

use crate::diagnostic::Place;

/// A 单位 (one accounting unit) or a 部门 (with the units under it).
#[derive(Clone, Debug)]
pub struct Unit {
    /// The directory name: lower-case ASCII.
    pub id: String,
    /// The full name.
    pub name: String,
    /// A shorter name for lists.
    pub short: String,
    /// Other names that it is found by: earlier ones, those that people use.
    pub aliases: Vec<String>,
    /// The regions it lies in, largest first: 湖北省, 武汉市, 蔡甸区.
    pub region: Vec<String>,
    /// The level of government: 区级.
    pub level: String,
    /// 单位 or 部门.
    pub kind: String,
    /// The id of the 部门 it belongs to.
    pub parent: Option<String>,
    /// What sort of body it is: 公益一类事业单位.
    pub nature: Option<String>,
    /// What it does, unless a disclosure says otherwise for its year.
    pub about: About,
    /// Where it is described.
    pub place: Place,
}

/// 单位概况: duties and organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// 主要职责, one item each.
    pub duties: Vec<String>,
    /// 机构设置, paragraphs parted by blank lines.
    pub organisation: Option<String>,
    /// 内设机构.
    pub divisions: Vec<String>,
}
