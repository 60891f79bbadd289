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

void
put_command_line(const struct report_data *data, const struct next_command *command,
    struct buf *out)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	put_command(&text, data, command, NULL);
	escape_terminal(out, buf_view(&text));
	buf_char(out, '\n');
	buf_done(&text);
}
