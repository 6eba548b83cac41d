//! The grammar of the statutory sentences: what each numeral states, in the light of those
//! before it.
//!
//! A [`Frame`] carries what was spoken of: the subject, the whole of 其中 and 占, the path of a
//! 项, the budget and the change. It is dropped where a section ends.

use super::NumeralKind;
use super::lexicon::{CLAUSES, MOVES, Topic};
use super::page::{Held, Page, Subject, Telling, Term, percent_of};
use super::period::{self, Period};
use super::sentence::Word;
use super::sums;
use crate::amount::Percent;
use crate::check::Verdict;
use crate::check::judge::{self, Direction, Precision, Span};

/// What was spoken of so far.
#[derive(Default)]
struct Frame {
    block: usize,
    topic: Option<Topic>,
    text: String,
    path: Option<Subject>,
    subject: Option<Subject>,
    whole: Option<Subject>,
    budget: Option<usize>,
    change: Option<(usize, Direction, bool)>,
    money: Option<usize>,
    adjusted: Option<usize>,
    base: Option<Subject>,
}

/// Reads every numeral of a page that the grammar knows.
pub(crate) fn read(page: &mut Page<'_>) {
    let mut frame = Frame::default();
    let mut stated: Vec<(String, usize)> = Vec::new();
    for at in 0..page.words.len() {
        frame.enter(&page.words[at]);
        frame.take_path(page, at);
        if page.words[at].is_aside() {
            continue;
        }
        let mut reader = Reader { page, frame: &mut frame, stated: &mut stated, at };
        match reader.word().token.kind {
            NumeralKind::Percent => reader.percent(),
            NumeralKind::Count(_) => reader.count(),
            NumeralKind::Amount(_) | NumeralKind::Bare => reader.amount(),
            NumeralKind::Aside(_) => {}
        }
        reader.directions();
    }
    sums::repeated(page, &stated);
    sums::wholes(page, &stated);
    sums::lists(page);
}

impl Frame {
    fn enter(&mut self, word: &Word) {
        if self.topic != Some(word.topic) {
            *self = Self { topic: Some(word.topic), ..Self::default() };
        }
        if self.block != word.block {
            *self = Self { topic: Some(word.topic), block: word.block, ..Self::default() };
        }
        if !word.is_aside() {
            self.text.push_str(&word.since);
        }
        let parts = ["其中", "以下方面", "主要包括", "决算中"].iter().any(|mark| word.lead.contains(mark));
        if parts && self.subject.is_some() {
            self.whole.clone_from(&self.subject);
        }
    }

    /// Takes up the path of 类, 款 and 项 that was just written, if one was.
    fn take_path(&mut self, page: &Page<'_>, at: usize) {
        if page.words[at].is_aside() || !page.words[at].since.contains("（项）") {
            return;
        }
        let Some((path, _)) = self.text.rsplit_once("（项）") else { return };
        let name = |before: &str, mark: &str| before.rsplit(mark).next().unwrap_or_default().to_owned();
        let item = path.rsplit(['）', '：', '。']).next().unwrap_or_default();
        let item = if item.is_empty() { path } else { item };
        let class = path.split_once("（类）").map(|_| {
            let before = path.rsplit_once("（类）").map_or("", |(before, _)| before);
            name(before, "。").trim_start_matches(|c: char| c.is_ascii_digit() || ".．、（）".contains(c)).to_owned()
        });
        // 政府办公厅（室）及相关…: a name may hold parentheses of its own.
        let item = path.rsplit_once("（款）").map_or(item, |(_, item)| item);
        self.path = Some(page.item(&class.unwrap_or_default(), item));
        (self.subject, self.budget) = (self.path.clone(), None);
    }
}

/// One numeral being read.
struct Reader<'r, 'a> {
    page: &'r mut Page<'a>,
    frame: &'r mut Frame,
    stated: &'r mut Vec<(String, usize)>,
    at: usize,
}

impl Reader<'_, '_> {
    fn word(&self) -> &Word {
        &self.page.words[self.at]
    }

    // Money

    fn amount(&mut self) {
        let (near, lead, topic) = (self.word().near.clone(), self.word().lead.clone(), self.word().topic);
        if near.ends_with("单价") {
            return self.threshold();
        }
        if self.word().is_bound() {
            return;
        }
        if near == "即" {
            // 只付50%即55万元: what it is half of may stand anywhere.
            return self.page.reads(self.at, "按所述比例算出的金额");
        }
        if let Some((rest, direction)) = moved(&near) {
            return self.change(rest, &lead, direction);
        }
        if is_adjusted(&near) {
            self.page.reads(self.at, "调整后的预算");
            (self.frame.adjusted, self.frame.budget) = (Some(self.at), Some(self.at));
            return;
        }
        if let Some(rest) = budget_words(&near) {
            return self.budget(rest, near.contains("年初"));
        }
        if WIDER.iter().any(|word| near.contains(word)) {
            self.frame.money = Some(self.at);
            return self.page.reads(self.at, &near);
        }
        let outturn = ["决算为", "决算数为", "执行数为", "支出决算", "决算数"].iter().any(|end| near.ends_with(end));
        let named = self.page.money(&near, topic);
        let bare = near.is_empty()
            || ["共计支出", "共支出", "全年支出", "全年共支出", "支出", "共计"].contains(&near.as_str());
        let named = named.or_else(|| self.evaluated(&near));
        // 其中人员经费…, under the path of a 项: a part of it, and not the whole unit's.
        if named.as_ref().is_some_and(|named| self.is_part_of_path(named)) {
            self.frame.money = Some(self.at);
            return self.page.reads(self.at, &format!("本项中的{}", named.map_or(near, |named| named.label)));
        }
        let other = (outturn && named.is_none()).then(|| left(&near)).filter(|left| !left.is_empty());
        let listed = near.is_empty() && (lead.starts_with('、') || self.word().before.contains("分别"));
        let spoken = || self.frame.subject.clone().filter(|_| (outturn || bare) && !listed);
        let loose = bare || (named.is_none() && !self.is_spoken_here());
        let named = named.or_else(|| other.map(|name| unknown(&name)));
        let Some(mut subject) = named.or_else(spoken) else {
            self.frame.money = Some(self.at);
            return;
        };
        if self.word().token.kind == NumeralKind::Bare && !outturn && !near.ends_with('为') {
            return;
        }
        if self.period() != Period::This {
            self.elsewhen(&subject);
            subject.word = None;
            self.frame.money = Some(self.at);
            self.frame.subject = Some(subject);
            return;
        }
        subject.word = Some(self.at);
        self.restate(&subject, loose);
        self.frame.money = Some(self.at);
        self.frame.subject = Some(subject);
    }

