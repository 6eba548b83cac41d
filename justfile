# Shortcuts for developers; everything here is also a plain cargo command.

# Build the site from the content in the repository.
build:
    cargo run --release -- build

# Run the checks over the content.
check:
    cargo run --release -- check

# What CI runs.
ci:
    bash .ci/run

# Measure building the two reference disclosures.
time:
    cargo build --release
    time ./target/release/disclose build
