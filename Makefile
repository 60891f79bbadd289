# SPDX-License-Identifier: Apache-2.0
#
# make          build build/release/postern; installs nothing
# make demo     install what is missing, build, report on the bundled sample log
# make check    install what is missing, build, run the whole test suite
# More: asan fuzz lint bench e2e install clean. VARIANT=release|asan|fuzz|cov.

VARIANT ?= release
B := build/$(VARIANT)
VERSION := 0.1.0

CC ?= gcc
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
DESTDIR ?=

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
OPTIMIZE.fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
OPTIMIZE.cov := -O0 -g --coverage
LINK.release := $(LINK_HARDENING)
LINK.asan := -fsanitize=address,undefined
LINK.fuzz := -fsanitize=address,undefined
LINK.cov := --coverage

# Libraries: needed, and optional ones that `postern version` names when missing.
NEEDED := libpcre2-8 zlib jansson
OPTIONAL := libisal libsystemd
FOUND := $(foreach lib,$(OPTIONAL),$(if $(shell $(PKG_CONFIG) --exists $(lib) && echo 1),$(lib)))
HAVE = $(foreach lib,$(FOUND),-DHAVE_$(shell echo $(lib) | tr 'a-z-' 'A-Z_'))
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(NEEDED) $(FOUND) 2>/dev/null)
LIB_LIBS := $(shell $(PKG_CONFIG) --libs $(NEEDED) $(FOUND) 2>/dev/null)

ALL_CFLAGS := -std=gnu17 $(OPTIMIZE.$(VARIANT)) -fno-strict-overflow $(WARNINGS) -Isrc -pthread \
	-include src/base/banned.h -D_GNU_SOURCE -DPOSTERN_VERSION='"$(VERSION)"' $(HAVE) $(LIB_CFLAGS) $(CFLAGS)
ALL_LIBS := $(LIB_LIBS) -pthread -lm

SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:src/%.c=$(B)/%.o)

.PHONY: all
all: $(B)/postern

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/postern.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $(OBJECTS)

$(B)/postern: $(B)/main.o $(B)/postern.a
	$(CC) $(LINK.$(VARIANT)) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

# Unit tests: tests/unit/NAME.c -> build/<variant>/unit/NAME
UNITS := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
$(B)/unit/%: tests/unit/%.c tests/tap.h $(B)/postern.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests $(LINK.$(VARIANT)) -o $@ $< $(B)/postern.a $(ALL_LIBS)

.PHONY: units
units: $(UNITS)

.PHONY: clean
clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(B)/main.d