    /// The period that this numeral is of.
    fn period(&self) -> Period {
        period::of(&self.word().before, self.page.year())
    }

    /// Whether an outcome about a subject may be an error: the subject is named plainly, and the
    /// sentence speaks of no other period and of no other budget.
    fn sure(&self, subject: &Subject) -> bool {
        const BUDGETS: [&str; 6] = ["调整预算", "调整后", "全年预算", "追加", "调减", "调增"];
        let sentence = format!("{}#{}", self.word().before, self.word().after);
        subject.certain
            && !BUDGETS.iter().any(|word| sentence.contains(word))
            && !period::strays(&sentence, self.page.year())
    }

    /// Whether the subject spoken of is that of the path or of this very sentence.
    fn is_spoken_here(&self) -> bool {
        let Some(subject) = &self.frame.subject else { return false };
        let path = self.frame.path.as_ref().is_some_and(|path| path.key == subject.key);
        path || subject.word.is_some_and(|at| self.page.words[at].sentence == self.word().sentence)
    }

    /// Whether a known name is said of a part of the 项 spoken of.
    fn is_part_of_path(&self, named: &Subject) -> bool {
        let path = self.frame.path.as_ref();
        path.is_some_and(|path| path.key != named.key) && self.word().before.contains("其中")
    }

    /// A figure of another period: last year's has a cell of its own, the others have none.
    fn elsewhen(&mut self, subject: &Subject) {
        let prior = self.period() == Period::Prior;
        let label = format!("{}{}", if prior { "上年" } else { "其他时期的" }, subject.label);
        self.page.reads(self.at, &label);
        let spoken = Subject { label, certain: false, ..subject.clone() };
        if let Some(held) = self.page.held_prior(subject).filter(|_| prior) {
            self.page.hold(self.at, &spoken, &held);
        }
    }

    /// A figure that a table, a fact or another place of the text holds.
    fn restate(&mut self, subject: &Subject, loose: bool) {
        self.page.reads(self.at, &subject.label);
        let held = self.page.held_of(subject);
        let plain = subject.certain && !loose;
        let subject = Subject { certain: self.sure(subject) && !loose, ..subject.clone() };
        for held in held.iter().take(2) {
            self.page.hold(self.at, &subject, held);
            if self.page.is_wrong(self.at) {
                break;
            }
        }
        if plain {
            self.stated.push((subject.key.clone(), self.at));
        }
        self.unit_missing(&subject);
        self.too_exact();
    }

    /// Whether the sentence speaks of the year before at this point.
    fn is_last_year(&self) -> bool {
        let Some(year) = self.page.year() else { return false };
        let sentence = self.frame.text.rsplit('。').next().unwrap_or_default();
        // 2022年因…, 2022年受…: the year itself, and not 与2022年度相比.
        let before = format!("{}年", year - 1);
        let itself = |(at, _): &(usize, &str)| !sentence[at + before.len()..].starts_with('度');
        let last = sentence.match_indices(&before).filter(itself).map(|(at, _)| at).last();
        let last = last.max(sentence.rfind("上年因")).max(sentence.rfind("上年全年"));
        last.is_some() && last > sentence.rfind("本年").max(sentence.rfind(&format!("{year}年")))
    }

    /// 共涉及项目2个，资金144万元: the money of an evaluation, of the whole or of projects.
    fn evaluated(&self, near: &str) -> Option<Subject> {
        let is = self.word().topic == Topic::Performance && near == "资金" && self.frame.text.contains("绩效");
        let whole = self.frame.text.rsplit('。').next().unwrap_or_default().contains("整体");
        let fact = if whole { "整体支出绩效评价资金" } else { "绩效评价资金" };
        is.then(|| Subject { certain: false, ..self.page.subject_of(&format!("附注·绩效管理·{fact}"), fact) })
    }

