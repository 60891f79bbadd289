/* SPDX-License-Identifier: Apache-2.0
 *
 * journal-library: libsystemd, loaded by those who read a journal (base/library.h). Being
 * linked to it and the six libraries behind it would cost every start half a millisecond.
 */
#ifndef INPUT_JOURNAL_LIBRARY_H
#define INPUT_JOURNAL_LIBRARY_H

#include <systemd/sd-journal.h>

#include "base/err.h"

/* F(name without sd_journal_) of what is called. */
#define JOURNAL_FUNCTIONS(F)                                                                \
	F(open) F(open_directory) F(open_files) F(close) F(add_match) F(add_disjunction)    \
	F(set_data_threshold) F(seek_head) F(seek_tail) F(seek_cursor)                      \
	F(seek_realtime_usec) F(next) F(previous) F(process) F(get_data)                    \
	F(get_realtime_usec) F(get_cursor) F(test_cursor) F(get_fd)

struct journal_library {
#define F(name) __typeof__(sd_journal_##name) *name;
	JOURNAL_FUNCTIONS(F)
#undef F
};

int journal_library_load(struct journal_library *ret, struct err *err);

/* That of ENTRIES, for what else is to be asked of their journal. */
struct entries;
const struct journal_library *entries_library(const struct entries *entries);

#endif
