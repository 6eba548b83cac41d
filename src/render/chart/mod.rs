//! Charts as figures: a sentence, an SVG drawing and the same points as a table.
//!
//! 1. [`bars`], [`ring`], [`pairs`] and [`flow`] lay out one kind of chart each on a [`canvas`]:
//!    labels are measured by East Asian width and wrap, so they never collide. All positions
//!    are whole tenths of a CSS pixel.
//! 2. [`svg`] has plotters draw the layout on a backend that writes SVG without sizes, names the
//!    colours by classes and hides the picture from assistive technology: the sentence and the
//!    table say the same.
//!
//! The canvas is as wide as a telephone's column, so that text keeps its size on one. Colours
//! only help: every mark has its label or its number beside it, for print in black and white.

mod bars;
mod canvas;
#[cfg(test)]
mod clear;
mod flow;
mod pairs;
mod rest;
mod ring;
mod svg;
mod table;

use crate::derive::chart::{Chart, Shape};
use crate::render::chart::canvas::Layout;
use crate::text::{escape_html, push_escaped};

/// A chart as a figure: title, sentence, drawing and table. `number` is the 图 number.
pub fn figure(chart: &Chart, number: Option<usize>) -> String {
    let title = number.map_or_else(|| chart.title.clone(), |number| format!("图{number}　{}", chart.title));
    let mut html = format!("<figure class=\"chart\" id=\"chart-{}\">\n<figcaption>", escape_html(&chart.id));
    push_escaped(&mut html, &title);
    html.push_str("</figcaption>\n<p>");
    push_escaped(&mut html, chart.sentence.as_str());
    html.push_str("</p>\n");
    html.push_str(&svg(chart));
    if !chart.points.is_empty() {
        table::push(&mut html, chart, &title);
    }
    html.push_str("</figure>");
    html
}

/// The drawing of a chart; empty for one that is a sentence.
pub fn svg(chart: &Chart) -> String {
    layout(chart).map_or_else(String::new, |layout| svg::draw(&layout))
}

fn layout(chart: &Chart) -> Option<Layout> {
    match chart.shape {
        Shape::Bars => bars::layout(chart),
        Shape::Ring => ring::layout(chart),
        Shape::Pairs(word) => pairs::layout(chart, word),
        Shape::Flow => flow::layout(chart),
        Shape::Sentence => None,
    }
}
