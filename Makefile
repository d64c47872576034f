# SPDX-License-Identifier: ISC
# sw: sweep-order tools. `make help` lists the targets.

CC = gcc
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
WERROR = $(if $(CI),-Werror)
CPPFLAGS = -D_GNU_SOURCE -Ilib
LDLIBS = -lcsv -lz
PREFIX = /usr/local
DESTDIR =
BUILD = build/default
BIN = bin

PROGRAMS = $(patsubst cmd/%.c,%,$(wildcard cmd/sw-*.c))
LIB_SOURCES = $(wildcard lib/*/*.c)
LIB_OBJECTS = $(LIB_SOURCES:%.c=$(BUILD)/%.o)
LIBRARY = $(BUILD)/libsw.a
COMPILE = $(CC) -std=gnu11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) $(WERROR)

.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAMS:%=$(BIN)/%)

$(BIN)/%: $(BUILD)/cmd/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIBRARY) $(LDLIBS)

$(LIBRARY): $(LIB_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

-include $(LIB_OBJECTS:.o=.d) $(PROGRAMS:%=$(BUILD)/cmd/%.d)

clean:
	rm -rf build bin

.PHONY: all clean
