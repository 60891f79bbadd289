/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-answer: what the guard says when it is asked: by Postfix about a client, by
 * postern bans about itself.
 */
#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/now.h"
#include "cmd/guard-room.h"

/*
 * TEXT with an enhanced status code in front (RFC 3463), whose class is that of the
 * answer: 4 for one that is not final. One that is there keeps its subject and detail.
 */
static void
put_text(struct buf *out, struct str text, uint64_t id, bool defer)
{
	bool coded = text.len > 5 && (text.p[0] == '4' || text.p[0] == '5') &&
	    text.p[1] == '.' && text.p[2] >= '0' && text.p[2] <= '9';

	buf_str(out, defer ? STR("DEFER 4") : STR("REJECT 5"));
	if (coded)
		text = str_from(text, 1);
	else
		buf_str(out, STR(".7.1 "));
	while (text.len) {
		size_t at = str_find(text, STR("{id}"));

		buf_str(out, str_head(text, at));
		if (at >= text.len)
			break;
		buf_printf(out, "%016llx", (unsigned long long)id);
		text = str_from(text, at + 4);
	}
}

/* What Postfix is told: of a banned client, of a user who sends too much, else DUNNO. */
void
guard_answer_policy(void *context, const struct policy_request *request, struct buf *answer)
{
	const struct guard_loop *loop = context;
	const struct settings *settings = loop->run->settings;
	const struct banned_entry *entry = NULL;

	if (request->client.family && loop->guard)
		entry = guard_find(loop->guard, &request->client);
	if (entry)
		put_text(answer, settings_get(settings, SETTING_policy_text)->text,
		    entry->last.id, settings_get(settings, SETTING_policy_ban)->number == 1);
	else if (loop->rates && policy_rates_over(loop->rates, request, now_wall()))
		buf_str(answer, STR("DEFER_IF_PERMIT 4.7.1 Too many messages from "
				    "this account, try again later"));
}

static int
put_status(const struct guard_loop *loop, struct json *answer)
{
	struct guard_stats stats = guard_stats(loop->guard);
	const struct {
		const char *name;
		int64_t value;
	} rows[] = {{"events", (int64_t)stats.events}, {"verdicts", (int64_t)stats.verdicts},
	    {"banned", (int64_t)stats.banned}, {"keys", (int64_t)stats.detect.keys},
	    {"evicted", (int64_t)stats.detect.evicted_keys},
	    {"evicted_clients", (int64_t)stats.detect.evicted_clients},
	    {"evicted_history", (int64_t)stats.detect.evicted_history},
	    {"allowed", (int64_t)stats.detect.allowed},
	    {"spared", (int64_t)stats.detect.spared},
	    {"process", loop->parent},
	    {"refused_calls", (int64_t)loop->refused_calls}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_key(answer, rows[i].name);
		json_int(answer, rows[i].value);
	}
	json_key(answer, "store_behind");
	json_bool(answer, stats.store_behind);
	if (stats.store_behind) {
		json_key(answer, "behind_since");
		json_int(answer, stats.behind_since);
	}
	return 0;
}

/* Names the actions that failed and have still to do as much as all that are banned. */
static void
put_stuck(const struct guard_loop *loop, struct json *answer)
{
	uint64_t banned = guard_stats(loop->guard).banned;

	json_key(answer, "stuck");
	json_array_begin(answer);
	for (size_t a = 0; loop->act && a < settings_count(loop->run->settings, "action");
	    a++) {
		const struct settings_section *section =
		    settings_section(loop->run->settings, "action", a);
		struct act_stats stats = act_stats(loop->act, a);

		if (stats.failed && banned && stats.waiting >= banned &&
		    section->values[SETTING_action_kind].number != ACT_MAIL)
			json_str(answer, str_of(section->name));
	}
	json_array_end(answer);
}

/* Of a list that does not fit into an answer, the rest is a number. */
#define LIST_MAX 10000

/* "192.0.2.1/32 1790000000000000 0123456789abcdef": prefix, end, id. */
static int
put_list(const struct guard_loop *loop, struct json *answer)
{
	size_t count = guard_stats(loop->guard).banned;
	char text[CIDR_TEXT_MAX + 64], prefix[CIDR_TEXT_MAX];

	put_status(loop, answer);
	put_stuck(loop, answer);
	json_key(answer, "left_out");
	json_int(answer, count > LIST_MAX ? (int64_t)(count - LIST_MAX) : 0);
	json_key(answer, "bans");
	json_array_begin(answer);
	for (size_t i = 0; i < count && i < LIST_MAX; i++) {
		const struct banned_entry *entry = guard_banned_at(loop->guard, i);

		prefix_format(&entry->prefix, prefix);
		snprintf(text, sizeof(text), "%s %lld %016llx", prefix,
		    (long long)entry->last.until, (unsigned long long)entry->last.id);
		json_str(answer, str_of(text));
	}
	json_array_end(answer);
	return 0;
}

