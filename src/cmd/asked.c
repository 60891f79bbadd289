/* SPDX-License-Identifier: Apache-2.0
 *
 * asked: what was typed, as words for a shell once more, so that the commands which a
 * report names are answered from the same lines:
 *
 *   --year 2026 --since -7d '/var/log/mail log.1'
 */
#include "base/escape.h"
#include "cmd/room.h"

/* Of several inputs each is named as long as all take no more columns than that. */
#define INPUTS_WIDTH 80u

/* " --OPTION VALUE", unless VALUE is NULL. */
static void
put_option(struct buf *out, const char *option, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, " --%s ", option);
	escape_shell(out, str_of(value));
}

/* A file that looks like an option is named so that it does not. */
static void
put_input(struct buf *out, const char *name)
{
	struct buf path = BUF_INIT(BUF_UNLIMITED);

	if (name[0] == '-' && name[1])
		buf_str(&path, STR("./"));
	buf_str(&path, str_of(name));
	buf_char(out, ' ');
	if (strcmp(name, "-") == 0)
		buf_char(out, '-');
	else
		escape_shell(out, buf_view(&path));
	buf_done(&path);
}

/* A shell's <(...) is gone when the next command comes. */
static bool
is_gone(const char *name)
{
	return str_starts(str_of(name), STR("/dev/fd/")) ||
	    str_starts(str_of(name), STR("/proc/self/fd/"));
}

static void
put_inputs(struct buf *out, const char *const *names, size_t n)
{
	bool gone = false;

	for (size_t i = 0; i < n; i++) {
		put_input(out, names[i]);
		gone |= is_gone(names[i]);
	}
	if (!gone && (n < 2 || out->len <= INPUTS_WIDTH))
		return;
	buf_clear(out);
	buf_str(out, STR(" FILE..."));
}

static const char *
keep(struct buf *text, struct arena *arena)
{
	const char *kept = text->len ? arena_cstr(arena, buf_view(text)) : NULL;

	buf_done(text);
	return kept;
}

struct report_asked
asked_again(const struct options *options, const struct run_settings *settings,
    struct arena *arena)
{
	struct buf reading = BUF_INIT(BUF_UNLIMITED), range = BUF_INIT(BUF_UNLIMITED);
	struct buf where = BUF_INIT(BUF_UNLIMITED), inputs = BUF_INIT(BUF_UNLIMITED);

	if (options->year)
		buf_printf(&reading, " --year %d", options->year);
	put_option(&reading, "tz", options->tz);
	if (settings->name_count == 0)
		put_option(&range, "config", options->config);
	put_option(&range, "since", options->since_text);
	put_option(&range, "until", options->until_text);
	put_option(&where, "where", settings->where);
	put_inputs(&inputs, settings->names, settings->name_count);
	return (struct report_asked){.reading = keep(&reading, arena),
	    .range = keep(&range, arena), .where = keep(&where, arena),
	    .inputs = keep(&inputs, arena)};
}
