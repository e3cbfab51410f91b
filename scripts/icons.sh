#!/usr/bin/env bash
# Makes every icon in icons/ anew from icons/icon.svg. To be run, and its result committed, when that changes.
# It needs what `scripts/setup.sh test` installs.
set -euo pipefail
cd "$(dirname "$0")/.."

# The sizes that desktops look for. The bundler finds a picture's folder in the package by its size.
SIZES=16,24,32,48,64,128,256,512

PATH=$PWD/e2e/node_modules/.bin:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Without sizes it also makes what phones and shops need; of these only the two containers are kept.
tauri icon icons/icon.svg --output "$scratch"
tauri icon icons/icon.svg --output icons --png "$SIZES"
cp "$scratch/icon.icns" "$scratch/icon.ico" icons/
