#!/usr/bin/env bash
# Runs a command in a network of its own: own-network.sh COMMAND...
#
# There is a loopback and one LAN address, no route to anywhere. So the packets of tests and measurements cannot
# leave, and their ports are never in use by somebody else. The process namespace around it ends whatever a failed
# test left running.
set -euo pipefail

# The one LAN address of this network. e2e/harness/network.mjs knows it too.
LAN_ADDRESS=10.77.0.1

if [ -z "${VISAVIS_E2E_NAMESPACE:-}" ]; then
    namespace=(unshare --net --pid --mount --fork --mount-proc --kill-child)
    [ "$(id -u)" = 0 ] || namespace+=(--user --map-root-user)
    if ! refusal=$("${namespace[@]}" true 2>&1); then
        echo "This needs network namespaces (unshare --net), which this machine refuses: $refusal" >&2
        exit 1
    fi
    VISAVIS_E2E_NAMESPACE=1 exec "${namespace[@]}" "$(realpath "$0")" "$@"
fi

PATH=$PATH:/usr/sbin:/sbin # where Debian keeps `ip`, also for people who are not root
ip link set lo up
ip link add lan0 type veth peer name lan0-peer
ip addr add "$LAN_ADDRESS/24" dev lan0
ip link set lan0 up
ip link set lan0-peer up

# Displays leave their sockets here: one of the tests' must not take the place of the person's own.
mkdir -p -m 1777 /tmp/.X11-unix
mount -t tmpfs -o mode=1777 displays /tmp/.X11-unix

# Not `exec`: as the first process of its namespace, this shell is the one that collects the processes whose parents
# have ended.
"$@"
