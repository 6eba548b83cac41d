//! The functions that templates may call, one static list: name, arguments, help, code.
//!
//! The list is the reference that the site prints; a call with an argument that is not in it
//! is refused, so a misspelt argument is never silently ignored.

use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, Value};

use crate::derive::narrative::DESK;
use crate::derive::narrative::desk::{Asked, Comparison, Desk, Desks, Listing, Outturn, Said};

/// A function of narrative templates.
#[derive(Debug)]
pub struct Function {
    /// Its name: `amount`.
    pub name: &'static str,
    /// The arguments it takes.
    pub arguments: &'static [&'static str],
    /// What it writes, in Chinese.
    pub docs: &'static str,
    run: fn(&Desk, &Arguments<'_>) -> Said<Value>,
}

/// Every function, in the order the reference prints them.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "amount",
        arguments: &["cell"],
        docs: "数字和单位：373.97万元、3个；空白写0万元，没有给出的写“未提供”。cell 是栏目名称、附注名称或{概念}，前面可加“上年”。",
        run: |desk, args| Ok(desk.amount(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "label",
        arguments: &["cell"],
        docs: "这个数在表里的名称。",
        run: |desk, args| Ok(desk.label(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "change",
        arguments: &["cell"],
        docs: "与上年相比的变动：增加23.59万元，增长6.73%；上年数没有给出时什么也不写。",
        run: |desk, args| Ok(desk.change_words(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "compare",
        arguments: &["cell", "subject", "each", "reason"],
        docs: "与上年相比的一整句话，连同原因；上年数没有给出时什么也不写。each=true 写“各增加”；reason 是原因的键，同一条原因只写一次。",
        run: compare,
    },
    Function {
        name: "share",
        arguments: &["cell", "of", "before"],
        docs: "占比，前面加 before 的字；总数为0或没有给出时什么也不写。",
        run: |desk, args| {
            let (part, whole) = (args.asked(desk, "cell")?, args.asked(desk, "of")?);
            Ok(desk.share(&part, &whole, args.optional("before")?.unwrap_or_default()).into())
        },
    },
    Function {
        name: "outturn",
        arguments: &["cell", "budget", "word", "difference", "reason"],
        docs: "预算、决算、完成率和原因：年初预算为…，支出决算为…，完成年初预算的…；预算没有给出时只写决算。word 默认是“年初预算”；difference=true 写出比预算增减多少。",
        run: |desk, args| args.outturn(desk, Desk::outturn),
    },
    Function {
        name: "completion",
        arguments: &["cell", "budget", "word", "difference", "reason"],
        docs: "完成率和原因，以逗号开头：，完成预算的38.17%，支出决算数小于预算数，主要原因是…；预算为0时说明不计算完成率。difference=true 写出比预算增减多少。",
        run: |desk, args| args.outturn(desk, Desk::completion),
    },
    Function {
        name: "list",
        arguments: &["cells", "labels", "of", "before", "joiner", "zeros"],
        docs: "逐项列出名称、数字和占比，没有发生额的不列（zeros=true 时已知的0也列）。",
        run: list,
    },
    Function {
        name: "rows",
        arguments: &["form", "level"],
        docs: "表中某一层次（类、款、项、合计）的各行，供循环；每行有 code、name、path、opening、spent、basic、project 和各栏 c1、c2…。",
        run: |desk, args| Ok(desk.rows(args.text("form")?, args.text("level")?)?.into()),
    },
    Function {
        name: "items",
        arguments: &["form", "heading"],
        docs: "分块列示的表中某一块所有不为零的款：基本工资42.45万元、…；金额没有给出的只写名称。",
        run: |desk, args| Ok(desk.items(args.text("form")?, args.text("heading")?)?.into()),
    },
    Function {
        name: "facts",
        arguments: &["group", "except"],
        docs: "一组附注中给出的各数：主要负责人用车0辆、其他用车1辆；except 是不列的名称。",
        run: |desk, args| Ok(desk.facts(args.text("group")?, &args.texts("except")?)?.into()),
    },
    Function {
        name: "is_known",
        arguments: &["cell"],
        docs: "这个数是否给出（空白的栏目算给出，没有写的附注不算）。",
        run: |desk, args| Ok(desk.is_known(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "is_positive",
        arguments: &["cell"],
        docs: "这个数是否已知并且大于零。",
        run: |desk, args| Ok(desk.is_positive(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "is_zero",
        arguments: &["cell"],
        docs: "这个数是否已知并且是零或空白。",
        run: |desk, args| {
            let asked = args.asked(desk, "cell")?;
            Ok((desk.is_known(&asked) && desk.is_nothing(&asked)).into())
        },
    },
    Function {
        name: "is_blank",
        arguments: &["cell"],
        docs: "这一栏是否空白。",
        run: |desk, args| Ok(desk.is_blank(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "is_comparable",
        arguments: &["cell"],
        docs: "这个数和上年数是否都给出。",
        run: |desk, args| Ok(desk.is_comparable(&args.asked(desk, "cell")?).into()),
    },
    Function {
        name: "has_prior",
        arguments: &[],
        docs: "有没有任何上年数可比：本站的上年公开文件、[prior] 或者附注里的上年数。",
        run: |desk, _| Ok(desk.has_prior().into()),
    },
    Function {
        name: "is_provided",
        arguments: &["form"],
        docs: "这张表是否提供。",
        run: |desk, args| Ok(desk.is_provided(args.text("form")?)?.into()),
    },
    Function {
        name: "is_empty",
        arguments: &["form"],
        docs: "这张表是否提供而没有发生额。",
        run: |desk, args| Ok(desk.is_empty(args.text("form")?)?.into()),
    },
    Function {
        name: "is_declared_empty",
        arguments: &["form"],
        docs: "这张表是否写明为空表（逐格填了0的不算）。",
        run: |desk, args| Ok(desk.is_declared_empty(args.text("form")?)?.into()),
    },
    Function {
        name: "empty_sentence",
        arguments: &["form"],
        docs: "空表的说明，末尾有句号。",
        run: |desk, args| Ok(desk.empty_sentence(args.text("form")?)?.into()),
    },
    Function {
        name: "reason",
        arguments: &["key", "before"],
        docs: "单位写的原因，前面加 before 的字；没有写时什么也不写。",
        run: |desk, args| Ok(desk.reason(args.text("key")?, args.optional("before")?.unwrap_or_default()).into()),
    },
    Function {
        name: "uses",
        arguments: &["key", "before"],
        docs: "单位写的用途，前面加 before 的字；没有写时什么也不写。",
        run: |desk, args| Ok(desk.uses(args.text("key")?, args.optional("before")?.unwrap_or_default()).into()),
    },
    Function {
        name: "vehicle_use",
        arguments: &["key", "before"],
        docs: "单位写的车辆用途，前面加 before 的字；没有写时什么也不写。",
        run: |desk, args| Ok(desk.vehicle_use(args.text("key")?, args.optional("before")?.unwrap_or_default()).into()),
    },
    Function {
        name: "receptions",
        arguments: &[],
        docs: "逐次公务接待，供循环，每次一句。",
        run: |desk, _| Ok(desk.receptions().into()),
    },
    Function {
        name: "evaluations",
        arguments: &[],
        docs: "附件中绩效自评表的张数。",
        run: |desk, _| Ok(desk.evaluations().into()),
    },
    Function {
        name: "project_results",
        arguments: &[],
        docs: "各项目绩效自评的预算数、执行数、执行率和得分，供循环，每个项目一句；预算为0时不写执行率。",
        run: |desk, _| Ok(desk.project_results().into()),
    },
    Function {
        name: "performance_text",
        arguments: &[],
        docs: "单位写的预算绩效情况说明（performance.md）。",
        run: |desk, _| Ok(desk.performance_text().into()),
    },
    Function {
        name: "chart",
        arguments: &["id", "title", "extra"],
        docs: "在这里放一张图，按出现的先后编号；title 是文件里印的图名。extra=true 是文件没有印、本站另加的图，不编号。",
        run: |desk, args| Ok(desk.chart(args.text("id")?, args.optional("title")?, args.flag("extra")?)?.into()),
    },
];

/// Registers every function.
pub(super) fn register(tera: &mut Tera, desks: &Arc<Desks>) {
    for function in FUNCTIONS {
        let desks = Arc::clone(desks);
        tera.register_function(function.name, move |kwargs: Kwargs, state: &State| {
            call(function, &desks, &kwargs, state)
        });
    }
}

fn call(function: &Function, desks: &Desks, kwargs: &Kwargs, state: &State) -> Result<Value, Error> {
    let number = state.get::<u64>(DESK)?.ok_or_else(|| Error::message("模板不在情况说明里"))?;
    let desk = desks.find(number).ok_or_else(|| Error::message("情况说明已经写完"))?;
    let arguments = Arguments(kwargs);
    let said = arguments.check(function).and_then(|()| (function.run)(&desk, &arguments));
    said.map_err(|sentence| Error::message(format!("{}：{sentence}", function.name)))
}

/// The arguments of a call.
struct Arguments<'a>(&'a Kwargs);

impl Arguments<'_> {
    fn check(&self, function: &Function) -> Said<()> {
        for (name, _) in self.0.iter() {
            let name = name.as_str().unwrap_or_default();
            if !function.arguments.contains(&name) {
                return Err(format!("没有参数“{name}”，可用的参数：{}", function.arguments.join("、")));
            }
        }
        Ok(())
    }

    fn optional(&self, name: &str) -> Said<Option<&str>> {
        let Some((_, value)) = self.0.iter().find(|(key, _)| key.as_str() == Some(name)) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| format!("参数“{name}”应当是文字"))
    }

    fn text(&self, name: &str) -> Said<&str> {
        self.optional(name)?.ok_or_else(|| format!("缺少参数“{name}”"))
    }

    fn flag(&self, name: &str) -> Said<bool> {
        let Some((_, value)) = self.0.iter().find(|(key, _)| key.as_str() == Some(name)) else { return Ok(false) };
        value.as_bool().ok_or_else(|| format!("参数“{name}”应当是 true 或 false"))
    }

    fn texts(&self, name: &str) -> Said<Vec<String>> {
        let Some((_, value)) = self.0.iter().find(|(key, _)| key.as_str() == Some(name)) else { return Ok(Vec::new()) };
        let texts =
            value.as_array().and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| format!("参数“{name}”应当是文字的列表"))
    }

    fn asked(&self, desk: &Desk, name: &str) -> Said<Asked> {
        desk.asked(self.text(name)?)
    }

    fn outturn(&self, desk: &Desk, write: fn(&Desk, &Outturn<'_>) -> String) -> Said<Value> {
        let (actual, budget) = (self.asked(desk, "cell")?, self.asked(desk, "budget")?);
        let word = self.optional("word")?.unwrap_or("年初预算");
        let (difference, reason) = (self.flag("difference")?, self.optional("reason")?);
        let outturn = Outturn { actual: &actual, budget: &budget, word, difference, reason };
        Ok(write(desk, &outturn).into())
    }
}

fn compare(desk: &Desk, args: &Arguments<'_>) -> Said<Value> {
    let asked = args.asked(desk, "cell")?;
    let comparison = Comparison {
        asked: &asked,
        subject: args.text("subject")?,
        each: args.flag("each")?,
        reason: args.optional("reason")?,
    };
    Ok(desk.compare(&comparison).into())
}

fn list(desk: &Desk, args: &Arguments<'_>) -> Said<Value> {
    let cells = args.texts("cells")?.iter().map(|cell| desk.asked(cell)).collect::<Said<Vec<_>>>()?;
    let listing = Listing {
        cells,
        labels: args.texts("labels")?,
        whole: args.optional("of")?.map(|whole| desk.asked(whole)).transpose()?,
        before: args.optional("before")?.unwrap_or_default(),
        joiner: args.optional("joiner")?.unwrap_or("；"),
        zeros: args.flag("zeros")?,
    };
    Ok(desk.list(&listing).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_function_is_named_once_and_documented() {
        let names: BTreeSet<_> = FUNCTIONS.iter().map(|function| function.name).collect();
        assert_eq!(names.len(), FUNCTIONS.len());
        assert!(FUNCTIONS.iter().all(|function| !function.docs.is_empty()));
    }
}
