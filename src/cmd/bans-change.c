/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-change: bans and lifts by hand. Asks the guard that runs; when none does, what is
 * wanted is written into its store, and in force when it starts.
 */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/json.h"
#include "cmd/bans.h"
#include "serve/serve.h"

#define GUARD_USEC (10 * USEC_PER_SEC)

/* How long a ban is when nobody says. */
#define LENGTH_USEC USEC_PER_DAY

/* "by alice: TEXT": who it really is, behind sudo. */
static const char *
reason_text(struct bans *bans)
{
	const char *name = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
	const struct passwd *user = name ? NULL : getpwuid(getuid());

	if (!name)
		name = user ? user->pw_name : "somebody";
	if (!bans->options.reason || !*bans->options.reason)
		return arena_printf(&bans->arena, "by %s", name);
	return arena_printf(&bans->arena, "by %s: %.*s", name,
	    STR_ARG(str_head(str_of(bans->options.reason), 200)));
}

/* It was asked to do something with PREFIX, and nobody knows whether it did. */
static int
not_answered(const struct cidr *prefix, struct err *err)
{
	struct err why = *err;
	char text[CIDR_TEXT_MAX];

	prefix_format(prefix, text);
	return err_set(err, "%s; it may still do it: postern bans list %s shows", why.text,
	    text);
}

/*
 * 0: the guard did it. 1: no guard is running. ANSWER is its line.
 */
static int
ask_guard(struct bans *bans, const char *op, const struct cidr *prefix, int64_t seconds,
    struct buf *answer, struct err *err)
{
	struct str path = settings_get(bans->settings, SETTING_guard_control)->text;
	struct buf request = BUF_INIT(4096);
	struct json json = {.out = &request};
	char text[CIDR_TEXT_MAX];
	int result;

	if (path.len == 0)
		return 1;
	cidr_format(prefix, text);
	json_object_begin(&json);
	json_key(&json, "op");
	json_str(&json, str_of(op));
	json_key(&json, "address");
	json_str(&json, str_of(text));
	json_key(&json, "seconds");
	json_int(&json, seconds);
	json_key(&json, "reason");
	json_str(&json, str_of(reason_text(bans)));
	json_object_end(&json);
	result = control_call(arena_cstr(&bans->arena, path), buf_view(&request), GUARD_USEC,
	    answer, err);
	buf_done(&request);
	return result == -2 ? not_answered(prefix, err) : result;
}

/* Opens the store for writing, once. */
static int
open_to_write(struct bans *bans, struct err *err)
{
	return bans->store ? 0 : bans_open(bans, false, err);
}

/* What stands behind "id" in the guard's answer. */
static struct str
answer_id(struct str answer)
{
	size_t at = str_find(answer, STR("\"id\":\""));

	return at < answer.len ? str_head(str_from(answer, at + 6), 16) : STR("");
}

static void
say_banned(const struct bans *bans, const struct cidr *prefix, int64_t seconds, struct str id,
    bool guard)
{
	char text[CIDR_TEXT_MAX];
	struct buf out = BUF_INIT(1024);

	prefix_format(prefix, text);
	buf_printf(&out, "%s is banned ", text);
	if (seconds) {
		buf_str(&out, STR("until "));
		report_put_moment(&out, bans->now + seconds * USEC_PER_SEC);
	} else {
		buf_str(&out, STR("for good"));
	}
	buf_printf(&out, ", id %.*s\n", STR_ARG(id));
	output_all(&out);
	if (!guard)
		complain("no guard is running: written down, and in force when it starts");
}

/* "203.0.113.0/24, which has it, is banned until ..., id ..." */
static void
put_cover(const struct ban *ban, const char *verb, struct buf *out)
{
	char text[CIDR_TEXT_MAX];

	buf_printf(out, "%.*s, which has it, is%s ", STR_ARG(bans_address(ban, text)), verb);
	if (ban->until == INT64_MAX) {
		buf_str(out, STR("for good"));
	} else {
		buf_str(out, STR("until "));
		report_put_moment(out, ban->until);
	}
	buf_printf(out, ", id %016llx", (unsigned long long)ban->id);
}

