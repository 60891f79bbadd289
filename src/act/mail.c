/* SPDX-License-Identifier: Apache-2.0
 *
 * mail: tells people of bans through sendmail(8), which queues what cannot go now. The
 * first one goes at once, then one in so long, with all that happened since. What is in
 * it are addresses, times and ids: no text of a log.
 */
#include <stdlib.h>

#include "act/room.h"
#include "base/child.h"
#include "base/civil.h"

#define SENDMAIL_TIMEOUT INT64_C(60000000)
#define NAMED_MAX 200 /* in one mail; the rest is a number */

struct mail {
	const struct act_settings *settings;
	struct buf lines;
	size_t bans, named;
	int64_t sent;
};

static void *
mail_open(const struct act_settings *settings)
{
	struct mail *mail = xcalloc(1, sizeof(*mail));

	mail->settings = settings;
	mail->lines = (struct buf)BUF_INIT(65536);
	return mail;
}

static void
add_line(struct mail *mail, const struct act_ban *ban, int64_t now)
{
	char until[RFC3339_MAX] = "lifted by hand\0";

	mail->bans++;
	if (mail->named == NAMED_MAX)
		return;
	mail->named++;
	if (ban->until != INT64_MAX)
		civil_rfc3339(ban->until, until);
	ban_text(&mail->lines, STR("  {prefix}  until "), ban, now);
	/* Seconds are enough. */
	buf_str(&mail->lines, str_head(str_of(until), ban->until == INT64_MAX ? 14 : 19));
	ban_text(&mail->lines, STR(" UTC, id {id}\n"), ban, now);
}

static int
send_mail(struct mail *mail, int64_t now, struct err *err)
{
	const struct act_settings *settings = mail->settings;
	const char **argv = xcalloc(settings->to_count + 6, sizeof(*argv));
	struct buf text = BUF_INIT(131072);
	size_t n = 0;
	int result;

	argv[n++] = "sendmail";
	argv[n++] = "-i";
	argv[n++] = "-f";
	argv[n++] = settings->from;
	argv[n++] = "--";
	for (size_t i = 0; i < settings->to_count; i++)
		argv[n++] = settings->to[i];
	buf_printf(&text, "From: %s\nTo: %s\nSubject: postern: %zu banned\n"
	    "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n\n", settings->from, settings->to[0],
	    mail->bans);
	buf_str(&text, buf_view(&mail->lines));
	if (mail->bans > mail->named)
		buf_printf(&text, "  and %zu more\n", mail->bans - mail->named);
	buf_str(&text, STR("\nWhy: postern bans explain ID\n"));
	result = child_run(argv, buf_view(&text), SENDMAIL_TIMEOUT, err);
	buf_done(&text);
	free(argv);
	mail->sent = now;
	if (result < 0)
		return -1;
	buf_clear(&mail->lines);
	mail->bans = mail->named = 0;
	return 0;
}

static int
mail_tick(void *state, int64_t now, struct err *err)
{
	struct mail *mail = state;

	return mail->bans ? send_mail(mail, now, err) : 0;
}

static int
mail_apply(void *state, const struct change *changes, size_t count, bool all, int64_t now,
    struct err *err)
{
	struct mail *mail = state;

	(void)err;
	if (all) /* nothing of it is news */
		return 0;
	for (size_t i = 0; i < count; i++)
		if (!changes[i].unban)
			add_line(mail, &changes[i].ban, now);
	return 0;
}

static int64_t
mail_wait(void *state, int64_t now)
{
	const struct mail *mail = state;

	return mail->bans ? mail->sent + mail->settings->every_usec - now : INT64_MAX;
}

static int
mail_stop(void *state, struct err *err)
{
	struct mail *mail = state;

	return mail->bans ? send_mail(mail, 0, err) : 0;
}

static void
mail_close(void *state)
{
	struct mail *mail = state;

	buf_done(&mail->lines);
	free(mail);
}

const struct sort sort_mail = {
	.open = mail_open,
	.apply = mail_apply,
	.wait = mail_wait,
	.tick = mail_tick,
	.stop = mail_stop,
	.close = mail_close,
};
