/* SPDX-License-Identifier: Apache-2.0
 *
 * ini: what is read of settings, and what is said of bad ones.
 */
#include "base/ini.h"

#include "base/buf.h"
#include "tap.h"

static int
collect(void *context, const struct ini_entry *entry, struct err *err)
{
	struct buf *out = context;

	if (entry->key.len == 0) {
		buf_printf(out, "[%.*s]@%u|", STR_ARG(entry->section), entry->line);
		return 0;
	}
	if (str_eq(entry->key, STR("bad")))
		return err_set(err, "bad it is");
	buf_printf(out, "[%.*s] %.*s=%.*s@%u|", STR_ARG(entry->section), STR_ARG(entry->key),
	    STR_ARG(entry->value), entry->line);
	return 0;
}

static const struct {
	const char *text, *result, *error;
} rows[] = {
	{"[a]\nx = 1\n", "[a]@1|[a] x=1@2|", ""},
	{"[rule smtp-auth]\n\nmatch = a & b ; why\n; c\n# d\nby=ip",
	    "[rule smtp-auth]@1|[rule smtp-auth] match=a & b@3|[rule smtp-auth] by=ip@6|", ""},
	{"[a]\nx = 1\n  2\n\n\t3 ; three\ny = a;b\n",
	    "[a]@1|[a] x=1\n2\n3@2|[a] y=a;b@6|", ""},
	{"[a] ; first\nx =\n[b]\r\ny = 2\r\n", "[a]@1|[a] x=@2|[b]@3|[b] y=2@4|", ""},
	{"\xef\xbb\xbf[a]\nx=1", "[a]@1|[a] x=1@2|", ""},
	{"x = 1\n", "", "f:1: x stands before the first [section]"},
	{"[a\nx = 1\n", "", "f:1: a section is [name] or [sort name], and nothing behind it"},
	{"[ ]\n", "", "f:1: a section has a name"},
	{"[a]\nx\n", "[a]@1|", "f:2: expected [section] or key = value"},
	{"[a]\n x = 1\n", "[a]@1|",
	    "f:2: an indented line goes on with a value; none is before it"},
	{"[a]\ny = 1\nbad = 2\nz = 3\n", "[a]@1|[a] y=1@2|", "f:3: bad it is"},
	{"[a]\nbad = 2", "[a]@1|", "f:2: bad it is"},
	{"", "", ""},
};

int
main(void)
{
	struct buf out = BUF_INIT(4096), longest = BUF_INIT(4096);
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		err.text[0] = '\0';
		buf_clear(&out);
		ini_parse(str_of(rows[i].text), "f", collect, &out, &err);
		ok(str_eq(buf_view(&out), str_of(rows[i].result)), "read: row %zu", i);
		ok(strcmp(err.text, rows[i].error) == 0, "said: row %zu: %s", i, err.text);
	}
	buf_clear(&out);
	buf_str(&longest, STR("[a]\nx = "));
	for (int i = 0; i < 1000; i++)
		buf_char(&longest, 'x');
	ok(ini_parse(buf_view(&longest), "f", collect, &out, &err) == 0 && out.len == 1015,
	    "a long line is one value");
	ok(ini_parse((struct str){"[a]\nx=\0\n", 8}, "f", collect, &out, &err) == -1,
	    "a NUL byte is refused");
	ok(ini_read("/nowhere/at/all", collect, &out, &err) == -1 &&
	    strcmp(err.text, "/nowhere/at/all: No such file or directory") == 0,
	    "a file that is not there");
	buf_done(&out);
	buf_done(&longest);
	return tap_done();
}
