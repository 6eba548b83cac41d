//! Rebuilds when a file that the binary embeds changes; units are not among them.

fn main() {
    for folder in
        ["content/forms", "content/classifications", "content/narratives", "content/glossary", "themes/default"]
    {
        println!("cargo::rerun-if-changed={folder}");
    }
}
