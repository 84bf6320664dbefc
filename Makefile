# SPDX-License-Identifier: Apache-2.0
# The front door. What each target needs is installed from Debian by tools/bootstrap, as root or through sudo.
.PHONY: build run demo check bench fuzz deb format clean help
.DEFAULT_GOAL := build
DATA ?= ./data
PARLEY = $$(ls build/parley build/src/main/parley 2>/dev/null | head -1)
NODE_PACKAGES = test/node_modules/.package-lock.json

build: ## the program, optimised, in build/
	@tools/bootstrap run
	@[ -e build/build.ninja ] || meson setup build --buildtype=release -Doptimization=2 -Ddebug=true >/dev/null
	@ninja -C build --quiet src/main/parley src/main/parley-media

run: build ## serve ./data on http://localhost:8380 (another folder: make run DATA=/somewhere)
	@exec $(PARLEY) serve --data $(DATA)

demo: build ## make a believable community in ./demo and serve it
	@exec $(PARLEY) demo --data ./demo

check: ## every check and test, on both engines; some stages: tools/check unit api-sqlite
	@tools/bootstrap check
	@tools/check

bench: build ## the figures of docs/BENCHMARKS.md
	@tools/bootstrap check
	@ninja -C build --quiet
	@test/bench/run

fuzz: ## a minute for each parser (PARLEY_FUZZ_SECONDS=...)
	@tools/bootstrap check
	@PARLEY_FUZZ_SECONDS=$${PARLEY_FUZZ_SECONDS:-60} tools/check fuzz

deb: ## the Debian package, in build-deb/
	@tools/deb

format: $(NODE_PACKAGES) ## lay out the C and TypeScript sources
	@git ls-files 'src/*.[ch]' 'test/*.[ch]' | xargs -r $$(command -v clang-format-14 clang-format | head -1) -i
	@test/node_modules/.bin/biome check --write --colors=off --log-level=warn .

$(NODE_PACKAGES): test/package-lock.json
	@tools/check npm

clean: ## remove what was built; data folders stay
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z]*\):.* ## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-8s %s\n", $$1, $$2 }'
