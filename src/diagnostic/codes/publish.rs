//! Publishing: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "P010",
        "link-to-nowhere",
        Severity::Error,
        "链接没有去处",
        "生成的页面里有链接指向站内不存在的文件或位置。请改正链接，或补上它所指的内容。",
    ),
    Code::new(
        "P011",
        "bad-anchor",
        Severity::Error,
        "锚点有误",
        "页内链接没有去处，或同一个锚点出现了两次。多由自写文字里重复的标题引起，请改标题或链接。",
    ),
    Code::new(
        "P012",
        "staged-file-altered",
        Severity::Error,
        "写入不一致",
        "文件写入后重读，内容与生成的不一致，没有发布。请检查磁盘后重新生成。",
    ),
    Code::new(
        "P020",
        "url-gone",
        Severity::Error,
        "网址不见了",
        "urls.lock 登记了以前公开的网址，其中有的现在没有页面，也没有转向，别人的链接和引用会失效。单位改名或页面移动的，在 site.toml 写 [[redirects]]；误删的请恢复；从未对外公开或依法撤下的，从 urls.lock 删去。",
    ),
    Code::new(
        "P021",
        "bad-redirect",
        Severity::Error,
        "转向有误",
        "site.toml 的 [[redirects]] 有一条不能用：指向不存在的页面，绕了圈子，写了两次，所转的网址仍有页面，或者写法不对。请按提示改正。",
    ),
    Code::new(
        "P022",
        "idle-redirect",
        Severity::Warning,
        "转向用不上",
        "site.toml 的 [[redirects]] 有一条转的是目录，而 urls.lock 中没有这个目录下的网址。可能写错了路径，或者 urls.lock 丢失了。",
    ),
    Code::new(
        "P023",
        "bad-url-lock",
        Severity::Error,
        "网址登记有误",
        "urls.lock 每行一个网址，由 disclose build 登记，与源文件一起保存。有的行不是网址，多半是合并版本时留下的标记；请删去标记，两边的网址都保留。",
    ),
    Code::new(
        "P024",
        "kept-file-lost",
        Severity::Error,
        "沿用的文件不在",
        "草稿或暂不发布的一份沿用上次公开的文件，而这个文件已经不在，或者与清单 MANIFEST 不一致，没有发布。请用 disclose verify 查看，从备份恢复后重新生成。",
    ),
    Code::new(
        "P025",
        "sources-changed",
        Severity::Error,
        "生成时源文件被改动",
        "检查通过以后、网页写完以前，源文件又被改动，没有检查过的内容不能发布。请等文件改完保存以后，再生成一次。",
    ),
];
