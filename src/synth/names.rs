//! Invented names: provinces, cities and counties that exist on no map, and the bodies in them.
//!
//! A unit has a number. Its remainder names the body, the rest the county, so that the first
//! units of a site are the bodies of one county and no two units share a name or an id.

use super::invent::Identity;
use crate::model::unit::About;

/// A syllable with its letters for ids.
type Syllable = (&'static str, &'static str);

/// Provinces with their cities.
const PROVINCES: [(&str, [Syllable; 4]); 4] = [
    ("澄江省", [("望州", "wangzhou"), ("临渚", "linzhu"), ("云汀", "yunting"), ("南浦", "nanpu")]),
    ("岚海省", [("岚州", "lanzhou"), ("东屿", "dongyu"), ("碧湾", "biwan"), ("平澜", "pinglan")]),
    ("苍原省", [("苍州", "cangzhou"), ("朔川", "shuochuan"), ("白垣", "baiyuan"), ("金壑", "jinhe")]),
    ("沐川省", [("沐州", "muzhou"), ("竹溪", "zhuxi"), ("丹崖", "danya"), ("锦坪", "jinping")]),
];

/// How names of counties begin; no two have letters of which one begins the other.
const FIRST: [Syllable; 20] = [
    ("青", "qing"),
    ("明", "ming"),
    ("泉", "quan"),
    ("松", "song"),
    ("柏", "bai"),
    ("桐", "tong"),
    ("枫", "feng"),
    ("霞", "xia"),
    ("玉", "yu"),
    ("鹤", "he"),
    ("雁", "yan"),
    ("鹿", "lu"),
    ("龙", "long"),
    ("梅", "mei"),
    ("石", "shi"),
    ("安", "an"),
    ("永", "yong"),
    ("兴", "xing"),
    ("德", "de"),
    ("文", "wen"),
];

/// How names of counties end.
const SECOND: [Syllable; 16] = [
    ("岭县", "ling"),
    ("溪县", "xi"),
    ("湖区", "hu"),
    ("桥区", "qiao"),
    ("塘县", "tang"),
    ("坪县", "ping"),
    ("湾区", "wan"),
    ("渡县", "du"),
    ("台区", "tai"),
    ("谷县", "gu"),
    ("洲区", "zhou"),
    ("岗县", "gang"),
    ("汀县", "ting"),
    ("庄县", "zhuang"),
    ("埠区", "bu"),
    ("源县", "yuan"),
];

/// A body that every county has: its name, letters, whether it is an administrative one, and
/// what it is about.
struct Body {
    name: &'static str,
    letters: &'static str,
    is_office: bool,
    about: &'static str,
}

const fn office(name: &'static str, letters: &'static str, about: &'static str) -> Body {
    Body { name, letters, is_office: true, about }
}

const fn service(name: &'static str, letters: &'static str, about: &'static str) -> Body {
    Body { name, letters, is_office: false, about }
}

const BODIES: [Body; 25] = [
    office("财政局", "czj", "财政收支管理"),
    office("教育局", "jyj", "教育事业"),
    office("民政局", "mzj", "民政事务"),
    office("司法局", "sfj", "司法行政"),
    office("自然资源局", "zrzyj", "自然资源管理"),
    office("住房和城乡建设局", "zjj", "住房和城乡建设"),
    office("交通运输局", "jtj", "交通运输"),
    office("水利局", "slj", "水利工程和水资源管理"),
    office("农业农村局", "nyj", "农业农村工作"),
    office("文化和旅游局", "wlj", "文化和旅游"),
    office("卫生健康局", "wjj", "卫生健康"),
    office("应急管理局", "yjj", "应急管理和安全生产"),
    office("审计局", "sjj", "审计监督"),
    office("市场监督管理局", "scj", "市场监督管理"),
    office("统计局", "tjj", "统计调查"),
    office("医疗保障局", "ybj", "医疗保障"),
    office("行政审批局", "spj", "行政审批和政务服务"),
    service("公共资源交易中心", "ggzy", "公共资源交易服务"),
    service("政务服务中心", "zwfw", "政务服务"),
    service("图书馆", "tsg", "图书借阅和全民阅读"),
    service("文化馆", "whg", "群众文化活动"),
    service("疾病预防控制中心", "cdc", "疾病预防控制"),
    service("不动产登记中心", "bdc", "不动产登记"),
    service("机关后勤服务中心", "hqfw", "机关后勤保障"),
    service("实验小学", "syxx", "小学教育"),
];

