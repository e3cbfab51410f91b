#!/usr/bin/env bash
# Runs every test of the project; scripts/setup.sh has installed what they need. Each step runs even if an
# earlier one failed. The last line is the sum: `N passed, N failed, N skipped`.
set -uo pipefail
cd "$(dirname "$0")/.."

# What the programs are built with: a made-up camera and microphone for the webview of the window. One set for
# every step, so that nothing compiles twice.
FEATURES="visavis/mock-devices"

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0
failures=()

# step NAME COUNTER COMMAND...: runs and times a command, and adds what it counted (see tally.mjs).
step() {
    local name=$1 counter=$2 log=$logs/step.log status counts p f s began=$SECONDS
    shift 2
    printf '\n=== %s\n' "$name"
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    counts=$(node scripts/tally.mjs "$counter" "$status" "$log") || counts="0 1 0"
    read -r p f s <<<"$counts"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ "$f" = 0 ] || failures+=("$name")
    printf '=== %s: %s passed, %s failed, %s skipped, %s s\n' "$name" "$p" "$f" "$s" $((SECONDS - began))
}

step "format: Rust" tool cargo fmt --all --check
step "format: interface" tool npm --prefix ui run --silent format:check
step "format: e2e" tool npm --prefix e2e run --silent format:check
# The fuzzers are a workspace of their own, which nothing else here reads: its lock file would fall behind unseen.
step "lock file: fuzzers" tool cargo update --workspace --locked --manifest-path fuzz/Cargo.toml
# Before anything that compiles: the programs carry the built interface.
step "build: interface" tool npm --prefix ui run --silent build
step "types: interface" tool npm --prefix ui run --silent check
step "types: e2e" tool npm --prefix e2e run --silent check
step "tests: tally" node node --test --test-reporter=spec scripts/tally.test.mjs
step "tests: interface" vitest npm --prefix ui run --silent test
step "lint: Rust" tool cargo clippy --workspace --all-targets --features "$FEATURES" -- --deny warnings
step "documentation: Rust" tool env RUSTDOCFLAGS=--deny=warnings cargo doc --workspace --no-deps --features "$FEATURES"
# With the same features: what is compiled here is what the tests run, and what the package holds.
step "build: programs and package" tool scripts/package.sh --debug
step "tests: Rust" cargo cargo test --workspace --no-fail-fast --features "$FEATURES"
step "tests: end to end" node e2e/run.sh

if [ ${#failures[@]} -gt 0 ]; then
    printf '\nFailed, see above:\n'
    printf '  %s\n' "${failures[@]}"
fi
printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
