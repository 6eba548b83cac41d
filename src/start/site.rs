//! `disclose init`: a site that builds at once, with an example to go on from.

use std::path::Path;

use super::{StartError, empty_folder, example, schemas, write_new};
use crate::load::load;
use crate::load::scaffold::site_text;

/// Writes a new site into an empty folder: settings, schemas for editors, an example unit with
/// one disclosure, and what to do next. Forms, theme and glossary are in the program. Answers
/// with the paths of what was written, in order.
///
/// # Errors
/// [`StartError`] when the folder is not empty or cannot be written.
pub fn new_site(root: &Path) -> Result<Vec<String>, StartError> {
    empty_folder(root)?;
    let site = load(root)?.site;
    let mut files = vec![
        ("site.toml".to_owned(), site_text("示例县预决算公开（示例）", "示例县财政局（示例）")),
        (".gitignore".to_owned(), IGNORED.to_owned()),
        ("README.md".to_owned(), read_me()),
        ("content/pages/about.md".to_owned(), ABOUT.to_owned()),
    ];
    files.extend(example::files(&site)?);
    files.extend(schemas::files());
    files.sort();
    for (path, text) in &files {
        write_new(root, path, text.as_bytes())?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// What version control leaves out: what every build makes again.
const IGNORED: &str = "# 每次生成都会重做的，不用保存。urls.lock 和 .disclose/schema 要保存。
/public/
/.public.*
/.disclose-cache/
";

const ABOUT: &str = "+++
title = \"关于本站\"
order = 1
+++

本站公开各单位的预算和决算。表中的数字在发布前逐项核对勾稽关系，核对的结果见“数据质量”一页；全部表格可以下载。

这一页在 content/pages/about.md，请改成自己的说明；不要这一页就删去这个文件。
";

/// `README.md`: for the person who keeps the accounts.
fn read_me() -> String {
    let (unit, year) = (example::UNIT, example::YEAR);
    format!(
        "# 预决算公开网站

这个目录是一个网站的全部源文件。数字写在 `content/units` 下的文本文件里，程序核对无误后生成网页，放在 `public` 目录。

## 先看示例

```
disclose check     检查全部数据
disclose serve     在浏览器里预览网站和全部问题，保存源文件后自动更新
disclose build     检查通过后生成网站，打开 public/index.html 查看
```

`content/units/{unit}/{year}` 是一份虚构的示例，所有金额互相一致。可以改一个数再检查一次，看程序怎样指出问题。

## 换成自己的

1. 改 `site.toml`：网站名称、发布机关。
2. 新建单位，目录名用小写英文字母、数字和连字符：
   `disclose new unit ggzy --name 单位的全称 --region 省 --region 市 --region 县 --level 县级 --kind 单位`
3. 新建一个年度，会生成全部表格，每一行都写明名称：
   `disclose new disclosure ggzy 2024 --forms national-2022`
4. 照批复的决算填数：删去行首的 `# `，在等号后面写金额。金额单位是万元（`disclosure.toml` 中的 `scale` 可以改成元）。没有的数不写。
5. `disclose serve`，在浏览器里边填边看，问题标在有关的数字旁；或者 `disclose check` 列出全部问题。照结果改，直到没有错误。每条结果都写明哪个文件、哪一行、怎么改；`disclose explain 代码` 说明规则。
6. 删去示例目录 `content/units/{unit}`，再 `disclose build`。示例生成过网页的，它的网址登记在 `urls.lock`；示例没有对外公开过，把其中 `units/{unit}/` 的各行一起删去。
7. 把 `public` 目录的内容放到网站服务器上。

## 各个文件

| 文件 | 写什么 |
|---|---|
| `site.toml` | 网站设置 |
| `content/units/单位/unit.toml` | 单位名称、地区、职责、机构 |
| `content/units/单位/年度/disclosure.toml` | 标题、日期、附注、增减原因、主要用途 |
| `content/units/单位/年度/tables/01.toml` … | 各张表的数字 |
| `content/units/单位/年度/stated.toml` | 正文写明的金额，用来核对（可以不写） |
| `content/units/单位/年度/performance/*.toml` | 绩效自评表，一张一个文件（可以不写） |
| `content/units/单位/年度/narrative.md` | 自己写的情况说明（可以不写，默认按数字生成） |
| `content/units/单位/年度/work.md`、`work.toml` | 重点工作（可以不写） |
| `content/units/单位/年度/attachments/` | 附件，原样公开（可以没有） |
| `.disclose/schema/` | 供编辑器提示键名和说明；`disclose schema` 重写 |
| `urls.lock` | 已发布的网址，由程序登记，要保存 |

表式、科目、名词解释和网页样式都在程序里，不用复制；要改样式：`disclose theme eject --theme 名称`。

编辑器装上 TOML 的扩展（如 VS Code 的 Even Better TOML），写错键名、少写必填的内容，编辑时就会提示。
"
    )
}