    /// 单价100万元（含）以上设备: part of a name that the form set holds.
    fn threshold(&mut self) {
        let word = self.word();
        let written = format!("单价{}{}", super::sentence::tidy(&word.text), word.tail);
        let none = word.near.starts_with('无');
        self.page.reads(self.at, "设备单价的起点");
        let Some(disclosure) = self.page.disclosure() else { return };
        let groups = disclosure.set.facts.iter().filter(|group| group.name.ends_with("设备"));
        let named = groups.flat_map(|group| group.items.iter().map(move |item| (group, item)));
        let Some((group, item)) = named.into_iter().find(|(_, item)| written.starts_with(&item.name)) else { return };
        let mut subject = self.page.subject_of(&format!("{}·{}", group.name, item.name), &item.name);
        subject.word = None;
        if let Some(held) = self.page.held_of(&subject).into_iter().next() {
            let there = held.figure.count().unwrap_or_default();
            let verdict = if none && there > 0 { Verdict::Fail } else { Verdict::Exact };
            let shown = format!("{there}");
            let span = Span::exactly(i128::from(there));
            let term = Term { name: held.name, shown: shown.clone(), span, place: held.place, word: None };
            let telling = Telling {
                code: "T101",
                reading: String::new(),
                message: format!("文字说无{}，附注里是{shown}", item.name),
                expected: Some(shown),
                certain: false,
                help: "请核对设备的数量",
            };
            self.page.settle(self.at, verdict, &[term], telling);
        }
        self.frame.subject = Some(subject);
    }

    /// 小于预算数, 大于预算数, 持平: whether the words behind say what the figures say.
    fn directions(&mut self) {
        let Some(subject) = self.frame.subject.clone().map(|subject| self.current(subject)) else { return };
        let behind = self.word().behind.clone();
        let sentence = behind.split_inclusive('。').next().unwrap_or_default();
        let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        let said = if says(&["小于年初预算", "小于预算", "低于年初预算", "低于预算"]) {
            Direction::Down
        } else if says(&["大于年初预算", "大于预算", "高于年初预算", "高于预算", "超出预算"]) {
            Direction::Up
        } else if says(&["预算数持平", "预算持平"]) {
            Direction::Level
        } else if says(&["年度持平", "上年持平", "年持平", "决算数持平"]) && !sentence.contains("预算")
        {
            let before = self.page.held_prior(&subject);
            return self.direction(&subject, before.and_then(|held| self.page.held_term(&held)), Direction::Level);
        } else {
            return;
        };
        let own = self.frame.budget.and_then(|at| self.page.term(at, "预算"));
        let held = self.page.budgets(&subject, sentence.contains("年初预算")).into_iter().next();
        let budget = own.or_else(|| held.and_then(|held| self.page.held_term(&held)));
        self.direction(&subject, budget, said);
    }

    fn direction(&mut self, subject: &Subject, against: Option<Term>, said: Direction) {
        let now = self.terms(Some(subject), subject.word, &subject.label).pop();
        let (Some(now), Some(against)) = (now, against) else { return };
        let right = match now.span.point.cmp(&against.span.point) {
            std::cmp::Ordering::Less => (Direction::Down, "小于"),
            std::cmp::Ordering::Equal => (Direction::Level, "等于"),
            std::cmp::Ordering::Greater => (Direction::Up, "大于"),
        };
        if right.0 == said {
            return;
        }
        let message = format!(
            "{}{}，{}{}{}，与文字所说的相反或不同",
            subject.label, now.shown, right.1, against.name, against.shown
        );
        let mut finding = crate::diagnostic::Finding::new("T102", message).at(self.word().place);
        if !self.sure(subject) {
            finding = finding.severity(crate::diagnostic::Severity::Warning);
        }
        finding.expected = Some(right.1.to_owned());
        finding = finding.related(format!("{} {}", against.name, against.shown), against.place);
        self.page.findings.push(finding.help("请核对两个数和“大于”“小于”“持平”的说法"));
    }

    fn unit_missing(&mut self, subject: &Subject) {
        if self.word().token.kind != NumeralKind::Bare {
            return;
        }
        let (text, unit) = (self.word().text.clone(), self.page.scale().name());
        let mut finding = crate::diagnostic::Finding::new("T212", format!("{}写的“{text}”后面没有单位", subject.label))
            .at(self.word().place)
            .help(format!("写成“{text}{unit}”"));
        (finding.actual, finding.expected) = (Some(text.clone()), Some(format!("{text}{unit}")));
        self.page.findings.push(finding);
    }

    fn too_exact(&mut self) {
        let printed = self.page.scale();
        if self.word().scale() == Some(printed) && self.word().token.decimals() > 2 {
            let message = format!(
                "{}有{}位小数，文件中的{}只有两位",
                self.word().text,
                self.word().token.decimals(),
                printed.name()
            );
            let finding = crate::diagnostic::Finding::new("T108", message).at(self.word().place);
            self.page.findings.push(finding.help("照表中的数写两位小数"));
        }
    }

