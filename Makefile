# SPDX-License-Identifier: Apache-2.0
#
# make          build build/release/postern; installs nothing
# make demo     install what is missing, build, report on the bundled sample log
# make check    install what is missing, build, run the whole test suite
# make asan     unit tests, command line and fuzz seeds under AddressSanitizer and UBSan
# make fuzz     each harness of tests/fuzz for T=60 seconds; what crashes becomes a seed
# make lint     compiler analysis, cppcheck, clang-tidy, shellcheck
# make bench    speed and memory beside wc -l (BENCH_BIG=1: 10 M lines too)
# make e2e      real mail daemons in namespaces, scripted traffic, compared with its truth
# make cov      line coverage of the test suite
# make install  PREFIX=/usr/local DESTDIR=; also the systemd unit, its user and folders
#
# VARIANT=release|asan|tsan|fuzz|cov chooses build/<variant>; WERROR=1 makes warnings errors.

VARIANT ?= release
B := build/$(VARIANT)
VERSION := 0.1.0

ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
DESTDIR ?=
# Where systemd looks, below /usr/local, too.
LIBDIR ?= $(PREFIX)/lib
UNITDIR ?= $(LIBDIR)/systemd/system

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wformat=2 -Wundef -Wvla \
	-Walloca -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wimplicit-fallthrough -Wnull-dereference -Wdate-time
IS_CLANG := $(shell $(CC) --version 2>/dev/null | grep -c clang)
ifeq ($(IS_CLANG),0)
WARNINGS += -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wtrampolines -Wbidi-chars=any
HARDEN_GCC := -ftrivial-auto-var-init=zero
endif
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

HARDENING := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fPIE $(HARDEN_GCC)
ifeq ($(shell uname -m),x86_64)
HARDENING += -fcf-protection=full
endif
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack

OPTIMIZE.release := -O2 -g $(HARDENING)
OPTIMIZE.asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
OPTIMIZE.tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
OPTIMIZE.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
OPTIMIZE.cov := -O0 -g --coverage
LINK.release := $(LINK_HARDENING)
LINK.asan := -fsanitize=address,undefined
LINK.tsan := -fsanitize=thread
LINK.fuzz := -fsanitize=address,undefined
LINK.cov := --coverage

