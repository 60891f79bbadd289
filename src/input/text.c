/* SPDX-License-Identifier: Apache-2.0
 *
 * text: lines as they are; what most logs are.
 */
#include "input/room.h"

static bool
text_recognise(struct str head)
{
	(void)head;
	return true;
}

/* As much of the head must look so: a stamp, and no more, for names may be in any script. */
#define WIDE_LEAST 16
#define WIDE_MOST 48

#define TAR_MAGIC_AT 257

/* Is HEAD of a tar archive, POSIX or GNU? No line has the NULs that fill its fields. */
static bool
is_tar(struct str head)
{
	static const struct str magics[] = {STR("ustar\0"), STR("ustar  \0")};

	if (head.len < TAR_MAGIC_AT)
		return false;
	head = str_from(head, TAR_MAGIC_AT);
	return str_starts(head, magics[0]) || str_starts(head, magics[1]);
}

/* Are the bytes from AT on, every second one, NUL, and all others not? */
static bool
is_wide(struct str head, size_t at)
{
	for (size_t i = 0; i < head.len; i++)
		if ((head.p[i] == '\0') != (i % 2 == at))
			return false;
	return head.len >= WIDE_LEAST;
}

int
text_check(struct str head, struct err *err)
{
	const char *encoding = NULL;
	struct str line = str_head(head, str_index(head, '\n'));

	/* Behind the first line there may be anything. */
	line = str_head(head, line.len < WIDE_LEAST ? WIDE_LEAST : line.len & ~(size_t)1);
	line = str_head(line, WIDE_MOST);
	if ((str_starts(head, STR("\xff\xfe")) && is_wide(str_from(line, 2), 1)) ||
	    (str_starts(head, STR("\xfe\xff")) && is_wide(str_from(line, 2), 0)))
		encoding = "UTF-16";
	else if (is_wide(line, 1))
		encoding = "UTF-16LE";
	else if (is_wide(line, 0))
		encoding = "UTF-16BE";
	if (str_starts(head, JOURNAL_MAGIC))
		return err_set(err, "a file of a journal, which can be read by its name, "
		    "unpacked, and not followed");
	if (is_tar(head)) /* mail logs are put away in them */
		return err_set(err, "a tar archive, which is not understood; unpack it "
		    "(tar -xf), and name what was in it");
	if (!encoding)
		return 0;
	return err_set(err, "written in UTF-16, where UTF-8 is expected; give it to standard "
	    "input: iconv -f %s -t UTF-8 FILE | postern ... -", encoding);
}

const struct decoder decoder_text = {.name = "text", .recognise = text_recognise};
