# Everything a newcomer needs: make demo, make test. The rest is for those who work on Tally.

SWIFT ?= swift
PREFIX ?= /usr/local
SECONDS ?= 60

# Programs that start quickly: the standard library inside, and at one address, so that nothing has to be moved (a third of
# the 14 ms that it takes to start otherwise).
QUICK = -c release --static-swift-stdlib -Xswiftc -Xclang-linker -Xswiftc -no-pie

# Files as their publishers give them, for tests that are passed over without: comtrade/, korea/, sdmx/, vocab/.
export TALLY_PUBLISHED_DATA ?= $(abspath $(wildcard ../shared/data/candidates))

.PHONY: demo demo-conflicts test test-long fuzz mutants bench install format lint clean setup

## Installs what is missing, builds, plays the story of two analysts, and leaves their files in demo/.
demo: setup
	$(SWIFT) build -c release --product tally
	$(SWIFT) build -c release --product tally-hub
	TALLY_BIN="$$($(SWIFT) build -c release --show-bin-path)" scripts/demo

## Records a session about conflicts in a real terminal, for docs/conflicts.md.
demo-conflicts: setup
	@scripts/setup tmux
	$(SWIFT) build -c release --product tally
	TALLY_BIN="$$($(SWIFT) build -c release --show-bin-path)" scripts/demo-conflicts

## Installs what is missing, builds, runs every test, and plays a thousand worlds with all faults.
test: setup lint
	@command -v python3 >/dev/null || scripts/setup python3
	@scripts/tools
	@command -v soffice >/dev/null || scripts/setup libreoffice-calc-nogui || \
		echo "LibreOffice cannot be had here: the tests that edit sheets with it are skipped" >&2
	$(SWIFT) build --build-tests
	TALLY_BIN="$$($(SWIFT) build --show-bin-path)" $(SWIFT) test --skip-build
	scripts/simulate --seeds 1000 --binary "$$($(SWIFT) build --show-bin-path)/tally-simulate"

## The same, with fifty random moments for each command that is killed where `make test` takes a handful.
test-long: export TALLY_LONG = 1
test-long: test

## Fuzzes each reader of bytes from outside for SECONDS: Fuzzing/README.md says what must hold.
fuzz:
	@scripts/setup python3
	for target in lines messages csv files bundles snapshots; do Fuzzing/run $$target $(SECONDS) || exit; done

## Damages the code in one way after another, and sees whether the simulator notices: Mutants/README.md. It takes a while.
mutants:
	@scripts/setup python3
	scripts/mutants

## Measures against plain SQLite in the same run: the programs at 10,000 and 200,000 records, looking back and conflicts at 10,000, or ROWS="…"; layouts small.
bench:
	@scripts/setup python3 time
	$(SWIFT) build $(QUICK) --product tally
	$(SWIFT) build $(QUICK) --product tally-hub
	TALLY_BIN="$$($(SWIFT) build $(QUICK) --show-bin-path)" Benchmarks/run $(ROWS)
	TALLY_BIN="$$($(SWIFT) build $(QUICK) --show-bin-path)" Benchmarks/edits $(ROWS)
	TALLY_BIN="$$($(SWIFT) build $(QUICK) --show-bin-path)" Benchmarks/history $(ROWS)
	TALLY_BIN="$$($(SWIFT) build $(QUICK) --show-bin-path)" Benchmarks/conflicts $(ROWS)
	Benchmarks/layouts 10000

## Builds with the standard library inside, for a quick start, and copies the programs to PREFIX/bin.
install: setup
	$(SWIFT) build $(QUICK) --product tally
	$(SWIFT) build $(QUICK) --product tally-hub
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$$($(SWIFT) build $(QUICK) --show-bin-path)/tally" "$(DESTDIR)$(PREFIX)/bin/tally"
	install -m 755 "$$($(SWIFT) build $(QUICK) --show-bin-path)/tally-hub" "$(DESTDIR)$(PREFIX)/bin/tally-hub"

format:
	$(SWIFT) format --in-place --recursive Package.swift Schema Sources Tests Fuzzing

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Schema Sources Tests Fuzzing

clean:
	rm -rf .build demo

setup:
	@scripts/setup
