#!/usr/bin/env bash
# Builds the package for Debian and its kin with tauri's bundler. The last line that it prints is where the package is.
# What it needs is installed by `scripts/setup.sh test`.
#
#   package.sh           the package to give to people
#   package.sh --debug   the same around the programs that the tests run: features and profile of scripts/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

case "$*" in
"") profile=release options=() ;;
--debug) profile=debug options=(--debug --features mock-devices) ;;
*)
    echo "usage: scripts/package.sh [--debug]" >&2
    exit 2
    ;;
esac
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/$profile

# The bundler knows only the root package's program. The server for the terminal is built beside it by
# `--workspace` (and so with the same features as everywhere else), and packed as a file.
server="{ \"bundle\": { \"linux\": { \"deb\": { \"files\": { \"/usr/bin/visavis-server\": \"$target/visavis-server\" } } } } }"

# The packages of earlier versions would be there, too.
rm -rf "$target/bundle/deb"
e2e/node_modules/.bin/tauri build --bundles deb --config "$server" ${options[@]+"${options[@]}"} -- --workspace --locked
ls "$target"/bundle/deb/*.deb
