#!/usr/bin/env bash
# Installs what a part of the project needs and does not find; changes nothing when everything is there.
# Where it cannot install, it says what to install, and fails.
#
#   setup.sh interface    Node.js packages
#   setup.sh server       the same, and what compiles Rust
#   setup.sh window       the same, and WebKitGTK with its media plugins
#   setup.sh test         the same, and the browsers and tools that the tests drive
#   setup.sh bench        the same, and what we are measured beside
set -euo pipefail
cd "$(dirname "$0")/.."

# The parts in their order: each needs what those before it need.
case ${1:-} in
interface) level=1 ;;
server) level=2 ;;
window) level=3 ;;
test) level=4 ;;
bench) level=5 ;;
*)
    echo "usage: scripts/setup.sh interface|server|window|test|bench" >&2
    exit 2
    ;;
esac

fail() {
    printf '\n%s\n' "$@" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# at_least VERSION MINIMUM: compares dotted numbers.
at_least() {
    awk -v have="$1" -v want="$2" 'BEGIN {
        split(have, h, "."); split(want, w, ".")
        for (i = 1; i <= 3; i++) if (h[i] + 0 != w[i] + 0) exit h[i] + 0 < w[i] + 0
    }'
}

# check_toolchain NAME COMMAND MINIMUM ADVICE: neither Node.js nor Rust is installed for anybody.
check_toolchain() {
    local name=$1 command=$2 minimum=$3 advice=$4 version
    has "$command" || fail "$name is missing; $minimum or newer is needed. $advice"
    version=$("$command" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
    at_least "$version" "$minimum" || fail "$name $version is too old; $minimum or newer is needed. $advice"
}

check_node() {
    local minimum advice="Get it from https://nodejs.org/ (any current LTS version)."
    minimum=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' ui/package.json)
    check_toolchain Node.js node "$minimum" "$advice"
    has npm || fail "npm is missing; it comes with Node.js. $advice"
}

check_rust() {
    local minimum advice="Get it with rustup, see https://rustup.rs/; if it is there: rustup update stable."
    minimum=$(sed -n 's/^rust-version = "\([0-9.]*\)"/\1/p' Cargo.toml)
    check_toolchain Rust rustc "$minimum" "$advice"
    has cargo || fail "cargo is missing; it comes with Rust. $advice"
    [ $level -lt 4 ] || { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 ||
        fail "rustfmt or clippy is missing. Run: rustup component add rustfmt clippy"
}

# --- Debian and its kin -------------------------------------------------------------------------------

debian_packages() {
    # The library of Opus, which comes as source, is built with CMake.
    echo build-essential cmake
    [ $level -lt 3 ] || echo libwebkit2gtk-4.1-dev gstreamer1.0-plugins-good gstreamer1.0-plugins-bad \
        gstreamer1.0-libav libayatana-appindicator3-1 xdg-utils
    # The panel is a tray to test with, and PulseAudio has microphones that can be unplugged. The bundler asks for the
    # -dev of the tray's library. The last line is what the package depends on besides: the tests install it, and then
    # use it.
    [ $level -lt 4 ] || echo chromium firefox-esr dbus iproute2 nftables webkit2gtk-driver xvfb xfce4-panel appstream \
        desktop-file-utils libglib2.0-bin libayatana-appindicator3-dev pulseaudio pulseaudio-utils \
        gstreamer1.0-alsa gstreamer1.0-pipewire
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_debian() {
    local package missing=()
    for package in $(debian_packages); do
        case $(dpkg-query --show --showformat='<${db:Status-Status}>' "$package" 2>/dev/null) in
        *'<installed>'*) ;;
        *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Installing from the system's packages: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! has sudo; then
        fail_debian "${missing[@]}"
    fi
    # The lists of packages are often there and recent. If not, the first try fails and the second has new ones.
    if has_candidates "${missing[@]}" && apt_install "${missing[@]}"; then
        return 0
    fi
    if ! { as_root apt-get update -qq && apt_install "${missing[@]}"; }; then
        fail_debian "${missing[@]}"
    fi
}

has_candidates() {
    apt-get install --simulate --no-install-recommends "$@" >/dev/null 2>&1
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends -qq -o Dpkg::Use-Pty=0 "$@"
}

fail_debian() {
    fail "Some packages could not be installed from here. Run this as root, then try again:" \
        "  apt-get update && apt-get install --yes --no-install-recommends $*" \
        "(Debian 12 and Ubuntu 22.04 are the oldest that have all of them.)"
}

# --- Other systems: look for the thing itself, and name the packages ------------------------------------

missing=()

# want WHAT COMMAND...: notes WHAT as missing if COMMAND fails.
want() {
    local what=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$what")
}

has_gstreamer_plugin() {
    [ -e "$(pkg-config --variable=libdir glib-2.0)/gstreamer-1.0/libgst$1.so" ]
}

has_firefox() {
    has firefox-esr || has firefox
}

check_linux() {
    want "a C compiler" has cc
    want "CMake" has cmake
    if [ $level -ge 3 ]; then
        want "pkg-config" has pkg-config
        want "WebKitGTK 4.1 with its development files" pkg-config --exists webkit2gtk-4.1
        want "GStreamer's good plugins" has_gstreamer_plugin vpx
        want "GStreamer's bad plugins" has_gstreamer_plugin videoparsersbad
        want "GStreamer's libav plugin" has_gstreamer_plugin libav
        want "xdg-open" has xdg-open
    fi
    if [ $level -ge 4 ]; then
        want "Chromium" has chromium
        want "Firefox" has_firefox
        want "WebKitWebDriver" has WebKitWebDriver
        want "Xvfb" has Xvfb
        want "dbus-run-session" has dbus-run-session
        want "ip (iproute2)" has ip
        want "nft (nftables)" has nft
    fi
}

linux_command() {
    if has dnf; then
        echo "  sudo dnf install gcc gcc-c++ make cmake"
        [ $level -lt 3 ] || echo "  sudo dnf install pkgconf-pkg-config webkit2gtk4.1-devel gstreamer1-plugins-good" \
            "gstreamer1-plugins-bad-free gstreamer1-plugin-libav xdg-utils"
        [ $level -lt 4 ] || echo "  sudo dnf install chromium firefox /usr/bin/WebKitWebDriver xorg-x11-server-Xvfb" \
            "dbus-daemon iproute nftables"
    elif has pacman; then
        echo "  sudo pacman -S --needed base-devel cmake"
        [ $level -lt 3 ] || echo "  sudo pacman -S --needed webkit2gtk-4.1 gst-plugins-good gst-plugins-bad" \
            "gst-libav xdg-utils"
        [ $level -lt 4 ] || echo "  sudo pacman -S --needed chromium firefox webkitgtk-6.0 xorg-server-xvfb dbus iproute2" \
            "nftables"
    else
        echo "The names of the packages differ from system to system."
    fi
}

# --- All of it ----------------------------------------------------------------------------------------

check_others() {
    local advice
    case $(uname -s) in
    Linux)
        check_linux
        advice=$(linux_command)
        ;;
    Darwin)
        want "Xcode's command line tools" xcode-select -p
        want "CMake" has cmake
        advice="  xcode-select --install
  brew install cmake"
        ;;
    MINGW* | MSYS* | CYGWIN*)
        want "Microsoft's C++ build tools" \
            test -e "/c/Program Files (x86)/Microsoft Visual Studio/Installer/vswhere.exe"
        want "CMake" has cmake
        advice="  winget install Microsoft.VisualStudio.2022.BuildTools Kitware.CMake
  (with «Desktop development with C++»; WebView2 is part of Windows 11)"
        ;;
    *) fail "This system is not known here: Linux, macOS and Windows are." ;;
    esac
    if [ $level -ge 4 ] && [ "$(uname -s)" != Linux ]; then
        fail "The tests need Linux: they drive WebKitGTK's window and make networks of their own."
    fi
    [ ${#missing[@]} -eq 0 ] || fail "Please install what is missing here, then try again:" \
        "$(printf '  - %s\n' "${missing[@]}")" "$advice"
}

# Whether every Node.js package of FOLDER is there, in the version that its lock file names.
has_node_packages() {
    [ "$(cat ".setup/$1" 2>/dev/null)" = "$(cksum <"$1/package-lock.json")" ] || return 1
    # shellcheck disable=SC2016 # JavaScript's own ${}
    node --eval '
        const fs = require("node:fs");
        process.chdir(process.argv[1]);
        const { packages } = JSON.parse(fs.readFileSync("node_modules/.package-lock.json", "utf8"));
        const there = Object.keys(packages).every((folder) => fs.existsSync(`${folder}/package.json`));
        process.exit(there ? 0 : 1);
    ' "$1" 2>/dev/null
}

install_node_packages() {
    if has_node_packages "$1"; then
        return 0
    fi
    echo "Installing the Node.js packages of $1/"
    npm --prefix "$1" ci --no-audit --no-fund
    mkdir -p .setup
    cksum <"$1/package-lock.json" >".setup/$1"
}

check_node
[ $level -lt 2 ] || check_rust
if [ $level -ge 2 ]; then
    if has apt-get && has dpkg-query; then install_debian; else check_others; fi
fi
install_node_packages ui
[ $level -lt 4 ] || install_node_packages e2e
[ $level -lt 5 ] || install_node_packages bench