    /// 年初预算为…, 预算为…: what the outturn is measured against.
    fn budget(&mut self, rest: &str, opening: bool) {
        let topic = self.word().topic;
        let named = self.page.money(rest, topic).filter(|subject| subject.key != "spending_total" || !rest.is_empty());
        let left = left(rest);
        let named =
            named.or_else(|| (!left.is_empty() && !OWN.iter().any(|end| left.ends_with(end))).then(|| unknown(&left)));
        let named = named.or_else(|| self.frame.subject.clone());
        let whole = || rest.ends_with("整体").then(|| self.page.subject_of("spending_total", "本年支出合计"));
        let Some(subject) = named.or_else(whole) else {
            self.page.reads(self.at, "预算");
            self.frame.budget = Some(self.at);
            return;
        };
        let label = format!("{}{}", subject.label, if opening { "年初预算" } else { "预算" });
        self.page.reads(self.at, &label);
        if self.period() != Period::This {
            self.frame.budget = Some(self.at);
            self.frame.subject = Some(subject);
            return;
        }
        let spoken = Subject { label, certain: self.sure(&subject), ..subject.clone() };
        for held in self.page.budgets(&subject, opening) {
            self.page.hold(self.at, &spoken, &held);
        }
        self.stated.push((format!("{}·预算", subject.key), self.at));
        self.too_exact();
        self.frame.budget = Some(self.at);
        self.frame.subject = Some(subject);
    }

    /// 增加 D, 减少 D: against last year, or against the budget.
    fn change(&mut self, rest: &str, lead: &str, direction: Option<Direction>) {
        let topic = self.word().topic;
        let budgeted =
            ["比年初预算", "比预算", "较预算", "较年初预算", "与预算"].iter().any(|words| lead.contains(words));
        // 公务接待费支出决算比2022年度: the thing stands before what it is measured against.
        let head = rest.split(['比', '较']).next().unwrap_or_default();
        let named = || self.page.money(rest, topic).or_else(|| self.page.money(head, topic));
        let named = if budgeted { None } else { named() };
        let unknown = !budgeted && named.is_none() && !left(rest).is_empty();
        let subject = named.or_else(|| self.frame.subject.clone());
        let against = if budgeted { "预算" } else { "上年" };
        self.page.reads(self.at, &format!("与{against}相比的增减额"));
        if unknown || self.period() != Period::This {
            self.frame.change = None;
            return;
        }
        let Some(subject) = subject else { return };
        let zero = self.page.span(self.at).is_some_and(|span| span.point == 0);
        let Some(way) = direction.or(zero.then_some(Direction::Level)) else { return };
        self.frame.change = Some((self.at, way, budgeted));
        let before = if budgeted {
            self.page.budgets(&subject, lead.contains("年初")).into_iter().next()
        } else {
            self.page.held_prior(&subject)
        };
        self.judge_change(&subject, way, before.as_ref());
        if !budgeted {
            self.frame.subject = Some(self.current(subject));
        }
    }

    /// A subject with the numeral that states it, where the text did so.
    fn current(&self, mut subject: Subject) -> Subject {
        let mention = self.stated.iter().rev().find(|(key, _)| *key == subject.key);
        subject.word = subject.word.or(mention.map(|(_, at)| *at));
        subject
    }

    fn judge_change(&mut self, subject: &Subject, way: Direction, before: Option<&Held>) {
        let now = self.page.held_of(subject).first().and_then(|held| self.page.held_term(held));
        let now = now.or_else(|| subject.word.and_then(|at| self.page.term(at, &subject.label)));
        let before = before.and_then(|held| self.page.held_term(held));
        let (Some(now), Some(before), Some(change)) = (now, before, self.page.span(self.at)) else { return };
        let unit = self.page.scale().last_unit_fen();
        let sign = match way {
            Direction::Up => 1,
            Direction::Down => -1,
            Direction::Level => 0,
        };
        let terms = [Some(now.span.point / unit), Some(-(before.span.point / unit))];
        let verdict = judge::sum(Some(sign * (change.point / unit)), &terms, Precision::of(self.page.scale())).verdict;
        let right = now.span.point - before.span.point;
        let word = if right < 0 { "减少" } else { "增加" };
        let expected = format!("{word}{}", amount_text(right.abs(), self.page));
        let message =
            format!("{}写的增减额是{}；{}减去{}是{expected}", subject.label, self.word().text, now.shown, before.shown);
        let telling = Telling {
            code: "T102",
            reading: String::new(),
            expected: Some(expected),
            message,
            certain: self.sure(subject),
            help: "请核对增减额和增减的方向",
        };
        self.page.settle(self.at, verdict, &[now, before], telling);
    }

    // Percentages

    fn percent(&mut self) {
        let (near, lead) = (self.word().near.clone(), self.word().lead.clone());
        if self.word().is_bound() {
            return;
        }
        if let Some((before, base)) = near.rsplit_once('占') {
            return self.share(before, base.trim_end_matches(['的', '为']));
        }
        let completes = ["完成预算", "完成年初预算", "完成全年预算", "完成调整预算", "预算完成率", "预算执行率"];
        if completes.iter().any(|words| near.contains(words))
            || near.trim_end_matches(['为', '是', '达']).ends_with("执行率")
        {
            let named = near.trim_end_matches(['为', '是', '达']).strip_suffix("执行率").unwrap_or_default();
            let named = named.trim_end_matches("预算").to_owned();
            return self.completion(near.contains("年初"), &named);
        }
        if let Some((_, direction)) = moved(&near) {
            self.growth(direction, &lead);
        }
    }

    fn rate(&self) -> Option<Percent> {
        self.word().percent()
    }

