//! Narratives: finding codes.

use super::super::{Code, Severity};

/// The codes, in order of their numbers.
pub static CODES: &[Code] = &[
    Code::new(
        "N001",
        "narrative-template",
        Severity::Error,
        "情况说明模板出错",
        "情况说明的模板不能展开：写法有错，或者指名的栏目、附注、图不存在。请按提示的模板行号改正。",
    ),
    Code::new(
        "N002",
        "narrative-missing",
        Severity::Error,
        "缺少情况说明模板",
        "表式指定的情况说明模板不存在。请加上模板，或者改正 set.toml 里的 narrative。",
    ),
    Code::new(
        "N003",
        "reason-without-change",
        Severity::Warning,
        "没有变动却写了原因",
        "两个数相等，却给出了变动的原因。情况说明只写持平，不写原因。请核对数字，或者删去原因。",
    ),
    Code::new(
        "N004",
        "narrative-section-unknown",
        Severity::Error,
        "情况说明中没有这一节",
        "narrative.md 的二级标题（## ）要写情况说明中一节或一小节的标题，编号可以不写；这个标题和哪一节都对不上，\
         下面的文字不知道放在哪里。请照网页上的标题改正；自己的小标题写成三级（### ）。",
    ),
    Code::new(
        "N005",
        "narrative-text-misplaced",
        Severity::Error,
        "narrative.md 的写法不对",
        "narrative.md 由几节组成：每节先写标题（## ），再写正文；一节只能写一次。第一个标题前面的文字、没有正文的标题、\
         写了两次的一节，都不能照着公开。要在生成的文字后面补充而不是替换，在标题末尾加上“（补充）”。",
    ),
    Code::new(
        "N006",
        "narrative-subsection-lost",
        Severity::Warning,
        "改写后少了小节",
        "单位改写的一节写了原来的部分小节，没有写其余的：整节都由单位的文字替换，没有写的小节就不公开了。\
         只改一小节时，把这一小节的标题写成二级（## ）；要整节改写，把其余的小节也写上。",
    ),
];
