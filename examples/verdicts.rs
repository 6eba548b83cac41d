//! Judges a file of rounding cases: `cargo run --release --example verdicts -- FILE`.
//!
//! Prints each case whose verdict differs and, last, `N agree, M differ`. Exits with 1 when
//! any differ and with 2 when the file cannot be judged.

use std::process::ExitCode;

use disclose::check::vectors::{self, Tally};

fn main() -> ExitCode {
    match tally() {
        Ok(tally) => report(&tally),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn tally() -> Result<Tally, String> {
    let path = std::env::args_os().nth(1).ok_or("用法：verdicts 文件.json")?;
    let shown = path.to_string_lossy();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("读不了 {shown}：{error}"))?;
    vectors::judge_all(&text).map_err(|error| format!("{shown}：{error}"))
}

fn report(tally: &Tally) -> ExitCode {
    for case in &tally.disagreements {
        println!("{}: {} expected {}, judged {}", case.number, case.case, case.expected.key(), case.judged.key());
    }
    println!("{} agree, {} differ", tally.agree, tally.disagreements.len());
    ExitCode::from(u8::from(!tally.disagreements.is_empty()))
}
