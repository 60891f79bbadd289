/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define FILE_MAX ((size_t)1024 * 1024)

struct ini {
	struct ini_entry entry; /* whose value is in `value`; key empty: none */
	struct buf section, key, value;
	ini_take *take;
	void *context;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* S without the comment behind it. */
static struct str
without_comment(struct str s)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.p[i] == ';' && is_blank(s.p[i - 1]))
			return str_head(s, i);
	return s;
}

static int
in_line(struct err *err, const char *file, unsigned line)
{
	return err_wrap(err, "%s:%u", file, line);
}

/* Gives the entry that has all its lines. */
static int
give(struct ini *ini, struct err *err)
{
	struct ini_entry *entry = &ini->entry;

	if (ini->key.len == 0)
		return 0;
	entry->section = buf_view(&ini->section);
	entry->key = buf_view(&ini->key);
	entry->value = buf_view(&ini->value);
	if (ini->take(ini->context, entry, err) < 0)
		return in_line(err, entry->file, entry->line);
	buf_clear(&ini->key);
	return 0;
}

static int
begin_section(struct ini *ini, struct str line, unsigned number, struct err *err)
{
	struct str name = str_trim(without_comment(line));

	if (name.p[name.len - 1] != ']')
		return err_set(err,
		    "a section is [name] or [sort name], and nothing behind it");
	name = str_trim((struct str){name.p + 1, name.len - 2});
	if (name.len == 0)
		return err_set(err, "a section has a name");
	buf_clear(&ini->section);
	buf_str(&ini->section, name);
	ini->entry = (struct ini_entry){
	    .section = name, .file = ini->entry.file, .line = number};
	return ini->take(ini->context, &ini->entry, err);
}

static int
begin_entry(struct ini *ini, struct str line, unsigned number, struct err *err)
{
	size_t equals = str_index(line, '=');
	struct str key = str_trim(str_head(line, equals));

	if (equals == line.len || key.len == 0)
		return err_set(err, "expected [section] or key = value");
	if (ini->section.len == 0)
		return err_set(err, "%.*s stands before the first [section]", STR_ARG(key));
	buf_str(&ini->key, key);
	buf_clear(&ini->value);
	buf_str(&ini->value, str_trim(without_comment(str_from(line, equals + 1))));
	ini->entry.line = number;
	return 0;
}

static int
read_line(struct ini *ini, struct str line, unsigned number, struct err *err)
{
	struct str text;

	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	text = str_trim(line);
	if (text.len == 0 || *text.p == '#' || *text.p == ';')
		return 0;
	if (memchr(line.p, '\0', line.len))
		return err_set(err, "a NUL byte: this is no text");
	if (is_blank(*line.p)) {
		if (ini->key.len == 0)
			return err_set(err, "an indented line goes on with a value; none is "
					    "before it");
		buf_char(&ini->value, '\n');
		buf_str(&ini->value, str_trim(without_comment(text)));
		return 0;
	}
	if (give(ini, err) < 0)
		return -2;
	return *text.p == '[' ? begin_section(ini, text, number, err) :
				begin_entry(ini, text, number, err);
}

int
ini_parse(struct str text, const char *file, ini_take *take, void *context,
    struct err *err)
{
	struct ini ini = {.entry = {.file = file}, .section = BUF_INIT(FILE_MAX),
	    .key = BUF_INIT(FILE_MAX), .value = BUF_INIT(FILE_MAX), .take = take,
	    .context = context};
	unsigned number = 0;
	int result = 0;

	str_skip(&text, STR("\xef\xbb\xbf")); /* what some editors begin UTF-8 with */
	while (result == 0 && text.len) {
		number++;
		result = read_line(&ini, str_cut(&text, '\n'), number, err);
		if (result == -1)
			in_line(err, file, number);
	}
	if (result == 0)
		result = give(&ini, err);
	buf_done(&ini.section);
	buf_done(&ini.key);
	buf_done(&ini.value);
	return result < 0 ? -1 : 0;
}

/* All of FD, at most FILE_MAX bytes. */
static int
read_all(int fd, const char *path, struct buf *out, struct err *err)
{
	char *room = xmalloc(FILE_MAX + 1);
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, room + len, FILE_MAX + 1 - len)) > 0)
		len += (size_t)n;
	if (n == 0 && len <= FILE_MAX)
		buf_add(out, room, len);
	free(room);
	if (n < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	return len <= FILE_MAX ? 0 : err_set(err, "%s: longer than 1 MiB", path);
}

int
ini_read(const char *path, ini_take *take, void *context, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result;
	struct buf text = BUF_INIT(FILE_MAX);

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	result = read_all(fd, path, &text, err);
	close(fd);
	if (result == 0)
		result = ini_parse(buf_view(&text), path, take, context, err);
	buf_done(&text);
	return result;
}