    /// 占…的 p%; the name before 占 is the part, else the amount before is.
    fn share(&mut self, before: &str, base: &str) {
        let topic = self.word().topic;
        let named = if base.is_empty() { None } else { self.page.money(base, topic) };
        let whole = match named {
            Some(whole) => Some(whole),
            None if base.is_empty() => self.open_base(),
            None => None,
        };
        if !base.is_empty() {
            self.frame.base.clone_from(&whole);
        }
        let label = whole.as_ref().map_or(base.to_owned(), |whole| whole.label.clone());
        self.page.reads(self.at, &format!("占{label}的比重"));
        // 前者占…, 分别占…: which amount is meant stands elsewhere.
        if self.period() != Period::This || ["分别", "各", "前者", "后者"].iter().any(|word| before.contains(word))
        {
            return;
        }
        let Some((part, part_at)) = self.part(before) else { return };
        let parts = self.terms(part.as_ref(), part_at, "本句的数");
        let wholes = match &whole {
            Some(whole) => {
                let mention = self.stated.iter().rev().find(|(key, _)| *key == whole.key).map(|(_, at)| *at);
                self.terms(Some(whole), whole.word.or(mention), &whole.label)
            }
            None => part_at.map(|at| self.mentioned(base, at)).unwrap_or_default(),
        };
        let certain = !base.is_empty() && whole.as_ref().is_some_and(|whole| self.sure(whole));
        self.ratio(&parts, &wholes, &format!("占{label}的比重"), certain);
    }

    /// The part that a share is of, and the numeral that states it.
    fn part(&self, before: &str) -> Option<(Option<Subject>, Option<usize>)> {
        let name = left(before);
        let money = self.frame.money;
        if name.is_empty() || money.is_some_and(|at| self.page.words[at].near.contains(&name)) {
            let part = self.frame.subject.clone().filter(|subject| subject.word.is_some() && subject.word == money);
            return money.map(|at| (part, Some(at)));
        }
        let named = self.page.money(before, self.word().topic).map(|named| self.current(named))?;
        let at = named.word;
        Some((Some(named), at))
    }

    /// The whole of a share that names none: that of 其中, or the one named before it, or 某项中,
    /// or the usual one of the section.
    fn open_base(&self) -> Option<Subject> {
        let sentence = self.word().before.as_str();
        let inside =
            sentence.rfind("中，").map(|at| sentence[..at].rsplit(['，', '。', '；']).next().unwrap_or_default());
        let inside = inside.filter(|name| ["支出", "经费", "收入"].iter().any(|end| name.ends_with(end)));
        match inside {
            Some(name) => self.page.money(name, self.word().topic),
            None => self.frame.base.clone().or_else(|| self.frame.whole.clone()).or_else(|| self.usual_whole()),
        }
    }

    /// The amount of the same paragraph that a base in other words means: 占总成交量的.
    fn mentioned(&self, base: &str, part: usize) -> Vec<Term> {
        const KINDS: [&str; 6] = ["成交", "中标", "预算", "合同", "收入", "支出"];
        let Some(kind) = KINDS.iter().find(|kind| base.contains(**kind)) else { return Vec::new() };
        let block = self.word().block;
        let fits = |at: &usize| {
            let word = &self.page.words[*at];
            word.block == block && word.scale().is_some() && word.near.contains(*kind) && !word.near.starts_with("其中")
        };
        let found = (0..part).rev().find(fits);
        found.and_then(|at| self.page.term(at, &self.page.words[at].near)).into_iter().collect()
    }

    /// The whole that a share without a base is of, by the section.
    fn usual_whole(&self) -> Option<Subject> {
        let key = match self.word().topic {
            Topic::ThreePublic => ("three_public_actual", "“三公”经费支出"),
            Topic::Basic => ("general_basic", "基本支出"),
            Topic::General => ("general_total", "一般公共预算财政拨款支出"),
            _ => return None,
        };
        Some(self.page.subject_of(key.0, key.1))
    }

    /// The figures that may stand for a subject: the text's, then what is held.
    fn terms(&self, subject: Option<&Subject>, at: Option<usize>, name: &str) -> Vec<Term> {
        let label = subject.map_or(name, |subject| subject.label.as_str());
        let own = at.and_then(|at| self.page.term(at, label));
        let held = subject.map(|subject| self.page.held_of(subject)).unwrap_or_default();
        own.into_iter().chain(held.iter().filter_map(|held| self.page.held_term(held))).collect()
    }

    /// 完成预算的 p%.
    fn completion(&mut self, opening: bool, named: &str) {
        let topic = self.word().topic;
        if self.period() != Period::This {
            return self.page.reads(self.at, "预算执行率");
        }
        if self.word().near.contains("调整") {
            return self.completes_adjusted();
        }
        let subject = if named.is_empty() { self.frame.subject.clone() } else { self.page.money(named, topic) };
        if !named.is_empty() && subject.is_none() {
            return self.page.reads(self.at, "预算执行率");
        }
        let label = subject.as_ref().map_or("支出", |subject| subject.label.as_str()).to_owned();
        let reading = format!("{label}完成预算的比例");
        self.page.reads(self.at, &reading);
        let Some(subject) = subject else {
            // Both figures stand in the sentence: 预算数78万元，执行数55.76万元，完成71.49%.
            let (Some(budget), Some(actual)) = (self.frame.budget, self.frame.money) else { return };
            let (parts, wholes) = (self.terms(None, Some(actual), "执行数"), self.terms(None, Some(budget), "预算数"));
            return self.ratio(&parts, &wholes, &reading, true);
        };
        let subject = self.current(subject);
        let parts = self.terms(Some(&subject), subject.word, &label);
        // The budget spoken of is another thing's where the rate names its own.
        let own = self.frame.budget.filter(|_| named.is_empty()).and_then(|at| self.page.term(at, "预算"));
        let held = self.page.budgets(&subject, opening);
        let wholes: Vec<Term> =
            own.into_iter().chain(held.iter().filter_map(|held| self.page.held_term(held))).collect();
        let whole = self.frame.whole.clone().filter(|whole| whole.key != subject.key);
        if whole.is_some_and(|whole| self.completes(&whole, opening)) {
            return;
        }
        self.ratio(&parts, &wholes, &reading, self.sure(&subject) && self.frame.whole.is_none());
    }

