/* SPDX-License-Identifier: Apache-2.0
 *
 * input: the front: arguments to names, names to probed files, files to streams
 * in time order; and the readers.
 */
#include "input/input.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/room.h"

void
input_fault(struct input_set *set, bool warning, const char *format, ...)
{
	struct input_fault *fault;
	va_list args;

	set->faults = xrealloc(set->faults, set->fault_count + 1, sizeof(*set->faults));
	fault = &set->faults[set->fault_count++];
	*fault = (struct input_fault){.warning = warning};
	va_start(args, format);
	if (vasprintf(&fault->text, format, args) < 0)
		fault->text = xstrdup("out of memory");
	va_end(args);
}

/* NAME cannot be read. */
static void
input_unread(struct input_set *set, const char *name, const struct err *err)
{
	input_fault(set, false, "%s", err->text);
	set->faults[set->fault_count - 1].name = xstrdup(name);
}

/* All files that were found, in the order of the arguments, before they are sorted. */
struct found {
	struct input_file *files;
	size_t count, room;
	bool is_output; /* one of them, or what was left out */
};

/* Sets which rotated set FILE belongs to. What is no regular file is its own. */
static void
set_place(struct input_file *file)
{
	struct input_private *private = file->private;
	const char *slash = strrchr(private->name, '/');
	const char *base = slash ? slash + 1 : private->name;
	char *directory;

	if (private->fd < 0 || strcmp(private->name, "-") == 0) {
		private->directory = xstrdup("");
		private->base = xstrdup(private->name);
		return;
	}
	directory = slash ? xstrndup(private->name, (size_t)(base - private->name)) :
	    xstrdup(".");
	private->directory = realpath(directory, NULL);
	if (private->directory)
		free(directory);
	else
		private->directory = directory;
	private->base = rotated_base(base, &private->order);
}

/* Is FILE open already, under another name? A pipe must not be probed twice. */
static const struct input_file *
open_twice(const struct found *found, const struct input_file *file)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->files[i].private->inode == file->private->inode &&
		    found->files[i].private->device == file->private->device)
			return &found->files[i];
	return NULL;
}

/* Is FILE what will be written? */
static bool
is_output(const struct input_file *file, const char *output)
{
	struct stat st;

	return output && stat(output, &st) == 0 && st.st_ino == file->private->inode &&
	    st.st_dev == file->private->device;
}

/* Probes FILE, an open one, and takes it over. */
static void
add_file(struct found *found, struct input_file file, bool guessed,
    const struct input_settings *settings, struct input_set *set)
{
	const struct input_file *same = open_twice(found, &file);
	struct err err;

	found->is_output |= is_output(&file, settings->output);
	if (same) {
		input_fault(set, true, "%s: the same file as %s; it is read once", file.name,
		    same->name);
		source_close(&file);
		return;
	}
	if (probe_file(&file, settings, &err) < 0) {
		input_unread(set, file.name, &err);
		source_close(&file);
		return;
	}
	if (guessed && file.private->binary) {
		input_fault(set, true, "%s: not text; left out", file.name);
		source_close(&file);
		return;
	}
	set_place(&file);
	MEM_GROW(found->files, found->count, found->room);
	found->files[found->count++] = file;
}

/* The journal of the system below ROOT; false: there is no mail in it that we may see. */
static bool
add_journal(struct found *found, const char *root, const struct input_settings *settings)
{
	char *directory = *root ? xasprintf("%s/var/log/journal", root) : NULL;
	struct input_file file;
	struct err err;

	source_journal(directory, settings->since, &file);
	free(directory);
	if (probe_file(&file, settings, &err) < 0 || file.private->empty) {
		source_close(&file);
		return false;
	}
	set_place(&file);
	MEM_GROW(found->files, found->count, found->room);
	found->files[found->count++] = file;
	return true;
}

/* Does NAME mean the system's journal? A file may be called so. */
static bool
is_journal(const char *name)
{
	return strcmp(name, "journal") == 0 && access(name, F_OK) != 0;
}

#define HIDDEN "(which is hidden from users who are not in group adm or systemd-journal)"

static void
add_names(struct found *found, const char *root, const struct names *names,
    const struct input_settings *settings, struct input_set *set)
{
	struct input_file file;
	struct err err;

	for (size_t i = 0; i < names->count; i++) {
		if (is_journal(names->list[i].path)) {
			if (!add_journal(found, root, settings)) {
				err_set(&err, "journal: no mail found in it " HIDDEN);
				input_unread(set, names->list[i].path, &err);
			}
		} else if (source_open(names->list[i].path, 0, &file, &err) < 0)
			input_unread(set, names->list[i].path, &err);
		else
			add_file(found, file, names->list[i].guessed, settings, set);
	}
}

/* Nothing was named: the usual log, else the journal. */
static void
add_system(struct found *found, const char *root, const struct input_settings *settings,
    struct input_set *set)
{
	struct names names = {0};

