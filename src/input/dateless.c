/* SPDX-License-Identifier: Apache-2.0
 *
 * dateless: PHP's mail.log of 5.3 and before, which has no times:
 *   mail() on [/var/www/x.php:12]: To: a@b.test -- Headers: From: c@d.test
 * Its lines are taken to be of when the file was last written. Lines that headers were
 * folded into begin with a blank and stay as they are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/now.h"
#include "input/room.h"

struct dateless {
	int64_t when; /* 0: as lines come, also where the file tells no time */
	bool passing; /* inside a line that is too long */
};

static bool
is_mail(struct str line)
{
	return str_starts(line, STR("mail() on [")) &&
	    str_find(line, STR("]: To: ")) < line.len;
}

/* The first line may be torn. */
static bool
dateless_recognise(struct str head)
{
	return is_mail(str_cut(&head, '\n')) || is_mail(str_cut(&head, '\n'));
}

static void *
dateless_start(int64_t when)
{
	struct dateless *state = xcalloc(1, sizeof(*state));

	state->when = when > 0 ? when : 0;
	return state;
}

static bool
convert(void *context, struct str line, struct buf *out)
{
	const struct dateless *state = context;
	struct str fields[JOURNAL_COUNT] = {{NULL, 0}};
	char time[24];
	int len;

	if (!is_mail(line))
		return false;
	len = snprintf(time, sizeof(time), "%" PRId64, state->when ? state->when : now_wall());
	fields[JOURNAL___REALTIME_TIMESTAMP] = (struct str){time, (size_t)len};
	fields[JOURNAL_SYSLOG_IDENTIFIER] = STR("php");
	fields[JOURNAL_MESSAGE] = line;
	record_line(fields, out);
	return true;
}

static size_t
dateless_decode(void *context, struct str in, bool end, struct buf *out)
{
	struct dateless *state = context;

	return record_each_line(in, end, out, &state->passing, convert, state);
}

const struct decoder decoder_dateless = {
	.name = "dateless",
	.recognise = dateless_recognise,
	.start = dateless_start,
	.decode = dateless_decode,
	.done = free,
	.by_line = true,
};
