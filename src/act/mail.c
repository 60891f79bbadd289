/* SPDX-License-Identifier: Apache-2.0
 *
 * mail: tells people of bans. The first letter goes at once, then one in so long, with all
 * that happened since; while it cannot go it is tried again, later each time. What is in
 * it are addresses, times and ids: no text of a log.
 *
 * What a server has not got yet is in a file from before the first try on, as a stop may come
 * in the middle of one: the next process goes on with it. (sendmail has a queue, and is run
 * as root, who has no business in the folder of who judges.)
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "act/mail.h"
#include "base/civil.h"
#include "base/now.h"

#define BODY_MOST 65536

/* After a failure; doubled each time. */
#define RETRY_FIRST (60 * USEC_PER_SEC)
#define RETRY_MOST USEC_PER_HOUR

/* What stops gives us less than act waits for. */
#define LAST_TIMEOUT (USEC_PER_SEC * 3 / 2)

struct mail {
	const struct act_settings *settings;
	const struct carrier *carrier;
	void *state;            /* the carrier's */
	int line;               /* hangs up when we are to stop */
	struct unsent unsent;
	bool kept;              /* there is a file of them */
	int64_t due, retry_in;  /* monotonic; 0: the last letter went */
	char host[256];
};

static const struct carrier *
carrier_of(const struct act_settings *settings)
{
	return act_is_smtp(settings->via) ? &carrier_smtp : &carrier_sendmail;
}

static void *
mail_open(const struct act_settings *settings)
{
	struct mail *mail = xcalloc(1, sizeof(*mail));

	mail->settings = settings;
	mail->line = -1;
	mail->carrier = carrier_of(settings);
	if (gethostname(mail->host, sizeof(mail->host) - 1) < 0 || !mail->host[0])
		snprintf(mail->host, sizeof(mail->host), "localhost");
	return mail;
}

static int
mail_start(void *state, struct err *err)
{
	struct mail *mail = state;

	if (mail->state || !mail->carrier->start)
		return 0;
	if (mail->carrier->start(mail->settings, &mail->state, err) < 0)
		return err_wrap(err, "%s", mail->settings->name);
	/* A file that is none is written over by the next. */
	if (*mail->settings->unsent)
		(void)unsent_read(mail->settings->unsent, &mail->unsent, err);
	mail->kept = mail->unsent.bans > 0;
	return 0;
}

static void
mail_heed(void *state, int line)
{
	struct mail *mail = state;

	mail->line = line;
}

/* So that a stop at any moment loses nothing. */
static void
keep(struct mail *mail)
{
	struct err err;

	/* Without the file, all is as for who has none. */
	if (*mail->settings->unsent)
		mail->kept |= unsent_write(mail->settings->unsent, &mail->unsent, &err) == 0;
}

/* "2026-11-20 19:24:22 UTC": seconds are enough. */
static void
put_time(struct buf *out, int64_t time)
{
	char text[RFC3339_MAX];

	civil_rfc3339(time, text);
	buf_printf(out, "%.10s %.8s UTC", text, text + 11);
}

static void
add_ban(struct unsent *unsent, const struct act_ban *ban, int64_t now)
{
	if (unsent->bans++ == 0)
		unsent->since = now;
	if (unsent->named < UNSENT_NAMED)
		unsent->list[unsent->named++] = *ban;
}

static void
put_ban(struct buf *out, const struct act_ban *ban)
{
	ban_text(out, STR("  {ip}  until "), ban, 0);
	if (ban->until == INT64_MAX)
		buf_printf(out, "lifted by hand");
	else
		put_time(out, ban->until);
	ban_text(out, STR(", id {id}\n"), ban, 0);
}

static void
put_body(const struct mail *mail, struct buf *out)
{
	const struct unsent *unsent = &mail->unsent;

	buf_printf(out, "Since ");
	put_time(out, unsent->since);
	buf_printf(out, " %s banned by postern on\n%s:\n\n",
	    unsent->bans == 1 ? "this was" : "these were", mail->host);
	for (size_t i = 0; i < unsent->named; i++)
		put_ban(out, &unsent->list[i]);
	if (unsent->bans > unsent->named)
		buf_printf(out, "  and %zu more: postern bans list --all --since @%lld\n",
		    unsent->bans - unsent->named, (long long)(unsent->since / USEC_PER_SEC));
	buf_printf(out, "\nWhy:         postern bans explain ID\n"
	    "Let one in:  postern bans remove ADDRESS\n");
}

