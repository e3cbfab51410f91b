#!/usr/bin/env bash
# Builds the package for Debian and its kin with tauri's bundler, and tries it (e2e/tests/package.test.mjs). The last
# line is where it is. What this needs is installed by `scripts/setup.sh test`.
#
#   package.sh           the package to give to people
#   package.sh --debug   only builds, around the programs that `make test` tries: scripts/test.sh has their features
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

# The bundler knows only the program of the root package. The server for the terminal is built beside it, thanks to
# `--workspace`, and packed as one more file.
server="{\"bundle\":{\"linux\":{\"deb\":{\"files\":{\"/usr/bin/visavis-server\":\"$target/visavis-server\"}}}}}"

# The package of an earlier version would be there, too.
rm -rf "$target/bundle/deb"
e2e/node_modules/.bin/tauri build --bundles deb --config "$server" ${options[@]+"${options[@]}"} -- --workspace --locked
package=$(echo "$target"/bundle/deb/*.deb)
[ $profile = debug ] || VISAVIS_PACKAGE=$package e2e/run.sh tests/package.test.mjs
echo "$package"