    /// 完成调整预算的 p%: of the adjusted budget that the sentence itself gives, or unknown.
    fn completes_adjusted(&mut self) {
        self.page.reads(self.at, "完成调整预算的比例");
        let Some(budget) = self.frame.adjusted.filter(|at| self.is_beside(*at)) else { return };
        let actual = self.frame.money.filter(|at| *at > budget && self.is_beside(*at));
        let (parts, wholes) = (self.terms(None, actual, "决算数"), self.terms(None, Some(budget), "调整后的预算"));
        self.ratio(&parts, &wholes, "完成调整预算的比例", false);
    }

    fn is_beside(&self, at: usize) -> bool {
        self.page.words[at].sentence == self.word().sentence
    }

    /// Whether a rate of completion is that of the whole whose parts were named in between:
    /// 支出A，其中：B、C，完成预算的p%.
    fn completes(&mut self, whole: &Subject, opening: bool) -> bool {
        let Some(percent) = self.rate() else { return false };
        let whole = self.current(whole.clone());
        let parts = self.terms(Some(&whole), whole.word, &whole.label);
        let own = self.frame.budget.and_then(|at| self.page.term(at, "预算"));
        let held = self.page.budgets(&whole, opening);
        let wholes: Vec<Term> =
            own.into_iter().chain(held.iter().filter_map(|held| self.page.held_term(held))).collect();
        let fits =
            parts.iter().any(|part| wholes.iter().any(|whole| judge::ratio(part.span, whole.span, percent).passes()));
        if fits {
            self.ratio(&parts, &wholes, &format!("{}完成预算的比例", whole.label), true);
        }
        fits
    }

    /// Judges a share: right when one way of taking its two figures is.
    fn ratio(&mut self, parts: &[Term], wholes: &[Term], reading: &str, certain: bool) {
        let Some(percent) = self.rate() else { return };
        let pairs = || parts.iter().flat_map(|part| wholes.iter().map(move |whole| (part, whole)));
        let Some((part, whole)) = pairs().next() else { return };
        if pairs().all(|(_, whole)| whole.span.point == 0) {
            return self.zero_base(whole.clone(), reading);
        }
        let judged = |(part, whole): &(&Term, &Term)| judge::ratio(part.span, whole.span, percent);
        let best = pairs().map(|pair| (judged(&pair), pair)).find(|(verdict, _)| verdict.passes());
        if let Some((verdict, (part, whole))) = best {
            for at in [part.word, whole.word].into_iter().flatten() {
                if self.page.marks[at].verdict.is_none() {
                    self.page.joins(at, self.at, verdict, "本句的数");
                }
            }
            return self.page.settle(self.at, verdict, &[part.clone(), whole.clone()], plain(reading));
        }
        // What is held is surer than what was written: reckon on it.
        let part = parts.last().unwrap_or(part);
        let whole = wholes.iter().rev().find(|whole| whole.span.point != 0).unwrap_or(whole);
        let verdict = judge::ratio(part.span, whole.span, percent);
        if self.wrong_unit(parts, whole, percent) {
            return self.page.settle(self.at, Verdict::NotCheckable, &[part.clone(), whole.clone()], plain(reading));
        }
        let right = percent_of(part.span.point, whole.span.point, percent.decimals);
        self.tell_rate(verdict, right, &[part.clone(), whole.clone()], reading, certain);
    }

    /// Whether a part is in 元 where 万元 is meant; the part is told, not the share.
    fn wrong_unit(&mut self, parts: &[Term], whole: &Term, percent: Percent) -> bool {
        let Some(at) = parts.iter().find_map(|part| part.word) else { return false };
        let Some(span) = self.page.span(at) else { return false };
        let times = Span { point: span.point * 10_000, low: span.low * 10_000, high: span.high * 10_000 };
        let yuan = self.page.words[at].scale() == Some(crate::amount::Scale::Yuan);
        if !yuan || !judge::ratio(times, whole.span, percent).passes() {
            return false;
        }
        if !self.page.is_wrong(at) {
            let text = self.page.words[at].text.clone();
            let digits = text.trim_end_matches('元').to_owned();
            let telling = Telling {
                code: "T211",
                reading: String::new(),
                expected: Some(format!("{digits}万元")),
                message: format!(
                    "“{text}”的单位应为万元：占{}{}的{percent}，只能是{digits}万元",
                    whole.name, whole.shown
                ),
                certain: true,
                help: "把“元”改为“万元”",
            };
            self.page.settle(at, Verdict::Fail, std::slice::from_ref(whole), telling);
        }
        true
    }

