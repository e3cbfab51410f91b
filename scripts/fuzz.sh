#!/usr/bin/env bash
# Feeds made-up input to each parser of what comes from the network: fuzz.sh [TARGET...], all without.
# Each runs for FUZZ_SECONDS. What ends a target is kept in fuzz/artifacts/, and its name is printed.
set -euo pipefail
cd "$(dirname "$0")/.."

CARGO_FUZZ=0.13.2
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
# More than any message that is taken: a longer one is refused by its length.
LONGEST_INPUT=131072

# The fuzzer's coverage needs flags that the compiler keeps for its own next version.
export RUSTC_BOOTSTRAP=1

[ "$(cargo fuzz --version 2>/dev/null)" = "cargo-fuzz $CARGO_FUZZ" ] ||
    cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked

if [ $# -eq 0 ]; then
    mapfile -t targets < <(cargo fuzz list)
    set -- "${targets[@]}"
fi
# All is safe Rust: the sanitizers, which need another compiler, would only slow it down.
cargo fuzz build --sanitizer none
for target in "$@"; do
    echo "=== $target, $FUZZ_SECONDS s"
    # New inputs go to the first folder, which is not committed.
    mkdir -p "fuzz/found/$target"
    cargo fuzz run --sanitizer none "$target" "fuzz/found/$target" "fuzz/corpus/$target" -- \
        -max_total_time="$FUZZ_SECONDS" -max_len="$LONGEST_INPUT" -print_final_stats=1 2>&1 |
        grep -vE '^#|^\s*(NEW|REDUCE|pulse)'
done
