/* SPDX-License-Identifier: Apache-2.0
 *
 * journal: the system's journal, or a file of one, through libsystemd: what mail
 * programs wrote there, as lines.
 */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>

#include "base/library.h"
#include "base/mem.h"
#include "input/journal-library.h"
#include "input/room.h"

int
journal_library_load(struct journal_library *ret, struct err *err)
{
	static const struct library_function functions[] = {
#define F(name) {"sd_journal_" #name, offsetof(struct journal_library, name)},
	    JOURNAL_FUNCTIONS(F)
#undef F
	};

	if (library_load(SYSTEMD_SONAME, functions, sizeof(functions) / sizeof(*functions),
	    ret, err) < 0)
		return err_wrap(err, "libsystemd");
	return 0;
}

struct entries {
	struct journal_library lib;
	sd_journal *journal;
	struct buf fields[JOURNAL_COUNT];
};

/* What the field is in this entry, without its name. The library's copy does not last. */
static void
get_field(struct entries *entries, enum journal_field field)
{
	const char *name = journal_field_names[field];
	const void *data;
	size_t len, skip = strlen(name) + 1;

	buf_clear(&entries->fields[field]);
	if (entries->lib.get_data(entries->journal, name, &data, &len) < 0 || len < skip)
		return;
	len -= skip;
	buf_add(&entries->fields[field], (const char *)data + skip,
	    len < RECORD_MAX ? len : RECORD_MAX);
}

int
entries_next(struct entries *entries, struct buf *out)
{
	struct str fields[JOURNAL_COUNT];
	struct buf *time = &entries->fields[JOURNAL___REALTIME_TIMESTAMP];
	int more = entries->lib.next(entries->journal);
	uint64_t usec;

	if (more <= 0)
		return more;
	for (enum journal_field i = 0; i < JOURNAL_COUNT; i++)
		get_field(entries, i);
	if (entries->lib.get_realtime_usec(entries->journal, &usec) >= 0)
		buf_printf(time, "%" PRIu64, usec);
	for (enum journal_field i = 0; i < JOURNAL_COUNT; i++)
		fields[i] = buf_view(&entries->fields[i]);
	record_line(fields, out);
	return 1;
}

/* Only mail, and from `since` on. */
static int
select_entries(const struct journal_library *lib, sd_journal *journal, int64_t since)
{
	int result = 0;

	for (const char *const *match = journal_mail_matches; *match && result >= 0; match++)
		result = strcmp(*match, JOURNAL_OR) == 0 ? lib->add_disjunction(journal) :
							   lib->add_match(journal, *match, 0);
	if (result >= 0)
		result = lib->set_data_threshold(journal, RECORD_MAX);
	if (result < 0)
		return result;
	if (since > 0)
		return lib->seek_realtime_usec(journal, (uint64_t)since);
	return lib->seek_head(journal);
}

static int
open_journal(const struct journal_library *lib, const struct journal *where,
    sd_journal **ret)
{
	const char *paths[] = {where->file, NULL};

	if (where->file)
		return lib->open_files(ret, paths, 0);
	if (where->directory)
		return lib->open_directory(ret, where->directory, 0);
	return lib->open(ret, SD_JOURNAL_LOCAL_ONLY);
}

int
entries_open(const struct journal *where, struct entries **ret, struct err *err)
{
	struct journal_library lib;
	struct entries *entries;
	sd_journal *journal = NULL;
	int result;

	if (journal_library_load(&lib, err) < 0)
		return -1;
	result = open_journal(&lib, where, &journal);
	if (result >= 0) {
		result = select_entries(&lib, journal, where->since);
		if (result < 0)
			lib.close(journal);
	}
	if (result < 0)
		return err_set(err, "%s%s",
		    where->file ? "a file of a journal that cannot be read: " : "",
		    strerror(-result));
	entries = xcalloc(1, sizeof(*entries));
	entries->lib = lib;
	entries->journal = journal;
	for (int i = 0; i < JOURNAL_COUNT; i++)
		entries->fields[i].max = RECORD_MAX;
	*ret = entries;
	return 0;
}

const struct journal_library *
entries_library(const struct entries *entries)
{
	return &entries->lib;
}

sd_journal *
entries_journal(struct entries *entries)
{
	return entries->journal;
}

void
entries_close(struct entries *entries)
{
	if (!entries)
		return;
	entries->lib.close(entries->journal);
	for (int i = 0; i < JOURNAL_COUNT; i++)
		buf_done(&entries->fields[i]);
	free(entries);
}

struct journal_layer {
	struct layer layer;
	struct entries *entries;
	struct buf out;
	size_t given; /* of `out` */
};

static ssize_t
journal_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	if (j->given == j->out.len) {
		int more;

		buf_clear(&j->out);
		j->given = 0;
		more = entries_next(j->entries, &j->out);
		if (more < 0)
			return err_set(err, "%s", strerror(-more));
		if (more == 0)
			return 0;
	}
	if (room > j->out.len - j->given)
		room = j->out.len - j->given;
	memcpy(to, j->out.p + j->given, room);
	j->given += room;
	return (ssize_t)room;
}

static void
journal_close(struct layer *layer)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	entries_close(j->entries);
	buf_done(&j->out);
	free(j);
}

struct layer *
journal_open(const struct input_file *file, struct err *err)
{
	struct journal_layer *j;
	struct entries *entries = NULL;

	if (entries_open(&file->private->journal, &entries, err) < 0)
		return NULL;
	j = xcalloc(1, sizeof(*j));
	j->layer = (struct layer){.read = journal_read, .close = journal_close};
	j->entries = entries;
	j->out.max = BUF_UNLIMITED;
	return &j->layer;
}
