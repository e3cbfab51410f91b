#!/usr/bin/env bash
# Runs the end-to-end tests: run.sh [FILE...]; a file is named as seen from this folder, or in full.
set -euo pipefail
cd "$(dirname "$0")"

# A file takes a minute or two on two cores; one that hangs must not hang the rest.
TEST_TIMEOUT_MS=${TEST_TIMEOUT_MS:-300000}

mkdir -p output
[ $# -gt 0 ] || set -- tests/*.test.mjs
# One file after the other: the browsers of one call keep two cores busy.
exec ./own-network.sh \
    node --test --test-concurrency=1 --test-timeout="$TEST_TIMEOUT_MS" --test-reporter=spec "$@"