    fn zero_base(&mut self, whole: Term, reading: &str) {
        let telling = plain(reading);
        let message = format!("{reading}：{}为0，没有比率可言，却写了{}", whole.name, self.word().text);
        let mut finding = crate::diagnostic::Finding::new("T234", message)
            .at(self.word().place)
            .severity(crate::diagnostic::Severity::Warning)
            .help("基数为0时删去比率，可以写“基数为0，不可比”");
        finding.actual = Some(self.word().text.clone());
        finding.expected = Some("不写比率".to_owned());
        finding = finding.related(format!("{} {}", whole.name, whole.shown), whole.place);
        self.page.findings.push(finding);
        self.page.settle(self.at, Verdict::NotCheckable, &[whole], telling);
    }

    fn tell_rate(&mut self, verdict: Verdict, right: Option<Percent>, terms: &[Term; 2], reading: &str, certain: bool) {
        let expected = right.map(|right| right.to_string());
        let text = self.word().text.clone();
        let mut message = format!("{reading}写的是{text}");
        if let Some(right) = &expected {
            let [one, other] = terms.each_ref().map(|term| term.shown.as_str());
            message.extend(["，按", one, "和", other, "算是", right.as_str()]);
        }
        if let (Some(right), Some(printed)) = (right, self.rate()) {
            if verdict == Verdict::FailTruncated {
                message.push_str("，像是舍去了末位以后的数");
            } else if let Some(slip) = crate::check::slip_between(printed.last_units, right.last_units) {
                message.extend(["，像是", slip]);
            }
        }
        let help = "请按列出的两个数重新计算";
        let telling = Telling { code: "T103", reading: reading.to_owned(), expected, message, certain, help };
        self.page.settle(self.at, verdict, terms, telling);
    }

    /// 增长 p%, 下降 p%.
    fn growth(&mut self, direction: Option<Direction>, _lead: &str) {
        self.page.reads(self.at, "与上年相比的增减幅度");
        let (Some(percent), Some((change_at, way, budgeted))) = (self.rate(), self.frame.change) else { return };
        if self.period() != Period::This {
            return;
        }
        let Some(subject) = self.frame.subject.clone() else { return };
        let subject = self.current(subject);
        let direction = direction.unwrap_or(way);
        let before = if budgeted { None } else { self.page.held_prior(&subject) };
        let before = before.and_then(|held| self.page.held_term(&held));
        let (Some(now), Some(change)) = (
            self.terms(Some(&subject), subject.word, &subject.label).into_iter().next(),
            self.page.term(change_at, "增减额"),
        ) else {
            return;
        };
        let reading = format!("{}的增减幅度", subject.label);
        if let Some(before) = before.clone().filter(|before| before.span.point == 0) {
            return self.zero_base(before, &reading);
        }
        let base = match way {
            Direction::Up => now.span.point - change.span.point,
            Direction::Down => now.span.point + change.span.point,
            Direction::Level => now.span.point,
        };
        let by_change = judge::growth_from_difference(now.span, change.span, direction, percent);
        let by_years =
            before.as_ref().map(|before| judge::growth_from_prior(now.span, before.span, direction, percent));
        let verdict = if by_change.passes() || by_years.is_none() { by_change } else { by_years.unwrap_or(by_change) };
        let right = percent_of(change.span.point, base, percent.decimals);
        self.tell_rate(verdict, right, &[now, change], &reading, self.sure(&subject) && direction == way);
    }

    // Counts

    fn count(&mut self) {
        let word = self.word();
        let (near, unit, tail, topic) = (word.near.clone(), word.unit().to_owned(), word.tail.clone(), word.topic);
        if word.is_bound() {
            return;
        }
        let clause = format!("{near}{}{tail}", tidy_unit(&unit));
        let by_clause = CLAUSES.iter().find(|(words, after, _)| {
            words.iter().all(|word| clause.contains(word)) && format!("{unit}{tail}").starts_with(after)
        });
        let named = match by_clause {
            Some((_, _, fact)) => Some(self.page.subject_of(fact, fact.rsplit('·').next().unwrap_or_default())),
            None => self.page.counted(&near, &unit).or_else(|| self.spoken_count(&unit, topic)),
        };
        let named = named.or_else(|| self.frame.subject.clone().filter(|subject| subject.key.starts_with("附注·设备")));
        let Some(mut subject) = named else {
            if topic == Topic::ThreePublic && self.is_last_year() {
                self.page.reads(self.at, "上年的数量");
            }
            return self.part_of_count();
        };
        if self.period() != Period::This {
            self.elsewhen(&subject);
            return self.part_of_count();
        }
        subject.word = Some(self.at);
        self.restate(&subject, false);
        self.part_of_count();
        if topic != Topic::ThreePublic || unit == "辆" {
            self.frame.whole = self.frame.whole.clone().or(Some(subject.clone()));
        }
    }

    /// 批次 and 人次 belong to the reception spoken of.
    fn spoken_count(&self, unit: &str, topic: Topic) -> Option<Subject> {
        if topic != Topic::ThreePublic {
            return None;
        }
        let since = self.frame.text.rsplit('。').next().unwrap_or_default();
        let foreign = since.rfind("外事").max(since.rfind("外宾")) > since.rfind("国内");
        let abroad = since.contains("因公出国") || since.contains("出国（境）");
        let fact = match unit {
            _ if self.is_last_year() => return None,
            "人" | "人次" if abroad => "因公出国人数",
            "个" | "次" | "批次" if abroad => "因公出国团组数",
            "人次" if foreign => "外事接待人次",
            "批次" if foreign => "外事接待批次",
            "人次" => "国内公务接待人次",
            "批次" => "国内公务接待批次",
            _ => return None,
        };
        Some(self.page.subject_of(&format!("附注·三公经费·{fact}"), fact))
    }

