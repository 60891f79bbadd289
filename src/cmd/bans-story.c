/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-story: a ban and what it stands on, for a person and as JSON.
 */
#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "cmd/bans-explain.h"

/* "Fri 20 Nov 17:41:03" in the zone set. */
static void
put_time(struct buf *out, int64_t usec)
{
	struct civil civil = civil_of(usec + zone_offset(usec) * USEC_PER_SEC);

	report_put_moment(out, usec);
	buf_printf(out, ":%02d", civil.second);
}

static void
put_end(const struct bans *bans, const struct ban *ban, struct buf *out)
{
	int64_t end = bans_end(ban);

	if (end == INT64_MAX) {
		buf_str(out, STR(" for good"));
		return;
	}
	buf_str(out, STR(" until "));
	report_put_moment(out, end);
	if (end > bans->now) {
		buf_str(out, STR(" ("));
		report_put_seconds(out, (double)((end - bans->now) / USEC_PER_SEC));
		buf_str(out, STR(" left)"));
	}
}

void
explain_whom(const struct ban *ban, const struct cidr *asked, struct buf *out)
{
	bool wider = bans_is_wider(ban, asked);
	char text[CIDR_TEXT_MAX];

	if (wider)
		buf_str(out, (struct str){text, prefix_format(asked, text)});
	buf_str(out, wider ? STR(" is in ") : STR(""));
	escape_terminal(out, bans_address(ban, text));
	buf_str(out, wider ? STR(", which") : STR(""));
}

static void
put_headline(const struct bans *bans, const struct ban *ban, const struct cidr *asked,
    struct buf *out)
{
	enum ban_state state = ban_state(ban, bans->now);

	explain_whom(ban, asked, out);
	if (ban->dry_run)
		buf_str(out, STR(" would have been banned, but this was a dry run,"));
	else
		buf_str(out, state == BAN_ACTIVE ? STR(" is banned") : STR(" was banned"));
	put_end(bans, ban, out);
	buf_str(out, state == BAN_LIFTED ? STR(", when it was lifted\n") : STR("\n"));
}

static void
put_label(struct buf *out, const char *label)
{
	buf_printf(out, "  %-10s  ", label);
}

static const struct settings_section *
rule_of(const struct bans *bans, const struct ban *ban)
{
	return settings_named(bans->settings, "rule", ban->rule);
}

/* What of a rule is told, as it was written. */
static const struct {
	enum setting setting;
	const char *label;
} rule_rows[] = {
	{SETTING_rule_match, "match"}, {SETTING_rule_by, "by"},
	{SETTING_rule_distinct, "distinct"}, {SETTING_rule_score, "score"},
	{SETTING_rule_count, "count"}, {SETTING_rule_within, "within"},
	{SETTING_rule_ban, "ban"},
};

#define RULE_ROWS (sizeof(rule_rows) / sizeof(*rule_rows))

static void
put_rule(const struct bans *bans, const struct ban *ban, struct buf *out)
{
	const struct settings_section *rule = rule_of(bans, ban);

	put_label(out, "rule");
	escape_terminal(out, ban->rule);
	if (str_eq(ban->rule, STR("manual")))
		buf_str(out, STR(": by hand"));
	else if (!rule)
		buf_str(out, STR(", which is not in the settings any more"));
	buf_char(out, '\n');
	for (size_t i = 0; rule && i < RULE_ROWS; i++) {
		struct str text = rule->values[rule_rows[i].setting].text;

		if (text.len == 0)
			continue;
		put_label(out, "");
		buf_printf(out, "%-8s = ", rule_rows[i].label);
		while (text.len) {
			escape_terminal(out, str_cut(&text, '\n'));
			buf_str(out, text.len ? STR(", ") : STR(""));
		}
		buf_char(out, '\n');
	}
}

/* "5 of 5 in 4s: Fri 20 Nov 17:41:01 to Fri 20 Nov 17:41:05" */
static void
put_window(const struct bans *bans, const struct ban *ban, struct buf *out)
{
	int64_t multiply = settings_get(bans->settings, SETTING_protect_multiply)->number;

	if (ban->threshold == 0)
		return;
	put_label(out, "counted");
	buf_printf(out, "%llu of %llu", (unsigned long long)ban->counted,
	    (unsigned long long)ban->threshold);
	buf_str(out, STR(" in "));
	report_put_seconds(out, (double)(ban->from - ban->since) / USEC_PER_SEC);
	buf_str(out, STR(", from "));
	put_time(out, ban->since);
	buf_str(out, STR(" to "));
	put_time(out, ban->from);
	buf_char(out, '\n');
	if (ban->is_protected) {
		put_label(out, "protected");
		buf_printf(out, "own users come from there: judged at %lld time%s the count\n",
		    (long long)multiply, plural_s((uint64_t)multiply));
	}
	if (ban->offence > 1) {
		put_label(out, "offence");
		buf_printf(out, "number %u, so banned for longer\n", ban->offence);
	}
}

/* Where to look in the journal. */
static void
put_journal(const struct proof_event *event, struct buf *out)
{
	time_t second = (time_t)(event->time / USEC_PER_SEC);

	buf_printf(out, "journalctl --since @%lld --until @%lld\n", (long long)second,
	    (long long)second + 1);
}

