# The commands of this project; `make` alone lists them. What they need is installed by scripts/setup.sh.

# A window needs a display. Linux says in these variables whether there is one; macOS and Windows always have it.
ifeq ($(shell uname -s)$(DISPLAY)$(WAYLAND_DISPLAY),Linux)
RUN := server
else
RUN := window
endif

INTERFACE := ui/dist/index.html
INTERFACE_SOURCES := icons/icon.svg $(shell find ui/src -type f) $(wildcard ui/*.html ui/*.json ui/*.js ui/*.ts)

.PHONY: help run run-window run-server test test-long fuzz bench screens bench-build-server bench-build-call bench-build-join bench-build-picture bench-build-mesh bench-build-window package ui format clean setup-interface setup-server setup-window setup-test setup-bench

help:
	@echo "make run     opens the app; without a display, it hosts a room in the terminal instead"
	@echo "make test    runs every test"
	@echo "make test-long runs every test, those with random rounds for longer"
	@echo "make fuzz    feeds made-up input to what reads from the network, a minute each"
	@echo "make package builds the package for Debian and its kin, tries it, and says where it is"
	@echo "make bench   measures, beside PeerJS and socket.io, and writes bench/results.md; ONLY=server|call|join|picture|mesh|window"
	@echo "make screens takes the pictures of docs/screens.md anew"
	@echo "make ui      builds the interface only"
	@echo "make format  formats the code"
	@echo "make clean   removes what was built"
	@echo "The first run of each installs what it needs, or says what to install."

run: run-$(RUN)

run-window: setup-window $(INTERFACE)
	cargo run

run-server: setup-server $(INTERFACE)
	@echo "There is no display for a window here, so this starts: visavis-server host"
	cargo run -p visavis-server -- host

test: setup-test
	scripts/test.sh

# A thousand rounds take some minutes.
test-long: setup-test
	GLARE_ROUNDS=1000 TEST_TIMEOUT_MS=1800000 scripts/test.sh

fuzz: setup-server
	scripts/fuzz.sh

package: setup-test
	scripts/package.sh

# The parts of the measurements that are wanted.
ONLY := server call join picture mesh window

bench: setup-bench $(INTERFACE) $(ONLY:%=bench-build-%)
	bench/run.sh $(ONLY)

# Each package by itself: built together, each would be built with what only the others need.
# The window's part tells the size of the package, which is built with the server inside: the server alone comes after.
bench-build-server: $(if $(filter window,$(ONLY)),package)
	cargo build --release -p visavis-server

bench-build-call: bench-build-server
	cargo build --release -p visavis-testkit --bin link-emulator

bench-build-join: bench-build-server

bench-build-mesh: bench-build-server

# The one with a made-up camera and microphone is kept beside the one that is packaged, which is built after it.
bench-build-picture: bench-build-server
	cargo build --release --bin visavis --features mock-devices
	cp target/release/visavis target/release/visavis-mock-devices

bench-build-window: bench-build-server
	cargo build --release --bin visavis --example empty-window

# The tests of the views take all pictures, and look at each for faults; the pages say which of them they show.
screens: setup-test $(INTERFACE)
	cargo build -p visavis-server
	e2e/run.sh tests/views-*.test.mjs
	cd e2e && node screens.mjs

ui: setup-interface $(INTERFACE)

format: setup-test
	cargo fmt --all
	npm --prefix ui run format
	npm --prefix e2e run format

clean:
	cargo clean
	rm -rf ui/dist e2e/output gen fuzz/target

setup-interface setup-server setup-window setup-test setup-bench:
	@scripts/setup.sh $(@:setup-%=%)

# With `make -j`, the set-up above must not run beside the build.
.NOTPARALLEL:

$(INTERFACE): $(INTERFACE_SOURCES)
	npm --prefix ui run build
