# SPDX-License-Identifier: ISC
# sw: sweep-order tools. `make help` lists the targets.

CC = gcc
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
WERROR = $(if $(CI),-Werror)
CPPFLAGS = -D_GNU_SOURCE -Ilib
LDLIBS = $(OTHERS)
PREFIX = /usr/local
DESTDIR =
BUILD = build/default
BIN = bin

PROGRAMS = $(patsubst cmd/%.c,%,$(wildcard cmd/sw.c cmd/sw-*.c))
LIB_SOURCES = $(wildcard lib/*/*.c)
LIB_OBJECTS = $(LIB_SOURCES:%.c=$(BUILD)/%.o)
LIBRARY = $(BUILD)/libsw.a
COMPILE = $(CC) -std=gnu11 $(CPPFLAGS) -I$(BUILD) $(CFLAGS) $(WARNINGS) $(WERROR)
# Of the libraries that can be done without, those that the compiler has; without them it is zlib's work, and zstd is not read.
LIBRARIES = $(BUILD)/sw_libraries.h
OTHERS = $$(cat $(BUILD)/libraries)

NPROC := $(shell nproc 2>/dev/null || echo 1)
# A build of its own: the jobs that were asked for, else one a core.
SUBMAKE = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(NPROC))
TESTS = tests
BATS = bats

.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAMS:%=$(BIN)/%) ## build the programs (into bin/)
	@[ $(BIN) = bin ] || for folder in share pipelines; do \
	  [ -e $(BIN)/../$$folder ] || ln -sfn "$(CURDIR)/$$folder" $(BIN)/../$$folder || exit; \
	done

$(BIN)/%: $(BUILD)/cmd/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@.$$PPID $< $(LIBRARY) $(LDLIBS) && mv -f $@.$$PPID $@

# Looked for each time, for they may have come meanwhile; what is found again leaves the file as it is.
$(LIBRARIES): FORCE
	@lib/libraries.sh $(BUILD) $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)

# Under another name first: a second make beside this one never links half an archive.
$(LIBRARY): $(LIB_OBJECTS) | $(LIBRARIES)
	@rm -f $@.$$PPID
	$(AR) rcs $@.$$PPID $^
	@mv $@.$$PPID $@

$(BUILD)/%.o: %.c | $(LIBRARIES)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

-include $(LIB_OBJECTS:.o=.d) $(PROGRAMS:%=$(BUILD)/cmd/%.d)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9 -]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

# --- tests -----------------------------------------------------------------

# Tests are in tiers, told by bats' tags. What takes long is tagged `check`: it is run by whoever names its file, and before
# anything lands. What takes hours is in tests/soak. What is tagged `plain` would show a sanitizer nothing new.
QUICK = $(if $(filter tests,$(TESTS)),--filter-tags '!check')

# Of all tests, files run beside each other and the tests of a file one after the other: a test that has to wait for one of its own
# file costs bats a second. One file more than cores, for some tests wait; those that take longest begin, for none to be left at the end.
LONGEST = $(wildcard $(patsubst %,tests/%.bats,kill pipelines analyse jobs match-run contract live monitor full-disk hosts damage agg chunk \
  analysis run-folder resume compare ledger export sort simulate gen memory examples jobs-of-a-user gzip pick outputs match conf tca))
ALL_TESTS = $(LONGEST) $(filter-out $(LONGEST),$(sort $(wildcard tests/*.bats)))
# Signals are what they are by default: a test that sends one waits for ever where nohup or a shell's & have it ignored.
RUN_TESTS = env --default-signal $(BATS) $(if $(filter tests,$(TESTS)),--jobs $$(($(NPROC) + 1)) --no-parallelize-within-files,--jobs $(NPROC))
TESTS_RUN = $(if $(filter tests,$(TESTS)),$(ALL_TESTS),$(TESTS))

# Tests in C of what no program shows, on the library.
TEST_PROGRAMS = $(patsubst tests/%.c,$(BUILD)/tests/%,$(addprefix tests/,amounts_test.c damage_test.c encode_test.c \
  csv_test.c hash_test.c item_sorter_test.c lookup_test.c mask_test.c part_seal_test.c rename_test.c scenario_test.c sha256_test.c wide_test.c))
test-programs: $(TEST_PROGRAMS)

$(BUILD)/tests/%: tests/%.c tests/fuzz/support.c tests/fuzz/fuzz.h tests/fuzz/records.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(FUZZ_FLAGS) $(CFLAGS) $(WARNINGS) $(WERROR) $(LDFLAGS) -o $@.$$PPID $< tests/fuzz/support.c \
	  $(LIBRARY) $(LDLIBS) && mv -f $@.$$PPID $@

# Comparisons are counted in it: what compares is built for that, the rest is the library's.
COUNTED = $(addprefix lib/,$(patsubst %,base/%.c,hash bytes error shown utf8 memory pages number) record/vector.c record/schema.c \
  encode/dictionary.c kernels/cpu.c kernels/lookup.c $(patsubst %,distinct/%.c,intern number_table pair_table counted_pairs))
$(BUILD)/tests/hash_test: tests/hash_test.c $(COUNTED) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(FUZZ_FLAGS) $(CFLAGS) $(WARNINGS) $(WERROR) $(LDFLAGS) -fno-builtin-memcmp -Wl,--wrap=memcmp -o $@.$$PPID \
	  $< $(COUNTED) $(LIBRARY) $(LDLIBS) && mv -f $@.$$PPID $@

test: ## put in place what is missing, build, run the quick tests (TESTS=tests/NAME.bats: all of these)
	@tests/prerequisites.sh test
	@+$(SUBMAKE) all test-programs
	SW_BIN="$(CURDIR)/$(BIN)" $(RUN_TESTS) $(QUICK) $(TESTS_RUN)

test-all: ## run the tests of make check too
	@+$(SUBMAKE) test QUICK=

check: ## test-all, layers, shellcheck, manual, sanitizers, what fuzzing found, a minute of random files
	@tests/prerequisites.sh test check sanitize
	@+$(SUBMAKE) all
	@+$(SUBMAKE) layers format shellcheck lint-man mutants-check
	@+$(SUBMAKE) test-all
	@+$(SUBMAKE) sanitize
	@+$(SUBMAKE) fuzz-replay
	@+$(SUBMAKE) differential

# One name, one meaning: all headers go together, but for those that are read more than once and have no guard.
layers: $(LIB_OBJECTS) ## check that lib/ includes and calls downwards only, in no circle, with names of one meaning; draw its rooms
	@awk -f tests/layers.awk lib/LAYERS lib/*/*.[ch] cmd/*.c
	@grep -l '^#ifndef SW_' lib/*/*.h | sed 's,^lib/\(.*\),#include "\1",' | $(CC) -std=gnu11 -D_GNU_SOURCE -Ilib -I$(BUILD) -fsyntax-only -x c -
	@nm -A -P $(LIB_OBJECTS) | awk -f tests/calls.awk lib/LAYERS -

# Versions of clang-format differ in what they make of one .clang-format: the tree is held to that of Debian 12.
CLANG_FORMAT ?= $(shell command -v clang-format-14 || echo clang-format)
format: ## check that the C code stands as .clang-format says (CLANG_FORMAT=clang-format-14)
	@tests/prerequisites.sh check
	@find $(wildcard cmd lib tests) -name '*.[ch]' | sort | xargs -r -n 32 -P $(NPROC) $(CLANG_FORMAT) --dry-run -Werror

# By name, or by the first line: whatever is a script of a Bourne shell.
SCRIPT_FOLDERS = $(wildcard .ci bench examples findings lib man packaging pipelines share tests)
shellcheck: ## check every shell script
	@{ find $(SCRIPT_FOLDERS) -type f \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' \); \
	   find $(SCRIPT_FOLDERS) -type f -exec awk \
	     'FNR == 1 && /^#!.*[\/ ](ba|da)?sh( |$$)/ { print FILENAME } { nextfile }' {} +; } | \
	  sort -u | xargs -r -n 8 -P $(NPROC) shellcheck -x -P SCRIPTDIR

SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all
ASAN = BUILD=build/asan BIN=build/asan/bin CFLAGS="-O1 -g1 -fno-omit-frame-pointer $(SANITIZERS)"
# A status that no program of ours has: a test that expects a failure must not take a sanitizer's for it.
sanitize: ## run the tests, but for those tagged plain, on a build with ASan and UBSan (build/asan)
	@tests/prerequisites.sh test sanitize
	@+$(SUBMAKE) all test-programs $(ASAN)
	ASAN_OPTIONS=exitcode=99 SW_BIN="$(CURDIR)/build/asan/bin" $(RUN_TESTS) --filter-tags '!plain' $(TESTS_RUN)

# --- fuzzing: tests/fuzz/fuzz.h ---------------------------------------------

# A target is built with what all of them share, and either with libFuzzer or with a main that replays files.
FUZZ_TARGETS = $(patsubst tests/fuzz/targets/%.c,%,$(wildcard tests/fuzz/targets/*.c))
FUZZ_SHARED = $(addprefix tests/fuzz/,support.c repair.c json.c fuzz.h records.h)
FUZZ_FLAGS = $(CPPFLAGS) -Itests/fuzz -DFUZZ_TREE='"$(CURDIR)"'
FUZZ_SECONDS = 600
FUZZ_JOBS = $(NPROC)
FUZZ = CC=clang BUILD=build/fuzz CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
  -fno-sanitize-recover=all" FUZZ_LINK=-fsanitize=fuzzer
fuzz: ## make bytes up for every reader of bytes (FUZZ_SECONDS in all, FUZZ_JOBS at a time, FUZZ_TARGETS)
	@tests/prerequisites.sh fuzz
	@+$(SUBMAKE) all
	@+$(SUBMAKE) $(FUZZ) fuzz-targets
	@tests/fuzz/seeds build/fuzz/seeds
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ_JOBS) $(FUZZ_TARGETS)

fuzz-replay: ## give every target what fuzzing found, and what it begins with, under ASan and UBSan (build/asan)
	@tests/prerequisites.sh test sanitize
	@+$(SUBMAKE) all
	@+$(SUBMAKE) $(ASAN) FUZZ_LINK=tests/fuzz/replay.c fuzz-targets
	@tests/fuzz/seeds build/asan/seeds
	@tests/fuzz/replay-all build/asan $(FUZZ_TARGETS)

# With a seed of its own each time, which is printed.
DIFFERENTIAL_SECONDS = 60
differential: ## random files through every route (DIFFERENTIAL_SECONDS)
	@tests/prerequisites.sh test
	@+$(SUBMAKE) all
	SW_BIN="$(CURDIR)/$(BIN)" tests/differential.py --seconds $(DIFFERENTIAL_SECONDS)

fuzz-targets: $(FUZZ_TARGETS:%=$(BUILD)/targets/%)

$(BUILD)/targets/%: tests/fuzz/targets/%.c $(FUZZ_SHARED) tests/fuzz/replay.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(FUZZ_FLAGS) $(CFLAGS) $(WARNINGS) $(WERROR) $(LDFLAGS) -o $@ $< $(filter-out %.h,$(FUZZ_SHARED)) \
	  $(FUZZ_LINK) $(LIBRARY) $(LDLIBS)

clang: ## build with clang (build/clang)
	@tests/prerequisites.sh clang
	@+$(SUBMAKE) all CC=clang BUILD=build/clang BIN=build/clang/bin

ARM64 = CC=aarch64-linux-gnu-gcc BUILD=build/arm64 BIN=build/arm64/exe/bin LDFLAGS="-static \
  -Lbuild/arm64/sysroot/usr/lib/aarch64-linux-gnu" \
  CPPFLAGS="$(CPPFLAGS) -idirafter build/arm64/sysroot/usr/include"
arm64: ## cross-build for arm64, statically (build/arm64), where its packages can be had
	@if tests/prerequisites.sh arm64 && tests/arm64/sysroot.sh build/arm64/sysroot; then \
	  $(SUBMAKE) all $(ARM64); \
	else \
	  echo 'arm64: skipped, see above'; \
	fi

# Under qemu by a wrapper for each program, so that the kernel need not know how to start them.
test-arm64: arm64 ## run a small test of the arm64 build under qemu
	@if [ ! -e build/arm64/exe/bin/sw-hwinfo ]; then \
	  echo 'test-arm64: skipped, there is no arm64 build'; \
	else \
	  tests/prerequisites.sh test && $(SUBMAKE) all && mkdir -p build/arm64/bin && \
	  for program in $(PROGRAMS); do \
	    printf '#!/bin/sh\nexec qemu-aarch64 "%s" "$$@"\n' \
	      "$(CURDIR)/build/arm64/exe/bin/$$program" >build/arm64/bin/$$program && \
	    chmod +x build/arm64/bin/$$program || exit; \
	  done && \
	  SW_BIN="$(CURDIR)/$(BIN)" SW_ARM64="$(CURDIR)/build/arm64/bin" $(BATS) --jobs $(NPROC) tests/arm64; \
	fi

soak: ## run the long tests (tests/soak)
	@tests/prerequisites.sh test
	@+$(SUBMAKE) all
	@if ls tests/soak/*.bats >/dev/null 2>&1; then \
	  SW_BIN="$(CURDIR)/$(BIN)" bats tests/soak; \
	else \
	  echo 'soak: there are no long tests yet'; \
	fi

# What is not found by them is a test that is missing. With TIER=soak those that only tests/soak finds, with MUTANTS='NAME …' some.
TIER = test
mutants: ## put small faults into a copy, one at a time: the tests that ought to notice each must (MUTANTS='NAME …', TIER=soak)
	@tests/prerequisites.sh test
	@+$(SUBMAKE) all
	@tests/mutants.py --tier $(TIER) $(MUTANTS)

mutants-check: ## check that each of them still has its place and its tests
	@tests/mutants.py --check

dead-programs: ## put a program that does nothing in the place of each: what runs it must fail (DEAD='sw-cut …': of these)
	@tests/prerequisites.sh test
	@+$(SUBMAKE) all
	@SW_BIN="$(CURDIR)/$(BIN)" tests/dead-programs $(DEAD)

bench: ## time every task against the peers at hand (ROWS=N TASKS='T1 T3' RUNS=N PEERS='duckdb-*')
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/run $(TASKS)

bench-scale: ## time and memory from a million to a billion rows, and the slope
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/scale

bench-profiles: ## one core, two cores, little memory
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/profiles

bench-integrity: ## what damage, full disks, kills and bad rows come to, beside gzip, zstd, samtools, sqlite3, DuckDB, parallel
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/integrity >bench/results/integrity.tmp && mv bench/results/integrity.tmp bench/results/integrity.txt
	@cat bench/results/integrity.txt

bench-vendors: ## rows a second of files in eight vendors' forms, beside DuckDB and Polars
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/vendors

bench-monitor: ## what the monitor of a run takes, and how far its estimates are off
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) bench/monitor

bench-instructions: all ## count the instructions a row of the hot paths, into bench/instructions.csv
	SW_BIN=$(BIN) bench/instructions record

bench-check: all ## count them again: fail where a path takes more than it did (TOLERANCE=5 percent)
	SW_BIN=$(BIN) bench/instructions check

# --- manual, completion ----------------------------------------------------

PAGES = $(wildcard man/*.[1-9] man/*.[1-9].in)
BUILT_PAGES = $(PAGES:man/%=build/man/%)

man: all ## build the manual pages (build/man)
	@rm -rf build/man
	@man/build.sh $(BIN) build/man $(PAGES)

lint-man: man ## check the manual pages with mandoc
	@tests/prerequisites.sh check
	@mandoc -Tlint -W warning $(BUILT_PAGES:.in=)

html: man ## the manual as HTML (build/html/index.html)
	@tests/prerequisites.sh check
	@rm -rf build/html
	@man/html.sh build/man build/html

completion: all ## build the completion of bash, zsh and fish (build/completion)
	@rm -rf build/completion
	@man/completion.sh "$(CURDIR)/$(BIN)" build/completion

# --- installation ----------------------------------------------------------

# The pipelines' names are common words, so they stay out of bin/, where sw calls them: PREFIX/libexec/sw/pipelines/report. The links beside them
# lead to the programs and to what they share.
ROOT = $(DESTDIR)$(PREFIX)
LIBEXEC = $(ROOT)/libexec/sw
PIPELINE_ROOMS = lib jobs remote
COMPLETIONS = $(ROOT)/share/bash-completion/completions
ZSH_COMPLETIONS = $(ROOT)/share/zsh/site-functions
FISH_COMPLETIONS = $(ROOT)/share/fish/vendor_completions.d
INSTALLED_PAGES = $(notdir $(PAGES:.in=))

install: all man completion ## install under PREFIX, below DESTDIR
	install -d $(ROOT)/bin $(ROOT)/share/sw $(LIBEXEC)/pipelines $(PIPELINE_ROOMS:%=$(LIBEXEC)/pipelines/%) \
	  $(COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS)
	install -m 755 $(PROGRAMS:%=$(BIN)/%) $(ROOT)/bin
	cp -R share/. $(ROOT)/share/sw
	for file in $(wildcard pipelines/* $(PIPELINE_ROOMS:%=pipelines/%/*)); do \
	  [ ! -d $$file ] || continue; \
	  if [ -x $$file ]; then mode=755; else mode=644; fi; \
	  install -m $$mode $$file $(LIBEXEC)/$$file || exit; \
	done
	ln -sfn ../../bin $(LIBEXEC)/bin
	ln -sfn ../../share/sw $(LIBEXEC)/share
	for page in $(INSTALLED_PAGES); do \
	  section=$(ROOT)/share/man/man$${page##*.}; \
	  install -d $$section && install -m 644 build/man/$$page $$section || exit; \
	done
	install -m 644 build/completion/sw $(COMPLETIONS)/sw
	for program in $(filter-out sw,$(PROGRAMS)); do ln -sfn sw $(COMPLETIONS)/$$program || exit; done
	install -m 644 build/completion/_sw $(ZSH_COMPLETIONS)/_sw
	install -m 644 build/completion/sw.fish $(FISH_COMPLETIONS)/sw.fish
	@echo '`sw` lists the commands; `sw help COMMAND` opens the page of one.'

uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(ROOT)/bin/%) $(PROGRAMS:%=$(COMPLETIONS)/%) $(ZSH_COMPLETIONS)/_sw $(FISH_COMPLETIONS)/sw.fish
	for page in $(INSTALLED_PAGES); do rm -f $(ROOT)/share/man/man$${page##*.}/$$page; done
	rm -rf $(ROOT)/share/sw $(LIBEXEC)

# --- packages --------------------------------------------------------------

dist: ## what is committed, as build/sw-VERSION.tar.gz
	@packaging/package.sh dist build

deb: ## a Debian package of what is committed (build/deb)
	@tests/prerequisites.sh deb
	@packaging/package.sh deb build/deb

# --- running ---------------------------------------------------------------

DEMO_ROWS = 1000000

demo: ## make up a million order events with trades and quotes, report on them, make a page of it (demo/)
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	@+$(MAKE) --no-print-directory demo/out/aggregated/global_summary.csv
	@examples/show-reports demo/out/aggregated
	@$(BIN)/sw-page $$(command -v gnuplot >/dev/null || echo --no-plots) demo/out
	@echo 'demo: the page to look at is demo/out/index.html'

demo/orders.csv:
	$(BIN)/sw-gen --rows $(DEMO_ROWS) -o demo

demo/out/aggregated/global_summary.csv: demo/orders.csv
	SW_BIN=$(BIN) pipelines/report -o demo/out demo/orders.csv

report: ## report on ORDERS='FILE…' into OUT=DIR (also SELECTORS='-s …', WORKERS=N, CHUNK=SIZE)
	@if [ -z '$(ORDERS)' ] || [ -z '$(OUT)' ]; then \
	  echo "usage: make report ORDERS='FILE…' OUT=DIR [SELECTORS='-s 110621 …'] [WORKERS=N] [CHUNK=SIZE]" >&2; \
	  exit 2; \
	fi
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) pipelines/report $(SELECTORS) $(if $(WORKERS),-j $(WORKERS)) \
	  $(if $(CHUNK),-b $(CHUNK)) -o $(OUT) $(ORDERS)

sweep: ## run all that a configuration says: CONF=sweep.conf (also SET='KEY=VALUE …')
	@if [ -z '$(CONF)' ]; then echo "usage: make sweep CONF=sweep.conf [SET='KEY=VALUE …']" >&2; exit 2; fi
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	SW_BIN=$(BIN) pipelines/sweep -C $(CONF) $(SET)

# What a run is made from, and how: make runs it again where one of these is newer or another.
ANALYSE = SW_BIN=$(BIN) pipelines/analyse $(patsubst %,--trades %,$(TRADES)) $(patsubst %,--nbbo %,$(NBBO)) \
  $(SELECTORS) $(if $(WORKERS),-j $(WORKERS)) $(if $(CHUNK),-b $(CHUNK)) -o $(OUT) $(ORDERS)

analyse: ## analyse ORDERS='FILE…' TRADES='FILE…' NBBO='FILE…' into OUT=DIR (also SELECTORS, WORKERS, CHUNK)
	@if [ -z '$(ORDERS)' ] || [ -z '$(TRADES)' ] || [ -z '$(NBBO)' ] || [ -z '$(OUT)' ]; then \
	  echo "usage: make analyse ORDERS='FILE…' TRADES='FILE…' NBBO='FILE…' OUT=DIR [SELECTORS='-H 10-16 …'] [WORKERS=N] [CHUNK=SIZE]" >&2; \
	  exit 2; \
	fi
	@if [ $(words $(OUT)) -ne 1 ]; then echo 'make analyse: OUT is one folder, without blanks in its name' >&2; exit 2; fi
	@tests/prerequisites.sh demo
	@+$(SUBMAKE) all
	@mkdir -p $(OUT) && umask go-w && mkdir -p $(OUT)/run
	@[ "$$(find $(OUT)/by_security $(OUT)/aggregated -type f -printf '%s %P\n' 2>/dev/null | sort | sha256sum)" = \
	  "$$(cat $(OUT)/run/complete 2>/dev/null)" ] || rm -f $(OUT)/run/complete
	@umask go-w; printf '%s\n' '$(subst ','\'',$(ANALYSE) $(wildcard $(ORDERS) $(TRADES) $(NBBO)))' >$(OUT)/run/command.now
	@umask go-w; cmp -s $(OUT)/run/command.now $(OUT)/run/command || cp $(OUT)/run/command.now $(OUT)/run/command
	@rm -f $(OUT)/run/command.now
	@$(MAKE) --no-print-directory $(OUT)/run/complete

$(if $(OUT),$(OUT)/run/complete): $(wildcard $(ORDERS) $(TRADES) $(NBBO)) $(OUT)/run/command
	$(ANALYSE)

clean: ## remove what was built
	rm -rf build bin

dist-clean: clean ## remove what was built and the demo
	rm -rf demo

FORCE:

.PHONY: FORCE all help test test-all test-programs check layers format shellcheck mutants mutants-check dead-programs sanitize fuzz fuzz-replay fuzz-targets differential clang arm64 test-arm64 soak bench bench-scale bench-profiles bench-integrity bench-monitor bench-vendors \
  bench-instructions bench-check man lint-man \
  completion html dist deb install uninstall demo report sweep analyse clean dist-clean
