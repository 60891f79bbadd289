/* SPDX-License-Identifier: Apache-2.0
 *
 * mail-sendmail: letters to sendmail(8) or a program that takes its arguments. It queues
 * what cannot go now.
 */
#include <stdlib.h>

#include "act/mail.h"
#include "base/child.h"

static enum carried
sendmail_carry(const struct act_settings *settings, void *state, struct str text,
    int64_t timeout_usec, int line, struct err *err)
{
	const char **argv = xcalloc(settings->to_count + 6, sizeof(*argv));
	size_t n = 0;
	int result;

	(void)state, (void)line;
	argv[n++] = settings->via;
	argv[n++] = "-i";
	argv[n++] = "-f";
	argv[n++] = settings->from;
	argv[n++] = "--";
	for (size_t i = 0; i < settings->to_count; i++)
		argv[n++] = settings->to[i];
	result = child_run(argv, text, timeout_usec, err);
	free(argv);
	if (result < 0)
		return CARRIED_LATER;
	err->text[0] = '\0';
	return CARRIED;
}

static int
sendmail_try(const struct act_settings *settings, struct err *err)
{
	return child_can_run(settings->via, err);
}

const struct carrier carrier_sendmail = {
	.eol = "\n",
	.try = sendmail_try,
	.carry = sendmail_carry,
};
