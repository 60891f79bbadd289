/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/setting-value.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/nearest.h"

#define NAME_MAX_BYTES 64
#define LIST_MAX 1000

static const struct {
	const char *unit;
	int64_t seconds;
} units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};

bool
setting_duration(struct str text, int64_t *ret)
{
	int64_t number;

	if (!str_skip_number(&text, &number) || number < 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (str_eq(text, str_of(units[i].unit))) {
			if (number > INT64_MAX / USEC_PER_SEC / units[i].seconds)
				return false;
			*ret = number * units[i].seconds * USEC_PER_SEC;
			return true;
		}
	return false;
}

const char *
setting_duration_text(int64_t usec, char out[32])
{
	int64_t seconds = usec / USEC_PER_SEC;
	size_t i = sizeof(units) / sizeof(*units) - 1;

	while (i > 0 && (seconds == 0 || seconds % units[i].seconds))
		i--;
	snprintf(out, 32, "%lld%s", (long long)(seconds / units[i].seconds), units[i].unit);
	return out;
}

bool
setting_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && !strchr("-_.", name.p[i]))
			return false;
	return name.len <= NAME_MAX_BYTES;
}

static int
read_word(const struct setting_row *row, struct str text, struct setting_value *ret,
    struct err *err)
{
	struct buf list = BUF_INIT(512);
	const char *near;
	size_t n = 0;

	for (; row->words[n]; n++) {
		if (str_eq(text, str_of(row->words[n]))) {
			ret->number = (int64_t)n;
			buf_done(&list);
			return 0;
		}
		buf_printf(&list, "%s%s", n ? ", " : "", row->words[n]);
	}
	near = nearest(text, row->words, n);
	err_set(err, "%s is one of %.*s, not '%.*s'%s%s%s", row->name,
	    STR_ARG(buf_view(&list)), STR_ARG(text), near ? "; did you mean " : "",
	    near ? near : "", near ? "?" : "");
	buf_done(&list);
	ret->number = -1;
	return -1;
}

static int
read_bool(const struct setting_row *row, struct str text, struct setting_value *ret,
    struct err *err)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on",
	    "0", "1"};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(text, str_of(words[i]))) {
			ret->number = i & 1;
			return 0;
		}
	return err_set(err, "%s is yes or no, not '%.*s'", row->name, STR_ARG(text));
}

static int
read_number(const struct setting_row *row, struct str text, struct setting_value *ret,
    struct err *err)
{
	if (str_number(text, &ret->number) && ret->number >= row->least &&
	    ret->number <= row->most)
		return 0;
	return err_set(err, "%s is a number from %lld to %lld, not '%.*s'", row->name,
	    (long long)row->least, (long long)row->most, STR_ARG(text));
}

static int
read_duration(const struct setting_row *row, struct str text, struct setting_value *ret,
    struct err *err)
{
	char least[32], most[32];

	if (!setting_duration(text, &ret->number))
		return err_set(err, "%s is a time such as 30s, 10m, 1h, 7d or 2w, not '%.*s'",
		    row->name, STR_ARG(text));
	if (ret->number < row->least * USEC_PER_SEC || ret->number > row->most * USEC_PER_SEC)
		return err_set(err, "%s is between %s and %s, not '%.*s'", row->name,
		    setting_duration_text(row->least * USEC_PER_SEC, least),
		    setting_duration_text(row->most * USEC_PER_SEC, most), STR_ARG(text));
	return 0;
}

/* Items stand between commas or on lines of their own. */
static int
read_list(const struct setting_row *row, struct str text, struct arena *arena,
    struct setting_value *ret, struct err *err)
{
	size_t room = 1, n = 0;
	struct str *items;

	for (size_t i = 0; i < text.len; i++)
		room += text.p[i] == ',' || text.p[i] == '\n';
	if (room > LIST_MAX)
		return err_set(err, "%s has more than %d items", row->name, LIST_MAX);
	items = arena_alloc(arena, room * sizeof(*items));
	while (text.len) {
		struct str line = str_cut(&text, '\n');

		while (line.len) {
			struct str item = str_trim(str_cut(&line, ','));

			if (item.len)
				items[n++] = item;
		}
	}
	ret->list = items;
	ret->list_count = n;
	return 0;
}

int
setting_read(const struct setting_row *row, struct str text, struct arena *arena,
    struct setting_value *ret, struct err *err)
{
	text = arena_str(arena, text);
	ret->text = text;
	switch (row->type) {
	case SETTING_TEXT:
		return 0;
	case SETTING_WORD:
		return read_word(row, text, ret, err);
	case SETTING_BOOL:
		return read_bool(row, text, ret, err);
	case SETTING_NUMBER:
		return read_number(row, text, ret, err);
	case SETTING_DURATION:
		return read_duration(row, text, ret, err);
	case SETTING_LIST:
		return read_list(row, text, arena, ret, err);
	}
	return -1;
}
