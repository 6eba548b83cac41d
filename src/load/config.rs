//! `site.toml`: the site's title, publisher, address, theme and levels of rules.

use super::reader::{Reader, Sink, warning};
use super::{Input, exceptions, placeholders, urls};
use crate::diagnostic::{Finding, Place};
use crate::model::site::{Config, License};
use crate::text::nearest;

const KEYS: &str = "title、description、publisher、base_url、theme、downloads、search、levels、license、redirects";

/// The site's settings, with the place of the file.
pub(super) fn read(input: &Input<'_>, sink: &Sink) -> (Config, Option<Place>) {
    let mut config =
        Config { title: "财政预决算公开".to_owned(), theme: "default".to_owned(), ..Config::default() };
    let Some(reader) = input.reader("site.toml", sink) else {
        if !input.files.has("site.toml") {
            let help = format!("在站点目录中新建 site.toml，可写 {KEYS}；从头建一个网站用 disclose init");
            sink.add(warning(Finding::new("S019", "站点没有 site.toml，用了默认的设置").help(help)));
        }
        return (config, None);
    };
    placeholders::tell(input, "site.toml", sink);
    let place = reader.place;
    config.title = reader.string("title").unwrap_or(config.title);
    config.description = reader.string("description").unwrap_or_default();
    config.publisher = reader.string("publisher").unwrap_or_default();
    config.base_url = reader
        .text("base_url")
        .filter(|url| {
            let is_address = url.value.starts_with("https://") || url.value.starts_with("http://");
            if !is_address {
                reader.bad_value("base_url", url, "写成完整的网址，例如 https://example.gov.cn/czgk/");
            }
            is_address
        })
        .map(|url| url.value);
    if let Some(theme) = reader.text("theme") {
        let is_there = theme.value == "default" || input.files.folders.contains(&format!("themes/{}", theme.value));
        if !is_slug(&theme.value) {
            reader.bad_value("theme", &theme, "主题名是 themes/ 下的目录名：小写英文字母、数字和连字符");
        } else if is_there {
            config.theme = theme.value;
        } else {
            let finding = Finding::new("S019", format!("没有主题“{}”，用了默认的主题", theme.value));
            let known = input.files.folders_in("themes/").chain(std::iter::once("default"));
            let help = nearest(&theme.value, known).map_or_else(
                || format!("新建目录 themes/{}，或者改 site.toml 中的 theme", theme.value),
                |near| format!("是不是“{near}”？"),
            );
            sink.add(finding.at(theme.place).help(help));
        }
    }
    config.without_downloads = reader.boolean("downloads") == Some(false);
    config.full_text = reader.table("search").is_some_and(full_text);
    config.levels = exceptions::levels(reader.tables("levels"));
    config.license = reader.table("license").and_then(license);
    config.redirects = reader.tables("redirects").into_iter().filter_map(urls::redirect).collect();
    reader.finish();
    (config, Some(place))
}

/// Whether the narratives are to be searched; told where this program cannot do it.
fn full_text(search: Reader<'_>) -> bool {
    let wanted = search.boolean("full_text") == Some(true);
    if wanted && !cfg!(feature = "fulltext") {
        let finding = Finding::new("P007", "本程序没有全文检索，不能生成 site.toml 要求的全文检索页").at(search.place);
        let help = "换用带全文检索的程序（编译时加 --features fulltext），或把 [search] 的 full_text 改为 false";
        search.sink().add(finding.help(help));
    }
    search.finish();
    wanted
}

/// The licence that the publisher grants; without a name it is none.
fn license(row: Reader<'_>) -> Option<License> {
    let name = row.required("name", "写许可协议的简称，例如 CC-BY-4.0").value;
    let license = License { name, title: row.string("title"), url: row.string("url") };
    row.finish();
    (!license.name.is_empty()).then_some(license)
}

/// Whether a name may be a path segment: lower-case ASCII letters, digits and single hyphens
/// between them, and no name that Windows keeps for devices.
pub(super) fn is_slug(name: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let device = matches!(name, "con" | "prn" | "aux" | "nul")
        || (name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt")));
    name.len() <= 64 && name.split('-').all(plain) && !device
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_paths_are_refused() {
        for name in ["caidian-ggzy", "a1", "2023"] {
            assert!(is_slug(name), "{name}");
        }
        for name in ["", "..", "蔡甸", "A", "a--b", "-a", "a_b", "con", "com1", "a/b", "a.b"] {
            assert!(!is_slug(name), "{name}");
        }
    }
}