    /// 公务用车 N 辆，其中：轿车 M 辆: M is not above N.
    fn part_of_count(&mut self) {
        let word = self.word();
        let Some(count) = word.count().filter(|_| word.lead.contains("其中")) else { return };
        let is_whole = |other: &usize| {
            let other = &self.page.words[*other];
            other.sentence == word.sentence && other.token.kind == word.token.kind && !other.is_bound()
        };
        let Some(whole) = (0..self.at).rev().find(is_whole) else { return };
        let Some(total) = self.page.words[whole].count() else { return };
        let verdict = if count <= total { Verdict::Exact } else { Verdict::Fail };
        let shown = super::sentence::tidy(&self.page.words[whole].text);
        let term = Term {
            name: self.page.words[whole].near.clone(),
            shown: shown.clone(),
            span: Span::exactly(i128::from(total)),
            place: Some(self.page.words[whole].place),
            word: Some(whole),
        };
        let name = word.near.trim_start_matches("其中").trim_start_matches('：').to_owned();
        let telling = Telling {
            code: "T105",
            message: format!("{name}{}，大于总数{shown}", word.text),
            reading: name,
            expected: Some(format!("不大于{shown}")),
            certain: true,
            help: "部分不能大于总数。请核对两个数",
        };
        if verdict == Verdict::Exact {
            // Not being above it is no proof of a part: nothing holds it.
            return self.page.reads(self.at, &telling.reading);
        }
        self.page.settle(self.at, verdict, &[term], telling);
    }
}

/// A number's unit as it stands in its clause.
fn tidy_unit(unit: &str) -> String {
    format!("#{unit}")
}

/// Words of a thing wider or narrower than the unit: the unit's tables do not hold its figures.
const WIDER: [&str; 6] = ["人均", "全区", "全市", "全省", "全县", "全国"];

/// 调整预算为, 调整后预算.
fn is_adjusted(near: &str) -> bool {
    let near = near.trim_end_matches(['为', '数']);
    ["调整预算", "调整后预算", "调整后的预算", "调整后全年预算"].iter().any(|end| near.ends_with(end))
}

/// A thing that no table holds.
fn unknown(name: &str) -> Subject {
    Subject { key: format!("名称·{name}"), label: name.to_owned(), ..Subject::default() }
}

/// What a unit calls itself and its work: a budget of these is that of the subject before.
const OWN: [&str; 5] = ["整体", "部门", "单位", "中心", "项目"];

/// What words name that say no more than that a figure moved or was spent; empty where nothing.
fn left(near: &str) -> String {
    const SAY: [&str; 47] = [
        "本单位",
        "本部门",
        "我单位",
        "我部门",
        "财政拨款",
        "与上年",
        "上一年",
        "上年",
        "去年",
        "本年",
        "当年",
        "全年",
        "年初",
        "年度",
        "决算",
        "预算",
        "支出",
        "收入",
        "总计",
        "合计",
        "共计",
        "总额",
        "金额",
        "执行",
        "相比",
        "同比",
        "同期",
        "分别",
        "有所",
        "实际",
        "相应",
        "其中",
        "总体",
        "整体",
        "均",
        "各",
        "比",
        "较",
        "与",
        "同",
        "为",
        "数",
        "共",
        "年",
        "的",
        "度",
        "则",
    ];
    let mut rest = near.to_owned();
    for word in SAY {
        rest = rest.replace(word, "");
    }
    rest.retain(|c| !c.is_ascii_digit() && !"（）．.、：，-".contains(c));
    rest
}

/// How a pass is told: its reading only.
pub(super) fn plain(reading: &str) -> Telling<'static> {
    Telling {
        code: "T103",
        reading: reading.to_owned(),
        expected: None,
        message: String::new(),
        certain: true,
        help: "",
    }
}

/// The words before a word of change, and which way it says; none for unchosen alternatives.
fn moved(near: &str) -> Option<(&str, Option<Direction>)> {
    let near = near.trim_end_matches(['了', '为', '约', '各']);
    let found = MOVES.iter().filter(|(word, _)| near.ends_with(word)).max_by_key(|(word, _)| word.len())?;
    let direction = found.1.map(|up| if up { Direction::Up } else { Direction::Down });
    Some((near.strip_suffix(found.0)?.trim_end_matches('各'), direction))
}

/// The words before 年初预算为 and its kin.
pub(super) fn budget_words(near: &str) -> Option<&str> {
    const ENDS: [&str; 12] = [
        "年初预算数",
        "全年预算数",
        "预算数",
        "年初预算数为",
        "年初预算为",
        "全年预算数为",
        "全年预算为",
        "预算数为",
        "预算为",
        "年初预算",
        "全年预算",
        "预算收入",
    ];
    let near = near.strip_suffix("（一般公共预算收入）").unwrap_or(near);
    let end = ENDS.iter().filter(|end| near.ends_with(*end)).max_by_key(|end| end.len())?;
    near.strip_suffix(end)
}

/// An amount of 分 in the document's unit.
fn amount_text(fen: i128, page: &Page<'_>) -> String {
    super::page::shown_amount(crate::amount::Amount::from_fen(fen), page.scale())
}