/// The id and the identity of a unit by its number; two numbers never give the same.
pub(super) fn of(number: usize) -> (String, Identity) {
    let body = &BODIES[number % BODIES.len()];
    let county = number / BODIES.len();
    let cities = PROVINCES.len() * PROVINCES[0].1.len();
    let (city, county) = (county % cities, county / cities);
    let (province, (city, city_letters)) = (PROVINCES[city % PROVINCES.len()].0, city_of(city));
    let (first, first_letters) = FIRST[county % FIRST.len()];
    let (second, second_letters) = SECOND[county / FIRST.len() % SECOND.len()];
    let round = county / (FIRST.len() * SECOND.len());
    let (more, more_letters) = if round == 0 { (String::new(), String::new()) } else { again(round) };
    let place = format!("{first}{more}{second}");
    let id = format!("{city_letters}-{first_letters}{second_letters}{more_letters}-{}", body.letters);
    (id, identity(body, vec![province.to_owned(), format!("{city}市"), place]))
}

fn city_of(city: usize) -> Syllable {
    PROVINCES[city % PROVINCES.len()].1[city / PROVINCES.len()]
}

/// What tells counties apart when the names have been used up: 青二岭县, `qingling2`.
fn again(round: usize) -> (String, String) {
    (crate::text::ordinal(round + 1), (round + 1).to_string())
}

fn identity(body: &Body, region: Vec<String>) -> Identity {
    let place = region.last().cloned().unwrap_or_default();
    let is_county = place.ends_with('县');
    let word = if body.is_office { "部门" } else { "单位" };
    let nature = if body.is_office { "行政机关" } else { "公益一类事业单位" };
    Identity {
        name: format!("{}{}{}", region.get(1).map_or("", String::as_str), place, body.name),
        short: format!("{}{}", place.trim_end_matches(['县', '区']), body.name),
        level: if is_county { "县级" } else { "区级" }.to_owned(),
        word: word.to_owned(),
        nature: Some(nature.to_owned()),
        about: about(body, &place),
        region,
    }
}

fn about(body: &Body, place: &str) -> About {
    let what = body.about;
    About {
        duties: vec![
            format!("贯彻执行{what}方面的法律、法规和政策。"),
            format!("拟订{place}{what}的规划和年度计划，经批准后组织实施。"),
            format!("承担{what}的日常管理和服务，受理有关的申请、咨询和投诉。"),
            format!("组织{what}的统计、分析和信息公开。"),
            format!("开展{what}的宣传、培训和交流。"),
            "负责本系统的安全生产、信访和档案工作。".to_owned(),
            "完成上级交办的其他任务。".to_owned(),
        ],
        organisation: Some(format!(
            "{place}{}独立编制机构、独立核算。内设机构按职责分工办理{what}的各项工作，重大事项集体研究决定。",
            body.name
        )),
        divisions: vec!["综合科".to_owned(), "业务科".to_owned(), "监督科".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_of_many_units_share_an_id_or_a_name() {
        let many = BODIES.len() * 16 * FIRST.len() * SECOND.len() + 5_000;
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for number in (0..2_000).chain(many - 10_000..many) {
            let (id, identity) = of(number);
            assert!(id.len() <= 64 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            assert!(ids.insert(id.clone()), "{id} of {number}");
            assert!(names.insert(identity.name.clone()), "{} of {number}", identity.name);
        }
    }
}
