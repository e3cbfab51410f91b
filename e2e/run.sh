#!/usr/bin/env bash
# Runs the end-to-end tests: run.sh [FILE...]; a file is named as seen from this folder, or in full.
#
# Everything runs in a network of its own: a loopback and one LAN address, no route to anywhere. So the
# tests' packets cannot leave, and a test's ports are never in use by somebody else. The process namespace
# around it ends whatever a failed test left running.
set -euo pipefail
cd "$(dirname "$0")"

# The one LAN address of this network. e2e/harness/network.mjs knows it too.
LAN_ADDRESS=10.77.0.1

# A file takes a minute or two on two cores; one that hangs must not hang the rest.
TEST_TIMEOUT_MS=300000

if [ -z "${VISAVIS_E2E_NAMESPACE:-}" ]; then
    namespace=(unshare --net --pid --mount --fork --mount-proc --kill-child)
    [ "$(id -u)" = 0 ] || namespace+=(--user --map-root-user)
    if ! refusal=$("${namespace[@]}" true 2>&1); then
        echo "The end-to-end tests need network namespaces (unshare --net), which this machine refuses: $refusal" >&2
        exit 1
    fi
    VISAVIS_E2E_NAMESPACE=1 exec "${namespace[@]}" "$PWD/run.sh" "$@"
fi

PATH=$PATH:/usr/sbin:/sbin # where Debian keeps `ip`, also for people who are not root
ip link set lo up
ip link add lan0 type veth peer name lan0-peer
ip addr add "$LAN_ADDRESS/24" dev lan0
ip link set lan0 up
ip link set lan0-peer up

mkdir -p output
[ $# -gt 0 ] || set -- tests/*.test.mjs
# One file after the other: the browsers of one call keep two cores busy. Not `exec`: as the first
# process of its namespace, this shell is the one that collects the processes whose parents have ended.
node --test --test-concurrency=1 --test-timeout=$TEST_TIMEOUT_MS --test-reporter=spec "$@"