/* PREFIX was banned: the end of that ban will not let it in. */
static void
say_banned_with(struct bans *bans, const struct cidr *prefix)
{
	struct buf text = BUF_INIT(256);
	struct ban cover;

	if (bans_cover(bans, prefix, &cover)) {
		put_cover(&cover, " banned", &text);
		complain("%.*s", STR_ARG(buf_view(&text)));
	}
	buf_done(&text);
}

/* A ban that was there may last longer, until UNTIL; 0: none does. */
static void
say_longer(const struct cidr *prefix, int64_t until)
{
	char text[CIDR_TEXT_MAX];
	struct buf moment = BUF_INIT(256);

	if (until <= 0)
		return;
	prefix_format(prefix, text);
	report_put_moment(&moment, until);
	complain("an earlier ban of it lasts longer, %s%.*s; to end that, too, first: postern "
	    "bans remove %s", until == INT64_MAX ? "for good" : "until ",
	    until == INT64_MAX ? 0 : (int)moment.len, moment.p, text);
	buf_done(&moment);
}

/* As the guard would. */
static int
check_alone(const struct bans *bans, const struct cidr *prefix, struct err *err)
{
	struct cidr own[OWN_MAX];

	return hand_check(bans->settings, own, own_addresses(bans->settings, own),
	    prefix, err);
}

static int
add_one(struct bans *bans, const struct cidr *prefix, int64_t seconds, struct err *err)
{
	struct buf answer = BUF_INIT(BUF_UNLIMITED);
	struct hand_ban hand;
	char id[24];
	int result = ask_guard(bans, "ban", prefix, seconds, &answer, err);

	if (result == 0) {
		say_banned(bans, prefix, seconds, answer_id(buf_view(&answer)), true);
		say_longer(prefix, control_number(buf_view(&answer), "until"));
	} else if (result > 0) {
		result = check_alone(bans, prefix, err);
		if (result == 0)
			result = open_to_write(bans, err);
		if (result == 0)
			result = bans_geo(bans, false, err);
		if (result == 0)
			result = hand_ban(bans->store, bans->geo, prefix, seconds,
			    reason_text(bans), STR(""), bans->now, &hand, err);
		if (result == 0) {
			snprintf(id, sizeof(id), "%016llx", (unsigned long long)hand.ban.id);
			say_banned(bans, prefix, seconds, str_of(id), false);
		}
	}
	if (result == 0)
		say_banned_with(bans, prefix);
	buf_done(&answer);
	return result;
}

/* --for in seconds; 0: for good. */
static int
read_length(const struct bans *bans, int64_t *ret, struct err *err)
{
	const char *length = bans->options.length;
	int64_t usec = LENGTH_USEC;

	if (length && strcmp(length, "forever") == 0)
		usec = 0;
	else if (length && (!setting_duration(str_of(length), &usec) || usec == 0))
		return err_set(err, "--for is a time such as 10m, 1h, 7d or 2w, or forever, "
		    "not '%s'", length);
	*ret = usec / USEC_PER_SEC;
	return 0;
}

int
bans_add(struct bans *bans)
{
	struct cidr prefix;
	int64_t seconds = 0;
	struct err err;
	int status = EXIT_DONE;

	if (read_length(bans, &seconds, &err) < 0)
		return usage_error(bans->command, &err);
	for (size_t i = 0; i < bans->options.word_count; i++)
		if (bans_prefix(bans->options.words[i], &prefix, &err) < 0)
			return usage_error(bans->command, &err);
	for (size_t i = 0; i < bans->options.word_count; i++)
		if (cidr_parse(str_of(bans->options.words[i]), &prefix) &&
		    add_one(bans, &prefix, seconds, &err) < 0)
			status = bans_failed(&err);
	return status;
}

/* Keeps the first of the bans that overlap the one that was not found. */
struct hint {
	struct ban ban; /* id 0: none */
	struct bans *bans;
};