/* "12 3 0 1 40 7 login-failures": numbers that a rule or an action has, and its name. */
static void
put_counts(struct json *answer, const uint64_t *counts, size_t count, const char *name)
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%llu ", (unsigned long long)counts[i]);
	buf_str(&text, str_of(name));
	json_str(answer, buf_view(&text));
	buf_done(&text);
}

/* "0 1790000000000000 120 /var/log/mail.log": how it is, its last event, 1 + the unread. */
static void
put_logs(const struct guard_loop *loop, struct json *answer)
{
	struct guard_log_state log;

	json_key(answer, "logs");
	json_array_begin(answer);
	for (size_t n = 0; guard_log_at(loop->guard, n, &log); n++)
		put_counts(answer, (uint64_t[]){log.is, (uint64_t)log.last,
		    (uint64_t)(log.unread + 1)}, 3, log.name);
	json_array_end(answer);
}

static int
put_all_counts(const struct guard_loop *loop, struct json *answer)
{
	const struct guard_run *run = loop->run;

	put_status(loop, answer);
	json_key(answer, "rates_forgotten");
	json_int(answer, loop->rates ? (int64_t)policy_rates_forgotten(loop->rates) : 0);
	put_logs(loop, answer);
	json_key(answer, "rules");
	json_array_begin(answer);
	for (size_t r = 0; r < run->rules.count; r++) {
		struct detect_stats stats = guard_rule_stats(loop->guard, r);

		put_counts(answer, (uint64_t[]){stats.matched, stats.verdicts, stats.allowed,
		    stats.spared, stats.keys, stats.evicted_keys}, 6,
		    run->rules.rules[r].name);
	}
	json_array_end(answer);
	json_key(answer, "actions");
	json_array_begin(answer);
	for (size_t a = 0; loop->act && a < settings_count(run->settings, "action"); a++) {
		struct act_stats stats = act_stats(loop->act, a);

		put_counts(answer, (uint64_t[]){stats.done, stats.failed, stats.waiting}, 3,
		    settings_section(run->settings, "action", a)->name);
	}
	json_array_end(answer);
	return 0;
}

/* REASON for people, as a C string; the default says who it was. */
static void
reason_of(struct str reason, char out[256])
{
	if (reason.len)
		snprintf(out, 256, "%.*s", STR_ARG(str_head(reason, 250)));
	else
		snprintf(out, 256, "by hand");
}

static int
change_ban(const struct guard_loop *loop, const struct control_request *request, bool ban,
    struct json *answer, struct err *err)
{
	const struct banned_entry *entry;
	struct cidr prefix;
	char reason[256];
	uint64_t id;

	reason_of(request->reason, reason);
	if (!cidr_parse(request->address, &prefix))
		return err_set(err, "'%.*s' is no address and no network",
		    STR_ARG(str_head(request->address, 64)));
	if (!ban) {
		if (guard_unban(loop->guard, &prefix, reason, err) < 0)
			return -1;
		json_key(answer, "behind");
		json_bool(answer, guard_stats(loop->guard).store_behind);
		json_key(answer, "dry_run");
		json_bool(answer, !loop->act);
		return 0;
	}
	if (guard_ban(loop->guard, &prefix, request->seconds < 0 ? 0 : request->seconds,
	    reason,
		&id, err) < 0)
		return -1;
	json_key(answer, "id");
	json_id(answer, id);
	entry = guard_find(loop->guard, &prefix.base);
	if (entry && cidr_equal(&entry->prefix, &prefix) && entry->last.id != id) {
		json_key(answer, "until");
		json_int(answer, entry->last.until);
	}
	return 0;
}

int
guard_answer_control(void *context, const struct control_request *request, struct json *answer,
    struct err *err)
{
	const struct guard_loop *loop = context;

	if (str_eq(request->op, STR("ban")))
		return change_ban(loop, request, true, answer, err);
	if (str_eq(request->op, STR("unban")))
		return change_ban(loop, request, false, answer, err);
	if (str_eq(request->op, STR("status")))
		return put_status(loop, answer);
	if (str_eq(request->op, STR("list")))
		return put_list(loop, answer);
	if (str_eq(request->op, STR("counts")))
		return put_all_counts(loop, answer);
	return err_set(err, "the guard knows ban, unban, list, status and counts, not '%.*s'",
	    STR_ARG(str_head(request->op, 32)));
}
