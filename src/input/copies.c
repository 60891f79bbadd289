/* SPDX-License-Identifier: Apache-2.0
 *
 * copies: files that tell what another tells already, so that nothing is counted
 * twice: mail.info beside mail.log (Debian's syslog writes each line into every
 * file of at most its severity), Exim's rejectlog beside its mainlog (the same lines,
 * with headers behind some), copies, also compressed.
 */
#include "base/mem.h"
#include "input/room.h"

/* Logs of one facility: a wider one (lower) holds all that a narrower one beside it has. */
static const struct share {
	const char *base;
	enum { FACILITY, EXIM, CPANEL } of;
	int width;
} shares[] = {
	{"mail", FACILITY, 0}, {"mail.log", FACILITY, 0}, {"maillog", FACILITY, 0},
	{"mail.info", FACILITY, 1},
	{"mail.warn", FACILITY, 2}, {"mail.warning", FACILITY, 2},
	{"mail.err", FACILITY, 3}, {"mail.error", FACILITY, 3},
	{"mainlog", EXIM, 0}, {"rejectlog", EXIM, 1},
	{"exim_mainlog", CPANEL, 0}, {"exim_rejectlog", CPANEL, 1},
};

static const struct share *
share_of(const char *base)
{
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		if (strcmp(base, shares[i].base) == 0)
			return &shares[i];
	return NULL;
}

static bool
is_narrower(const char *narrow, const char *wide)
{
	const struct share *a = share_of(narrow), *b = share_of(wide);

	return a && b && a->of == b->of && b->width < a->width;
}

static bool
is_repeat(const struct input_private *narrow, const struct input_private *wide)
{
	return is_narrower(narrow->base, wide->base) && !wide->empty &&
	    strcmp(narrow->directory, wide->directory) == 0;
}

/* Bytes of the directory in NAME, its slash too. */
static size_t
directory_len(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? (size_t)(slash - name) + 1 : 0;
}

const char *
copies_wider(const char *const *names, size_t count, const char *name)
{
	size_t len = directory_len(name);

	for (size_t i = 0; i < count; i++)
		if (directory_len(names[i]) == len && memcmp(names[i], name, len) == 0 &&
		    is_narrower(name + len, names[i] + len))
			return names[i];
	return NULL;
}

/* One of two texts that are being compared. */
struct side {
	struct layer *layer, *source;
	size_t len;
	bool failed;
	char text[LAYER_CHUNK];
};

enum likeness { DIFFERENT, SAME, FIRST_IS_PART, SECOND_IS_PART };

static enum likeness
compare_sides(struct side *a, struct side *b)
{
	for (;;) {
		size_t common;

		a->len = layer_fill(a->layer, a->text, sizeof(a->text), &a->failed);
		b->len = layer_fill(b->layer, b->text, sizeof(b->text), &b->failed);
		common = a->len < b->len ? a->len : b->len;
		if (memcmp(a->text, b->text, common) != 0)
			return DIFFERENT;
		if (common == sizeof(a->text))
			continue;
		if (a->len == b->len && a->failed == b->failed)
			return SAME;
		if (b->len == common && b->failed)
			return SECOND_IS_PART;
		return a->len == common && a->failed ? FIRST_IS_PART : DIFFERENT;
	}
}

/*
 * Compares the whole texts of A and B where their first lines agree. Part of another is
 * what breaks off with a fault: mail.log.1.gz beside mail.log.1 while gzip still writes.
 */
static enum likeness
compare(const struct input_file *a, const struct input_file *b)
{
	struct side *sides;
	struct err ignored;
	enum likeness likeness = DIFFERENT;

	if (a->private->fd < 0 || b->private->fd < 0 || a->private->empty ||
	    b->private->empty || a->head_hash != b->head_hash || a->first != b->first ||
	    (a->seekable && b->seekable && a->size != b->size))
		return DIFFERENT;
	sides = xcalloc(2, sizeof(*sides));
	sides[0].layer = probe_layers(a, &sides[0].source, &ignored);
	sides[1].layer = probe_layers(b, &sides[1].source, &ignored);
	if (sides[0].layer && sides[1].layer)
		likeness = compare_sides(&sides[0], &sides[1]);
	layer_close(sides[0].layer);
	layer_close(sides[1].layer);
	free(sides);
	return likeness;
}

/* Closes files[AT], a repetition of files[OF], and says so. */
static void
drop_copy(struct input_file *files, size_t at, size_t of, struct input_set *set)
{
	input_fault(set, true, "%s: the same text as in %s; it is read once",
	    files[at].name, files[of].name);
	source_close(&files[at]);
}

static void
drop_copies(struct input_file *files, size_t count, struct input_set *set)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t j = 0; j < i && files[i].private; j++) {
			if (!files[j].private)
				continue;
			switch (compare(&files[j], &files[i])) {
			case FIRST_IS_PART:
				drop_copy(files, j, i, set);
				break;
			case SAME:
			case SECOND_IS_PART:
				drop_copy(files, i, j, set);
				break;
			case DIFFERENT:
				break;
			}
		}
	}
}

/* Closes all files of the set of files[AT], which repeats files[OF]; one warning for all. */
static void
drop_set(struct input_file *files, size_t count, size_t at, size_t of, struct input_set *set)
{
	struct input_file dropped = files[at];
	size_t more = 0;

	for (size_t i = at + 1; i < count; i++)
		if (files[i].private &&
		    rotated_same(files[i].private, dropped.private)) {
			source_close(&files[i]);
			more++;
		}
	if (more)
		input_fault(set, true, "%s and %zu more of its set: %s has the same lines; "
		    "left out", dropped.name, more, files[of].private->base);
	else
		input_fault(set, true, "%s: %s has the same lines; left out", dropped.name,
		    files[of].private->base);
	source_close(&files[at]);
}

static void
drop_repeats(struct input_file *files, size_t count, struct input_set *set)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count && files[i].private; j++)
			if (files[j].private &&
			    is_repeat(files[i].private, files[j].private))
				drop_set(files, count, i, j, set);
}

size_t
copies_drop(struct input_file *files, size_t count, struct input_set *set)
{
	size_t left = 0;

	drop_repeats(files, count, set);
	drop_copies(files, count, set);
	for (size_t i = 0; i < count; i++)
		if (files[i].private)
			files[left++] = files[i];
	return left;
}