# Libraries: needed, and optional ones that `postern version` names when missing.
NEEDED := libpcre2-8 zlib jansson libcares sqlite3
OPTIONAL := libisal libsystemd liblzma libzstd libmaxminddb libcurl geoip libseccomp
has = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo 1)
FOUND := $(foreach lib,$(OPTIONAL),$(if $(call has,$(lib)),$(lib)))
MISSING := $(strip $(foreach lib,$(NEEDED),$(if $(call has,$(lib)),,$(lib))))
HAVE := $(foreach lib,$(FOUND),-DHAVE_$(shell echo $(lib) | tr 'a-z-' 'A-Z_'))
# Debian's libbz2-dev has no .pc file.
ifneq ($(shell echo '\#include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 && echo 1),)
HAVE += -DHAVE_BZIP2
LIBBZ2 := -lbz2
endif
# These are loaded when they are needed (base/library.h), by the names that they have here.
LOADED := libcurl libsystemd
soname = '"$(shell objdump -p $$($(PKG_CONFIG) --variable=libdir $(1))/$(1).so | \
	awk '$$1 == "SONAME" {print $$2}')"'
ifneq ($(filter libcurl,$(FOUND)),)
HAVE += -DCURL_SONAME=$(call soname,libcurl)
endif
ifneq ($(filter libsystemd,$(FOUND)),)
HAVE += -DSYSTEMD_SONAME=$(call soname,libsystemd)
endif
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(NEEDED) $(FOUND) 2>/dev/null)
LIB_LIBS := $(shell $(PKG_CONFIG) --libs $(NEEDED) $(filter-out $(LOADED),$(FOUND)) 2>/dev/null)

ALL_CFLAGS := -std=gnu17 $(OPTIMIZE.$(VARIANT)) -fno-strict-overflow $(WARNINGS) -Isrc -pthread \
	-include src/base/banned.h -D_GNU_SOURCE -DPOSTERN_VERSION='"$(VERSION)"' $(HAVE) $(LIB_CFLAGS) $(CFLAGS)
ALL_LIBS := $(LIB_LIBS) $(LIBBZ2) -pthread -lm

# V=1 shows the commands whole.
ifneq ($(V),1)
say = @echo "  $(1) $@";
endif

# A codec without its library is left out; its row goes with it (input/room.h).
LEFT_OUT := $(if $(findstring HAVE_LIBSYSTEMD,$(HAVE)),src/input/journalctl.c, \
		src/input/journal.c src/input/journal-tail.c) \
	$(if $(findstring HAVE_LIBLZMA,$(HAVE)),,src/input/xz.c) \
	$(if $(findstring HAVE_LIBZSTD,$(HAVE)),,src/input/zstd.c) \
	$(if $(findstring HAVE_LIBCURL,$(HAVE)),,src/base/curl.c) \
	$(if $(findstring HAVE_BZIP2,$(HAVE)),,src/input/bzip2.c)
SOURCES := $(filter-out $(LEFT_OUT),$(sort $(wildcard src/*/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(B)/%.o)

.PHONY: all
all: $(B)/postern

# Said once and early, instead of by the compiler, in its words.
.PHONY: libraries
libraries:
	$(if $(MISSING),$(error missing: $(MISSING). tools/packages build installs what is needed))

# What all is compiled with, but for warnings, in a file: when it changes, as when a library was
# installed, all is compiled anew.
BUILT_WITH := $(strip $(CC) $(filter-out $(WARNINGS),$(ALL_CFLAGS)) $(ALL_LIBS))
ifneq ($(file <$(B)/flags),$(BUILT_WITH))
.PHONY: $(B)/flags
endif
$(B)/flags:
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(BUILT_WITH))' >$@

$(B)/%.o: src/%.c $(B)/flags | libraries
	@mkdir -p $(@D)
	$(call say,CC  )$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Included by the assembler, which tells make nothing of it.
$(B)/engine/rules-shipped.o: data/rules.conf

# The page of maps, with the libraries that tools/packages fetched. Without them it is
# left out, which `postern version` says.
MAP_LIBRARIES := $(wildcard $(addprefix web/node_modules/,d3-array/dist/d3-array.min.js \
	d3-geo/dist/d3-geo.min.js topojson-client/dist/topojson-client.min.js \
	world-atlas/countries-110m.json))
ifeq ($(words $(MAP_LIBRARIES)),4)
build/map.html: tools/map-page web/map.html web/map.css $(wildcard web/*.js) $(MAP_LIBRARIES)
	@mkdir -p $(@D)
	$(call say,PAGE)tools/map-page $@
$(B)/report/map-page.o: build/map.html
$(B)/report/map-page.o: ALL_CFLAGS += -DHAVE_MAP
endif

$(B)/postern.a: $(OBJECTS)
	@rm -f $@
	$(call say,AR  )ar rcs $@ $(OBJECTS)

$(B)/postern: $(B)/main.o $(B)/postern.a
	$(call say,LINK)$(CC) $(LINK.$(VARIANT)) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# Unit tests: tests/unit/NAME.c -> build/<variant>/unit/NAME
UNITS := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
$(B)/unit/%: tests/unit/%.c tests/tap.h $(B)/postern.a
	@mkdir -p $(@D)
	$(call say,TEST)$(CC) $(ALL_CFLAGS) -Itests -MMD -MP $(LINK.$(VARIANT)) -o $@ $< $(B)/postern.a $(ALL_LIBS)

# What tests/cli/guard-*.t put into the guard.
$(B)/inside.so: tests/cli/inside.c
	@mkdir -p $(@D)
	$(call say,SO  )$(CC) -std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE -fPIC -shared -o $@ $<

.PHONY: units
units: $(UNITS) $(B)/inside.so

# Fuzz harnesses: tests/fuzz/NAME.c. clang's libFuzzer drives them in the fuzz
# variant; anywhere else replay.c feeds them the files it is given.
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))
ifeq ($(VARIANT),fuzz)
FUZZ_LINK := -fsanitize=fuzzer
else
FUZZ_MAIN := tests/fuzz/replay.c
endif
$(B)/fuzz/%: tests/fuzz/%.c $(FUZZ_MAIN) $(B)/postern.a
	@mkdir -p $(@D)
	$(call say,FUZZ)$(CC) $(ALL_CFLAGS) $(LINK.$(VARIANT)) $(FUZZ_LINK) -o $@ $< $(FUZZ_MAIN) $(B)/postern.a $(ALL_LIBS)

.PHONY: fuzzers
fuzzers: $(FUZZERS)

# What the benchmark and some tests run: tests/bench/NAME.c, programs of their own,
# with what else is in the folder tests/bench/NAME.
BENCHERS := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
$(B)/bench/%: tests/bench/%.c $(B)/postern.a
	@mkdir -p $(@D)
	$(call say,CC  )$(CC) $(ALL_CFLAGS) -MMD -MP $(LINK.$(VARIANT)) -o $@ $(filter %.c,$^) $(B)/postern.a $(ALL_LIBS)
$(B)/bench/genlog: $(wildcard tests/bench/genlog/*)

.PHONY: benchers
benchers: $(BENCHERS)

# The targets below call make again: what they install first is only then looked for.
JOBS ?= $(shell nproc)
AGAIN = +$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))
SAMPLE := tests/corpus/rsyslog-newyear/mx1.mail.log.gz

.PHONY: demo
demo:
	tools/packages build
	$(AGAIN) VARIANT=release all
	build/release/postern geo build -o build/demo.pgeo --source 'made up for the demo' \
		--country tests/places/country.csv --asn tests/places/asn.csv --date 2026-01-01
	build/release/postern report --year 2026 $(SAMPLE)
	build/release/postern report --year 2026 places --geo build/demo.pgeo $(SAMPLE)
	build/release/postern report --year 2026 map --geo build/demo.pgeo -o build/demo-map.html \
		$(SAMPLE) && echo 'a map is in build/demo-map.html' || true

# Tests of what threads share, for the one who sees them race.
THREADED := base-team input-codecs track-cuts

.PHONY: check
check:
	tools/packages build test
	$(AGAIN) VARIANT=release all units fuzzers benchers
	$(AGAIN) VARIANT=asan all units fuzzers benchers
	$(AGAIN) VARIANT=tsan $(THREADED:%=build/tsan/unit/%)
	tests/run asan unit cli fuzz
	tests/run tsan $(THREADED)
	tests/run release tree unit cli corpus bench web

.PHONY: asan
asan:
	$(AGAIN) VARIANT=asan all units fuzzers benchers
	tests/run asan unit cli fuzz

T ?= 60
.PHONY: fuzz
fuzz:
	tools/packages build test
	$(AGAIN) VARIANT=fuzz CC=clang fuzzers
	tests/fuzz/run $(T)

# What tools/lint compiles, and with what beside its own flags: the code for a library, too, if
# that is here.
.PHONY: sources have
sources:
	@printf '%s\n' src/main.c $(SOURCES)
have:
	@printf '%s\n' '$(subst ','\'',$(HAVE) $(LIB_CFLAGS))'

.PHONY: lint
lint:
	tools/packages build lint
	tools/lint

.PHONY: bench
bench:
	tools/packages build bench
	$(AGAIN) VARIANT=release all benchers
	tests/bench/run

.PHONY: e2e
e2e:
	tools/packages build test e2e
	$(AGAIN) VARIANT=release all benchers build/release/inside.so
	tests/run release e2e

.PHONY: cov
cov:
	tools/packages build test
	$(AGAIN) VARIANT=cov all units fuzzers benchers
	find build/cov -name '*.gcda' -delete
	tests/run cov unit cli fuzz corpus
	tools/coverage

.PHONY: install
install: all
	install -D -m 755 $(B)/postern $(DESTDIR)$(PREFIX)/bin/postern
	for page in $(wildcard man/*.[1-8]); do \
		install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; \
	done
	sed 's|@PREFIX@|$(PREFIX)|' data/postern.service >$(B)/postern.service
	install -D -m 644 $(B)/postern.service $(DESTDIR)$(UNITDIR)/postern.service
	install -D -m 644 data/postern.sysusers $(DESTDIR)$(LIBDIR)/sysusers.d/postern.conf
	install -D -m 644 data/postern.tmpfiles $(DESTDIR)$(LIBDIR)/tmpfiles.d/postern.conf

.PHONY: clean
clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(B)/main.d $(UNITS:=.d) $(BENCHERS:=.d)
