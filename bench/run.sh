#!/usr/bin/env bash
# Measures what is built: run.sh [PART...], see main.mjs. `make bench` builds it first.
set -euo pipefail
cd "$(dirname "$0")"

export VISAVIS_PROFILE=release
if unshare --net true 2>/dev/null || unshare --user --map-root-user --net true 2>/dev/null; then
    exec ../e2e/own-network.sh node main.mjs "$@"
fi
[ $# -gt 0 ] || set -- server call join picture mesh window
echo "SKIPPED: calls, rooms on other machines and the window need network namespaces, which this machine refuses without root." >&2
case " $* " in
*" server "*) exec node main.mjs server ;;
esac
