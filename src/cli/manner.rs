//! How much the program says: `-q`, `-v`, `--timings`, and a progress line on a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Args;

use crate::diagnostic::Finding;
use crate::publish::Pages;
use crate::render::content::Made;
use crate::render::recipe::Recipe;
use crate::render::{Content, Contents};

/// Behind the options of a command, which are counted from 0.
const LAST: usize = 900;

/// What was asked for; the same for every command.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct Manner {
    /// 少说：不写进度和成功的消息；build 只写错误，不写警告
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = LAST)]
    pub(super) quiet: bool,
    /// 多说：生成时也列出提示，并说明有多少文件没有变化
    #[arg(short, long, global = true, display_order = LAST)]
    pub(super) verbose: bool,
    /// 结束时在标准错误输出写明各阶段所用的时间
    #[arg(long, global = true, display_order = LAST)]
    pub(super) timings: bool,
}

/// The time that each stage took.
#[derive(Debug)]
pub(super) struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a stage; one that comes again is added to.
    pub(super) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        let took = now - std::mem::replace(&mut self.last, now);
        match self.laps.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, sum)) => *sum += took,
            None => self.laps.push((stage, took)),
        }
    }

    /// One line a stage, when they were asked for.
    pub(super) fn tell(&self, manner: Manner) {
        if manner.timings {
            eprint!("{}", table(&self.laps));
        }
    }
}

fn table(laps: &[(&'static str, Duration)]) -> String {
    let total = ("合计", laps.iter().map(|(_, took)| *took).sum());
    let line = |(stage, took): &(&str, Duration)| {
        let millis = took.as_millis();
        format!("  {stage} {}.{:03} 秒\n", millis / 1000, millis % 1000)
    };
    let lines: String = laps.iter().chain(std::iter::once(&total)).map(line).collect();
    format!("用时：\n{lines}")
}

/// Pages that say how many of them have been made, on one line of a terminal.
pub(super) struct Counted<'p, P> {
    pages: &'p P,
    shown: bool,
    made: AtomicUsize,
    /// How many the line says.
    told: AtomicUsize,
}

impl<'p, P: Pages> Counted<'p, P> {
    pub(super) fn new(pages: &'p P, manner: Manner) -> Self {
        Self {
            pages,
            shown: !manner.quiet && io::stderr().is_terminal(),
            made: AtomicUsize::new(0),
            told: AtomicUsize::new(0),
        }
    }

    /// Takes the line away again.
    pub(super) fn clear(&self) {
        if self.shown {
            eprint!("\r\u{1b}[K");
        }
    }

    fn count(&self) {
        let made = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let step = (self.pages.len() / 100).max(1);
        if self.shown && made.is_multiple_of(step) {
            let mut line = io::stderr().lock();
            // Threads come here out of turn.
            if self.told.fetch_max(made, Ordering::Relaxed) < made {
                // A line that cannot be shown is no reason to stop.
                let _ = write!(line, "\r{}", bar(made, self.pages.len()));
            }
        }
    }
}

/// `正在生成 [████      ] 40% 400/1000`
fn bar(made: usize, all: usize) -> String {
    const CELLS: usize = 20;
    let full = made * CELLS / all.max(1);
    let (full_cells, empty) = ("█".repeat(full), " ".repeat(CELLS - full.min(CELLS)));
    format!("正在生成 [{full_cells}{empty}] {}% {made}/{all}", made * 100 / all.max(1))
}

impl<P: Pages> Pages for Counted<'_, P> {
    fn len(&self) -> usize {
        self.pages.len()
    }
    fn path(&self, index: usize) -> &str {
        self.pages.path(index)
    }
    fn render(&self, index: usize) -> Result<Vec<u8>, Box<Finding>> {
        self.pages.render(index)
    }
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        self.count();
        self.pages.content(index)
    }
    fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        self.pages.groups()
    }
    fn is_joined(&self, index: usize) -> bool {
        self.pages.is_joined(index)
    }
    fn asks_for_joined(&self, index: usize) -> bool {
        self.pages.asks_for_joined(index)
    }
    fn open(&self, group: &[usize], show: &mut dyn FnMut(&dyn Contents)) -> Result<(), Box<Finding>> {
        self.pages.open(group, &mut |contents| show(&CountedContents { contents, counted: self }))
    }
    fn is_kept(&self, index: usize) -> bool {
        self.pages.is_kept(index)
    }
    fn recipe(&self, index: usize) -> Option<Recipe> {
        self.pages.recipe(index)
    }
    fn made(&self, index: usize) -> Option<Made> {
        self.pages.made(index)
    }
    fn learn(&self, index: usize, made: &Made) {
        self.pages.learn(index, made);
    }
}

/// Counts the pages of a group.
struct CountedContents<'c, 'p, P> {
    contents: &'c dyn Contents,
    counted: &'c Counted<'p, P>,
}

impl<P: Pages> Contents for CountedContents<'_, '_, P> {
    fn content(&self, index: usize) -> Result<Content<'_>, Box<Finding>> {
        self.counted.count();
        self.contents.content(index)
    }
    fn made(&self, index: usize) -> Option<Made> {
        self.contents.made(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_listed_with_their_sum() {
        let laps = [("读入", Duration::from_millis(1250)), ("检查", Duration::from_millis(7))];
        assert_eq!(table(&laps), "用时：\n  读入 1.250 秒\n  检查 0.007 秒\n  合计 1.257 秒\n");
    }

    #[test]
    fn the_bar_is_as_full_as_the_work_is_done() {
        assert_eq!(bar(50, 100), "正在生成 [██████████          ] 50% 50/100");
        assert_eq!(bar(1, 1), "正在生成 [████████████████████] 100% 1/1");
    }
}
