/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands that a report tells its reader to type next: of the same lines, and with
 * nothing of a log's in them that a shell would take for its own.
 *
 *   postern trace --year 2026 -- '-x; reboot' /var/log/mail.log.1
 */
#include "base/escape.h"
#include "report/room.h"

static void
put_asked(struct buf *out, const char *words)
{
	if (words)
		buf_str(out, str_of(words));
}

void
put_command(struct buf *out, const struct report_data *data,
    const struct next_command *command, const struct str *thing)
{
	buf_str(out, str_of(command->words));
	put_asked(out, data->asked.reading);
	if (command->range)
		put_asked(out, data->asked.range);
	if (command->where)
		put_asked(out, data->asked.where);
	if (thing) {
		buf_str(out, thing->len && *thing->p == '-' ? STR(" -- ") : STR(" "));
		escape_shell(out, *thing);
	}
	put_asked(out, data->asked.inputs);
}

/* The length of the word that COMMAND begins with: what is quoted has spaces. */
static size_t
word_length(struct str command)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < command.len && (quoted || command.p[n] != ' '); n++) {
		if (!quoted && command.p[n] == '\\')
			n++; /* the quote behind it */
		else
			quoted ^= command.p[n] == '\'';
	}
	return n < command.len ? n : command.len;
}

void
put_wrapped_command(struct buf *out, struct str command, unsigned indent, unsigned width)
{
	static const struct str end = STR(" \\");
	unsigned used = indent;

	while (command.len) {
		struct str word = str_head(command, word_length(command));
		unsigned columns = report_width(word);

		command = str_from(command, word.len);
		str_skip_char(&command, ' ');
		if (used > indent &&
		    used + 1 + columns + (command.len ? end.len : 0) > width) {
			buf_str(out, end);
			buf_char(out, '\n');
			put_padding(out, indent);
			used = indent;
		} else if (used > indent) {
			buf_char(out, ' ');
			used++;
		}
		buf_str(out, word);
		used += columns;
	}
}

void
put_command_line(const struct report *report, const struct next_command *command,
    unsigned used, struct buf *out)
{
	struct buf raw = BUF_INIT(BUF_UNLIMITED), text = BUF_INIT(BUF_UNLIMITED);

	put_command(&raw, report->data, command, NULL);
	escape_terminal(&text, buf_view(&raw));
	if (used + report_width(buf_view(&text)) > report->style->width) {
		end_line(out);
		put_padding(out, COMMAND_INDENT);
	}
	put_wrapped_command(out, buf_view(&text), COMMAND_INDENT, report->style->width);
	buf_char(out, '\n');
	buf_done(&raw);
	buf_done(&text);
}