/* Everything that waits, as one letter. LINE: as carry()'s. */
static enum carried
send_letter(struct mail *mail, int64_t timeout_usec, int line, struct err *err)
{
	const struct act_settings *settings = mail->settings;
	struct letter letter = {.from = settings->from, .to = settings->to,
	    .to_count = settings->to_count, .host = mail->host, .time = now_wall()};
	struct buf subject = BUF_INIT(512), body = BUF_INIT(BODY_MOST),
		   text = BUF_INIT(BUF_UNLIMITED);
	enum carried carried;

	buf_printf(&subject, "postern: %zu banned on %s", mail->unsent.bans, mail->host);
	put_body(mail, &body);
	letter.subject = buf_view(&subject);
	letter.body = buf_view(&body);
	letter_put(&letter, mail->carrier->eol, &text);
	carried = mail->carrier->carry(settings, mail->state, buf_view(&text), timeout_usec,
	    line, err);
	buf_done(&subject);
	buf_done(&body);
	buf_done(&text);
	return carried;
}

static void
forget_sent(struct mail *mail)
{
	mail->unsent.bans = mail->unsent.named = 0;
	mail->retry_in = 0;
	/* It may be there though keeping it failed: if its folder did not get to the disk. */
	if (*mail->settings->unsent &&
	    (unlink(mail->settings->unsent) == 0 || errno == ENOENT))
		mail->kept = false;
}

/* The next try is later than the last, and at its latest where asking is of no use. */
static void
put_off(struct mail *mail, enum carried carried)
{
	int64_t every = mail->settings->every_usec;
	int64_t first = every < RETRY_FIRST ? every : RETRY_FIRST;

	mail->retry_in = mail->retry_in ? mail->retry_in * 2 : first;
	if (carried == CARRIED_NEVER)
		mail->retry_in = RETRY_MOST;
	if (mail->retry_in > RETRY_MOST)
		mail->retry_in = RETRY_MOST;
	mail->due = now_monotonic() + mail->retry_in;
}

static int
mail_tick(void *state, int64_t now, struct err *err)
{
	struct mail *mail = state;
	enum carried carried;

	(void)now;
	keep(mail);
	carried = send_letter(mail, mail->settings->timeout_usec, mail->line, err);
	if (carried == CARRIED) {
		if (err->text[0])
			err_wrap(err, "%s: sent, but", mail->settings->name);
		forget_sent(mail);
		mail->due = now_monotonic() + mail->settings->every_usec;
		return 0;
	}
	put_off(mail, carried);
	err_wrap(err, "%s: %zu ban%s not told of, tried again in %lld s", mail->settings->name,
	    mail->unsent.bans, plural_s(mail->unsent.bans),
	    (long long)(mail->retry_in / USEC_PER_SEC));
	return 0;
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
			add_ban(&mail->unsent, &changes[i].ban, now);
	return 0;
}

static int64_t
mail_wait(void *state, int64_t now)
{
	const struct mail *mail = state;

	(void)now; /* which may be set back */
	return mail->unsent.bans ? mail->due - now_monotonic() : INT64_MAX;
}

/* What cannot go at once is for the next process, if it can be kept for it. */
static int
mail_stop(void *state, struct err *err)
{
	struct mail *mail = state;
	int64_t timeout = mail->settings->timeout_usec;

	if (!mail->unsent.bans || (mail->carrier->start && !mail->state))
		return 0;
	keep(mail);
	if (mail->kept && mail->retry_in)
		return 0;
	timeout = timeout < LAST_TIMEOUT ? timeout : LAST_TIMEOUT;
	if (send_letter(mail, timeout, -1, err) != CARRIED)
		return mail->kept ? 0 : -1;
	forget_sent(mail);
	return 0;
}

static void
mail_close(void *state)
{
	struct mail *mail = state;

	if (mail->carrier->close && mail->state)
		mail->carrier->close(mail->state);
	free(mail);
}

static int
mail_try(const struct act_settings *settings, struct err *err)
{
	return carrier_of(settings)->try(settings, err);
}

const struct sort sort_mail = {
	.try = mail_try,
	.open = mail_open,
	.start = mail_start,
	.heed = mail_heed,
	.apply = mail_apply,
	.wait = mail_wait,
	.tick = mail_tick,
	.stop = mail_stop,
	.close = mail_close,
};