/* Why there is no line to show. */
static void
put_no_line(const struct proof *proof, const struct proof_event *event, struct buf *out)
{
	if (str_eq(event->source, STR("journal"))) {
		put_journal(event, out);
		return;
	}
	escape_terminal(out, event->source);
	if (proof->fault) {
		buf_str(out, STR(": the line was not found: "));
		escape_terminal(out, str_of(proof->fault));
		buf_char(out, '\n');
	} else {
		buf_str(out, STR(": the line is in no file of this log any more\n"));
	}
}

static void
put_event(const struct proof *proof, const struct proof_event *event, struct buf *out)
{
	if (!event->kept && !event->is_ban) {
		buf_printf(out, "  event %016llx is not kept any more\n",
		    (unsigned long long)event->id);
		return;
	}
	buf_str(out, STR("  "));
	put_time(out, event->time);
	buf_str(out, STR("  "));
	buf_str(out, event->words);
	buf_str(out, event->is_ban ? STR("\n") : STR("\n      "));
	if (event->is_ban)
		return;
	if (!event->line.file) {
		put_no_line(proof, event, out);
		return;
	}
	if (event->line.lineno) {
		escape_terminal(out, str_of(event->line.file));
		buf_printf(out, ":%lld\n", (long long)event->line.lineno);
	} else {
		put_journal(event, out);
	}
	buf_str(out, STR("      "));
	escape_terminal(out, event->line.line);
	buf_char(out, '\n');
}

void
explain_text(const struct bans *bans, const struct ban *ban, const struct cidr *asked,
    const struct proof *proof, bool next, struct buf *out)
{
	if (next)
		buf_char(out, '\n');
	put_headline(bans, ban, asked, out);
	put_label(out, "id");
	buf_printf(out, "%016llx\n", (unsigned long long)ban->id);
	put_label(out, "since");
	put_time(out, ban->from);
	buf_char(out, '\n');
	put_rule(bans, ban, out);
	put_window(bans, ban, out);
	if (ban->reason.len) {
		put_label(out, "reason");
		escape_terminal(out, ban->reason);
		buf_char(out, '\n');
	}
	if (proof->count == 0)
		return;
	buf_printf(out, "\nEVIDENCE   %s%zu of what counted\n",
	    ban->counted > proof->count ? "the last " : "", proof->count);
	for (size_t i = 0; i < proof->count; i++)
		put_event(proof, &proof->events[i], out);
}

static void
json_time(struct json *json, const char *key, int64_t usec, bool known)
{
	char text[RFC3339_MAX];

	json_key(json, key);
	if (known)
		json_str(json, (struct str){text, civil_rfc3339(usec, text)});
	else
		json_null(json);
}

static void
json_rule(struct json *json, const struct bans *bans, const struct ban *ban)
{
	const struct settings_section *rule = rule_of(bans, ban);

	json_key(json, "rule");
	json_str(json, ban->rule);
	json_key(json, "settings");
	if (!rule) {
		json_null(json);
		return;
	}
	json_object_begin(json);
	for (size_t i = 0; i < RULE_ROWS; i++)
		if (rule->values[rule_rows[i].setting].text.len) {
			json_key(json, rule_rows[i].label);
			json_str(json, rule->values[rule_rows[i].setting].text);
		}
	json_object_end(json);
}

static void
json_event(struct json *json, const struct proof_event *event)
{
	json_object_begin(json);
	json_key(json, "id");
	json_id(json, event->id);
	json_key(json, "ban");
	json_bool(json, event->is_ban);
	json_key(json, "event");
	if (event->kept) {
		buf_str(json->out, event->json);
		json->comma = true;
	} else {
		json_null(json);
	}
	if (event->line.file) {
		json_key(json, "file");
		json_str(json, str_of(event->line.file));
		if (event->line.lineno) {
			json_key(json, "lineno");
			json_int(json, event->line.lineno);
		}
		json_key(json, "line");
		json_str(json, event->line.line);
	}
	json_object_end(json);
}

void
explain_json(const struct bans *bans, const struct ban *ban, const struct proof *proof,
    struct buf *out)
{
	struct json json = {.out = out};
	char text[CIDR_TEXT_MAX];
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {{"offence", ban->offence}, {"counted", ban->counted},
	    {"threshold", ban->threshold}};

	json_object_begin(&json);
	json_key(&json, "id");
	json_id(&json, ban->id);
	json_key(&json, "address");
	json_str(&json, bans_address(ban, text));
	json_rule(&json, bans, ban);
	json_key(&json, "state");
	json_str(&json, str_of(bans_state(bans, ban)));
	json_time(&json, "since", ban->from, true);
	json_time(&json, "until", ban->until, ban->until != INT64_MAX);
	json_time(&json, "lifted", ban->lifted, ban->lifted != INT64_MIN);
	json_time(&json, "window_since", ban->since, ban->threshold > 0);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		json_key(&json, counts[i].name);
		json_int(&json, (int64_t)counts[i].n);
	}
	json_key(&json, "protected");
	json_bool(&json, ban->is_protected);
	json_key(&json, "dry_run");
	json_bool(&json, ban->dry_run);
	json_key(&json, "reason");
	json_str(&json, ban->reason);
	json_key(&json, "evidence");
	json_array_begin(&json);
	for (size_t i = 0; i < proof->count; i++)
		json_event(&json, &proof->events[i]);
	json_array_end(&json);
	json_object_end(&json);
	buf_char(out, '\n');
}