static bool
take_hint(void *context, const struct ban *ban)
{
	struct hint *hint = context;

	hint->ban = ban_copy(ban, &hint->bans->arena);
	return false;
}

/* Where ERR says that PREFIX is not banned: adds what is in its place. */
static void
hint_at_others(struct bans *bans, const struct cidr *prefix, struct err *err)
{
	struct ban_filter filter = {.within = *prefix, .active_at = bans->now,
	    .since = INT64_MIN, .until = INT64_MAX};
	struct hint hint = {.bans = bans};
	struct err ignored, before = *err;
	char text[CIDR_TEXT_MAX];
	struct str address;

	if (!str_ends(str_of(err->text), STR("is not banned")))
		return;
	if (!bans->store && bans_open(bans, true, &ignored) < 0)
		return;
	if (!bans_cover(bans, prefix, &hint.ban) &&
	    bans_each(bans, &filter, take_hint, &hint, &ignored) < 0)
		return;
	address = bans_address(&hint.ban, text);
	if (hint.ban.id)
		err_set(err, "%s; but %.*s is, id %016llx: postern bans remove %.*s",
		    before.text, STR_ARG(address), (unsigned long long)hint.ban.id,
		    STR_ARG(address));
}

static int
lift_in_store(struct bans *bans, const struct cidr *prefix, struct err *err)
{
	const struct hand_lift lift = {.prefix = *prefix, .reason = reason_text(bans),
	    .now = bans->now, .upto = INT64_MAX};
	char text[CIDR_TEXT_MAX];
	size_t count;

	if (open_to_write(bans, err) < 0 ||
	    hand_lift(bans->store, &lift, NULL, NULL, &count, err) < 0)
		return -1;
	prefix_format(prefix, text);
	if (count == 0)
		return err_set(err, "%s is not banned", text);
	complain("no guard is running: written down; what actions did lasts until one starts, "
	    "or to the ban's old end");
	return 0;
}

static void
say_lifted(struct bans *bans, const struct cidr *prefix)
{
	struct buf out = BUF_INIT(512);
	char text[CIDR_TEXT_MAX];
	struct ban cover;
	bool covered = bans_cover(bans, prefix, &cover);

	prefix_format(prefix, text);
	if (covered) {
		buf_printf(&out, "%s is still banned: ", text);
		put_cover(&cover, "", &out);
		buf_str(&out, STR("; its own ban is lifted\n"));
	} else {
		buf_printf(&out, "%s is not banned any more\n", text);
	}
	output_all(&out);
	if (covered)
		complain("to let it in: postern bans remove %.*s",
		    STR_ARG(bans_address(&cover, text)));
}

static int
remove_one(struct bans *bans, const struct cidr *prefix, struct err *err)
{
	struct buf answer = BUF_INIT(BUF_UNLIMITED);
	int result = ask_guard(bans, "unban", prefix, 0, &answer, err);

	if (result == 0 && str_find(buf_view(&answer), STR("\"behind\":true")) < answer.len)
		complain("the store cannot be written to now: in force, and written down when "
		    "it can");
	if (result == 0 && str_find(buf_view(&answer), STR("\"dry_run\":true")) < answer.len)
		complain("the guard that runs is a dry run: written down; what actions did "
		    "lasts until one runs that is none, or to the ban's old end");
	buf_done(&answer);
	if (result > 0)
		result = lift_in_store(bans, prefix, err);
	if (result < 0) {
		hint_at_others(bans, prefix, err);
		return -1;
	}
	say_lifted(bans, prefix);
	return 0;
}

int
bans_remove(struct bans *bans)
{
	struct cidr prefix;
	struct err err;
	int status = EXIT_DONE;

	for (size_t i = 0; i < bans->options.word_count; i++)
		if (bans_prefix(bans->options.words[i], &prefix, &err) < 0)
			return usage_error(bans->command, &err);
	for (size_t i = 0; i < bans->options.word_count; i++)
		if (cidr_parse(str_of(bans->options.words[i]), &prefix) &&
		    remove_one(bans, &prefix, &err) < 0)
			status = bans_failed(&err);
	return status;
}
