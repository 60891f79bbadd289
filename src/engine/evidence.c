/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/evidence.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "engine/lines.h"
#include "engine/pipeline.h"

/* Clocks differ, and a file's time is that of its last line. */
#define SLACK USEC_PER_DAY

/* A line's own event, those that it completed, the message. */
#define DERIVED_MOST 8
#define IDS (DERIVED_MOST + 2)

struct search {
	struct evidence *list;
	size_t count, missing;
	int64_t oldest; /* of all */
	struct arena *arena;
	struct err fault; /* the first; empty: none */
};

static void
take(struct search *search, struct evidence *evidence, const char *file, int64_t lineno,
    struct str text)
{
	evidence->file = arena_cstr(search->arena, str_of(file));
	evidence->lineno = lineno;
	evidence->line = arena_str(search->arena, parse_without_password(text));
	search->missing--;
}

/* TEXT, whose event has ID, is line LINENO of FILE. */
static void
look_at(struct search *search, uint64_t id, const char *file, int64_t lineno, struct str text)
{
	uint64_t ids[IDS] = {id};

	ids[1] = derived_id(ids[0], KIND_message, 1);
	for (uint32_t number = 1; number <= DERIVED_MOST; number++)
		ids[number + 1] = derived_id(ids[0], KIND_attempt, number);
	for (size_t e = 0; e < search->count; e++)
		for (size_t i = 0; i < IDS && !search->list[e].file; i++)
			if (search->list[e].id == ids[i])
				take(search, &search->list[e], file, lineno, text);
}

static void
search_file(struct search *search, const struct input_file *file)
{
	struct segment segment = {file, 0, 0, UINT64_MAX};
	struct lines lines;
	struct line line;

	lines_init(&lines, &segment, 1, NULL, NULL);
	while (search->missing && lines_next(&lines, &line))
		look_at(search, event_id(file->head_hash, line.offset, 0), file->name,
		    line.lineno, line.text);
	if (lines.error_count && !*search->fault.text)
		err_set(&search->fault, "%s", lines.errors[0]);
	lines_done(&lines);
}

/* Names that SOURCE's file may have now. */
struct names {
	const char **list;
	size_t count, room;
};

static void
add_name(struct search *search, struct names *names, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    (int64_t)status.st_mtim.tv_sec * USEC_PER_SEC < search->oldest - SLACK)
		return;
	MEM_GROW(names->list, names->count, names->room);
	names->list[names->count++] = arena_cstr(search->arena, str_of(path));
}

/* mail.log, mail.log.1, mail.log.2.gz, mail.log-20260101, ... */
static void
find_names(struct search *search, const char *source, struct names *names)
{
	const char *slash = strrchr(source, '/'), *base = slash ? slash + 1 : source;
	char *directory = xstrndup(source, (size_t)(base - source));
	DIR *entries = opendir(*directory ? directory : ".");
	const struct dirent *entry;
	size_t len = strlen(base);

	add_name(search, names, source);
	while (entries && (entry = readdir(entries))) {
		char *path;

		if (strncmp(entry->d_name, base, len) != 0 || !entry->d_name[len] ||
		    !strchr(".-", entry->d_name[len]))
			continue;
		path = xasprintf("%s%s", directory, entry->d_name);
		add_name(search, names, path);
		free(path);
	}
	if (entries)
		closedir(entries);
	free(directory);
}

/* The newest files first: what is asked about was mostly just now. */
static void
search_set(struct search *search, const struct input_set *set)
{
	for (size_t s = 0; s < set->count; s++)
		for (size_t f = set->streams[s].count; f-- && search->missing;)
			search_file(search, &set->streams[s].files[f]);
	for (size_t i = 0; i < set->fault_count && !*search->fault.text; i++)
		if (!set->faults[i].warning)
			err_set(&search->fault, "%s", set->faults[i].text);
}

/* As live.c has it: an entry is told from others by its hash alone. */
static bool
take_entry(void *context, const struct follow_line *line)
{
	struct search *search = context;

	look_at(search, event_id(0, line->head_hash, 0), line->name, 0, line->text);
	return search->missing > 0;
}

/* An entry's time is its event's, but for what a program says of its own. */
static void
search_journal(struct search *search)
{
	for (size_t i = 0; i < search->count && !*search->fault.text; i++)
		if (!search->list[i].file)
			journal_between(search->list[i].time - USEC_PER_SEC,
			    search->list[i].time + USEC_PER_SEC, take_entry, search,
			    &search->fault);
}

int
evidence_find(const char *source, struct evidence *list, size_t count, struct arena *arena,
    struct err *err)
{
	struct search search = {.list = list, .count = count, .missing = count,
	    .oldest = INT64_MAX, .arena = arena};
	struct input_settings input = {.since = INT64_MIN};
	struct names names = {0};
	struct input_set *set;

	for (size_t i = 0; i < count; i++) {
		list[i].file = NULL;
		search.oldest = list[i].time < search.oldest ? list[i].time : search.oldest;
	}
	*search.fault.text = '\0';
	if (strcmp(source, "journal") == 0)
		search_journal(&search);
	else
		find_names(&search, source, &names);
	input.names = names.list;
	input.count = names.count;
	if (names.count && input_open(&input, &set, &search.fault) == 0) {
		*search.fault.text = '\0';
		search_set(&search, set);
		input_close(set);
	}
	free(names.list);
	*err = search.fault;
	return search.missing && *search.fault.text ? -1 : 0;
}