	if (names_usual(&names, root)) {
		add_names(found, root, &names, settings, set);
		names_done(&names);
		return;
	}
#define F(path) path ", "
	if (!add_journal(found, root, settings))
		input_fault(set, false, "no mail log found: looked for " USUAL_LOGS(F)
		    "and mail in the journal " HIDDEN "; name a file, or - for standard "
		    "input");
#undef F
}

static void
add_arguments(struct found *found, const char *root, const struct input_settings *settings,
    struct input_set *set)
{
	struct names names = {0};
	struct err err;

	for (size_t i = 0; i < settings->count; i++)
		if (names_expand(&names, settings->names[i], &err) < 0)
			input_unread(set, settings->names[i], &err);
	add_names(found, root, &names, settings, set);
	names_done(&names);
}

/* The stream that FILE belongs to, a new one if there is none yet. */
static struct input_stream *
stream_of(struct input_set *set, const struct input_file *file)
{
	for (size_t i = 0; i < set->count; i++)
		if (rotated_same(set->streams[i].files[0].private, file->private))
			return &set->streams[i];
	set->streams = xrealloc(set->streams, set->count + 1, sizeof(*set->streams));
	set->streams[set->count] = (struct input_stream){0};
	return &set->streams[set->count++];
}

static void
make_streams(struct input_set *set, const struct found *found, int64_t since)
{
	for (size_t i = 0; i < found->count; i++) {
		struct input_stream *stream = stream_of(set, &found->files[i]);

		stream->files = xrealloc(stream->files, stream->count + 1,
		    sizeof(*stream->files));
		stream->files[stream->count++] = found->files[i];
	}
	for (size_t i = 0; i < set->count; i++)
		set->streams[i].count = rotated_sort(set->streams[i].files,
		    set->streams[i].count, since);
}

/* Nothing can be read: all the reasons in one text. */
static int
nothing(const struct input_set *set, struct err *err)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < set->fault_count; i++)
		buf_printf(&text, "%s%s", i ? "; " : "", set->faults[i].text);
	err_set(err, "%.*s", STR_ARG(buf_view(&text)));
	buf_done(&text);
	return -1;
}

int
input_open_below(const char *root, const struct input_settings *settings,
    struct input_set **ret, struct err *err)
{
	struct input_set *set = xcalloc(1, sizeof(*set));
	struct found found = {0};

	if (settings->count == 0)
		add_system(&found, root, settings, set);
	else
		add_arguments(&found, root, settings, set);
	found.count = copies_drop(found.files, found.count, set);
	make_streams(set, &found, settings->since);
	free(found.files);
	if (set->count == 0 || found.is_output) {
		if (found.is_output)
			err_set(err, "%s: is one of the logs that are read, and would be "
			    "written over", settings->output);
		else
			nothing(set, err);
		input_close(set);
		return -1;
	}
	*ret = set;
	return 0;
}

int
input_open(const struct input_settings *settings, struct input_set **ret, struct err *err)
{
	return input_open_below("", settings, ret, err);
}

void
input_close(struct input_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++) {
		for (size_t j = 0; j < set->streams[i].count; j++)
			source_close(&set->streams[i].files[j]);
		free(set->streams[i].files);
	}
	for (size_t i = 0; i < set->fault_count; i++) {
		free(set->faults[i].text);
		free(set->faults[i].name);
	}
	free(set->streams);
	free(set->faults);
	free(set);
}

struct input_reader {
	const struct input_file *file;
	struct layer *top, *source;
	bool ended, failed;
	struct err fault;
};

int
input_reader_open(const struct input_file *file, struct input_reader **ret, struct err *err)
{
	struct layer *source, *top = probe_layers(file, &source, err);
	struct input_reader *reader;

	if (!top)
		return -1;
	reader = xcalloc(1, sizeof(*reader));
	reader->file = file;
	reader->top = top;
	reader->source = source;
	*ret = reader;
	return 0;
}

ssize_t
input_reader_read(struct input_reader *reader, char *to, size_t room, struct err *err)
{
	ssize_t n;

	if (!reader->ended) {
		n = layer_read(reader->top, to, room, &reader->fault);
		if (n > 0)
			return n;
		reader->ended = true;
		reader->failed = n < 0;
		if (reader->failed)
			err_wrap(&reader->fault, "%s", reader->file->name);
	}
	if (!reader->failed)
		return 0;
	*err = reader->fault;
	return -1;
}

bool
input_reader_paused(const struct input_reader *reader)
{
	const struct input_private *private = reader->file->private;

	return private->spool && private->codec == &codec_plain &&
	    !private->decoder->decode && spool_paused(private->spool, reader->source->done);
}

uint64_t
input_reader_position(const struct input_reader *reader)
{
	return reader->source->done;
}

void
input_reader_close(struct input_reader *reader)
{
	if (!reader)
		return;
	layer_close(reader->top);
	free(reader);
}
