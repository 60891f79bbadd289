/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: what rules would have banned in an old log, and two sets of rules compared.
 * The tables are filled by who ran the rules; their columns and looks stand here.
 */
#include "report/room.h"

#define PREVENTED                                                                           \
	{"events", "lines", COLUMN_COUNT, NULL}, {"attempts", "logins", COLUMN_COUNT, NULL}, \
	{"rejects", "rejects", COLUMN_COUNT, NULL}

static const struct column summary_columns[GIVEN_COLUMNS + 1] = {
	{"rules", "rules", COLUMN_COUNT, NULL},
	{"bans", "bans", COLUMN_COUNT, NULL},
	{"banned", "addresses, networks and names banned", COLUMN_COUNT, NULL},
	{"events", "lines of theirs while banned", COLUMN_COUNT, NULL},
	{"attempts", "login attempts prevented", COLUMN_COUNT, NULL},
	{"rejects", "refused mails prevented", COLUMN_COUNT, NULL},
	{"peak", "banned at once, at most", COLUMN_COUNT, NULL},
	{"peak_time", "first at", COLUMN_TIME, NULL},
	{"collateral", "banned clients that logged in or brought mail", COLUMN_COUNT, NULL},
	{"collateral_during", "of these, while they were banned", COLUMN_COUNT, NULL},
	{"allowed", "matches of allowed clients, not judged", COLUMN_COUNT, NULL},
	{"spared", "bans that protection put off", COLUMN_COUNT, NULL},
	{"evicted", "keys that found no room: counts are low", COLUMN_COUNT, NULL},
	{"dropped", "bans beyond the cap: counted, not followed", COLUMN_COUNT, NULL},
};

static const struct section summary = {
	.name = "replay",
	.title = "REPLAY",
	.of = "replays",
	.print = card_text,
	.given = summary_columns,
};

#define HARM                                                                                \
	{"client", NULL, COLUMN_TEXT, NULL}, {"user", NULL, COLUMN_TEXT, NULL},             \
	{"when", NULL, COLUMN_TEXT, NULL}, {"logins", NULL, COLUMN_COUNT, NULL},            \
	{"messages", "mails", COLUMN_COUNT, NULL}, {"first", NULL, COLUMN_TIME, NULL},      \
	{"last", NULL, COLUMN_TIME, NULL}, {"rule", NULL, COLUMN_TEXT, NULL},               \
	{"banned", NULL, COLUMN_TIME, NULL}, {"until", NULL, COLUMN_TIME, NULL}

#define HARM_VIEW                                                                           \
	{"client", .whole = true}, {"user"}, {"when"}, {"logins"}, {"messages", "mails"},   \
	{"first"}, {"last", .spare = true}, {"rule"}, {"banned", .spare = true},            \
	{"until", .absent = "for good", .spare = true}

static const struct column collateral_columns[GIVEN_COLUMNS + 1] = {HARM};

static const struct section collateral = {
	.name = "replay_collateral",
	.title = "COLLATERAL: BANNED, BUT LOGGED IN OR BROUGHT MAIL",
	.of = "combinations",
	.empty = "No banned client logged in or brought mail that was delivered.",
	.note = "during = while it would have been banned; after = when that was over\n"
		"user = the login name, or the sender of mail that was delivered and no spam",
	.given = collateral_columns,
	.views = {{.columns = {HARM_VIEW}}},
	.alarm = true,
	.in_order = true,
};

static const struct column rules_columns[GIVEN_COLUMNS + 1] = {
	{"rule", NULL, COLUMN_TEXT, NULL},
	{"bans", NULL, COLUMN_COUNT, NULL},
	{"banned", NULL, COLUMN_COUNT, NULL},
	{"matched", NULL, COLUMN_COUNT, NULL},
	PREVENTED,
	{"protected", NULL, COLUMN_COUNT, NULL},
	{"spared", NULL, COLUMN_COUNT, NULL},
	{"allowed", NULL, COLUMN_COUNT, NULL},
	{"evicted", NULL, COLUMN_COUNT, NULL},
	{"dry_run", NULL, COLUMN_BOOL, NULL},
};

static const struct section rules = {
	.name = "replay_rules",
	.title = "RULES",
	.of = "rules",
	.empty = "No rule is enabled.",
	.note = "lines, logins, rejects = prevented; what two rules ban counts for both",
	.given = rules_columns,
	.views = {{.columns = {{"rule"}, {"bans"}, {"banned"}, {"matched"},
	    {"events", "lines", .over = "prevented"},
	    {"attempts", "logins", .over = "prevented"},
	    {"rejects", .over = "prevented"}, {"spared"}, {"allowed", .spare = true},
	    {"protected", .spare = true}, {"dry_run", "dry run", .spare = true}}}},
	.in_order = true,
	.whole = true,
};

static const struct column bans_columns[GIVEN_COLUMNS + 1] = {
	{"time", NULL, COLUMN_TIME, NULL},
	{"rule", NULL, COLUMN_TEXT, NULL},
	{"key", NULL, COLUMN_TEXT, NULL},
	{"seconds", NULL, COLUMN_SECONDS, NULL},
	{"offence", NULL, COLUMN_COUNT, NULL},
	{"counted", NULL, COLUMN_COUNT, NULL},
	{"threshold", NULL, COLUMN_COUNT, NULL},
	{"since", NULL, COLUMN_TIME, NULL},
	{"protected", NULL, COLUMN_BOOL, NULL},
	PREVENTED,
	{"id", NULL, COLUMN_TEXT, NULL},
};

static const struct section bans = {
	.name = "replay_bans",
	.title = "BANS",
	.of = "bans",
	.empty = "No rule would have banned anybody.",
	.given = bans_columns,
	.views = {{.columns = {{"time"}, {"rule"}, {"key", "banned", .whole = true},
	    {"seconds", "for", .absent = "good"}, {"offence", "nth", .spare = true},
	    {"events", "lines", .over = "prevented", .spare = true},
	    {"attempts", "logins", .over = "prevented"},
	    {"rejects", .over = "prevented"}, {"counted", .spare = true},
	    {"protected", .spare = true}}}},
	.in_order = true,
};

static const struct column compared_columns[GIVEN_COLUMNS + 1] = {
	{"config", NULL, COLUMN_TEXT, NULL},
	{"file", NULL, COLUMN_TEXT, NULL},
	{"rules", NULL, COLUMN_COUNT, NULL},
	{"bans", NULL, COLUMN_COUNT, NULL},
	{"banned", NULL, COLUMN_COUNT, NULL},
	{"only", NULL, COLUMN_COUNT, NULL},
	PREVENTED,
	{"peak", NULL, COLUMN_COUNT, NULL},
	{"peak_time", NULL, COLUMN_TIME, NULL},
	{"collateral", NULL, COLUMN_COUNT, NULL},
	{"collateral_during", NULL, COLUMN_COUNT, NULL},
	{"allowed", NULL, COLUMN_COUNT, NULL},
	{"spared", NULL, COLUMN_COUNT, NULL},
	{"evicted", NULL, COLUMN_COUNT, NULL},
	{"dropped", NULL, COLUMN_COUNT, NULL},
};

static const struct section compared = {
	.name = "replay_compared",
	.title = "REPLAY OF TWO CONFIGS",
	.of = "configs",
	.given = compared_columns,
	.views = {{.columns = {{"config", ""}, {"file"}, {"rules", .spare = true}, {"bans"},
	    {"banned"}, {"only", "only here"},
	    {"events", "lines", .over = "prevented", .spare = true},
	    {"attempts", "logins", .over = "prevented"},
	    {"rejects", .over = "prevented"}, {"peak"}, {"collateral"}}}},
	.in_order = true,
	.whole = true,
};

static const struct column collateral_changes_columns[GIVEN_COLUMNS + 1] = {
	{"only", NULL, COLUMN_TEXT, NULL}, HARM};

static const struct section collateral_changes = {
	.name = "replay_collateral_changes",
	.title = "COLLATERAL OF ONLY ONE",
	.of = "combinations",
	.empty = "Both have the same banned clients that logged in or brought mail.",
	.given = collateral_changes_columns,
	.views = {{.columns = {{"only", "only"}, HARM_VIEW}}},
	.alarm = true,
	.in_order = true,
};

static const struct column changes_columns[GIVEN_COLUMNS + 1] = {
	{"key", NULL, COLUMN_TEXT, NULL},
	{"change", NULL, COLUMN_TEXT, NULL},
	{"a_first", "A first", COLUMN_TIME, NULL},
	{"a_rule", "A rule", COLUMN_TEXT, NULL},
	{"a_bans", "A bans", COLUMN_COUNT, NULL},
	{"a_seconds", "A for", COLUMN_SECONDS, NULL},
	{"b_first", "B first", COLUMN_TIME, NULL},
	{"b_rule", "B rule", COLUMN_TEXT, NULL},
	{"b_bans", "B bans", COLUMN_COUNT, NULL},
	{"b_seconds", "B for", COLUMN_SECONDS, NULL},
};

static const struct section changes = {
	.name = "replay_changes",
	.title = "BANNED DIFFERENTLY",
	.of = "addresses, networks and names",
	.empty = "Both ban the same clients at the same times for as long.",
	.given = changes_columns,
	.views = {{.columns = {{"key", "banned", .whole = true}, {"change"},
	    {"a_first", "A first"}, {"b_first", "B first"},
	    {"a_bans", "A bans", .spare = true},
	    {"b_bans", "B bans", .spare = true}, {"a_seconds", "A for", .spare = true},
	    {"b_seconds", "B for", .spare = true}, {"a_rule", "A rule", .spare = true},
	    {"b_rule", "B rule", .spare = true}}}},
	.in_order = true,
};

static const struct column rules_compared_columns[GIVEN_COLUMNS + 1] = {
	{"rule", NULL, COLUMN_TEXT, NULL},
	{"a_bans", NULL, COLUMN_COUNT, NULL},
	{"b_bans", NULL, COLUMN_COUNT, NULL},
	{"a_banned", NULL, COLUMN_COUNT, NULL},
	{"b_banned", NULL, COLUMN_COUNT, NULL},
	{"a_events", NULL, COLUMN_COUNT, NULL},
	{"b_events", NULL, COLUMN_COUNT, NULL},
	{"a_attempts", NULL, COLUMN_COUNT, NULL},
	{"b_attempts", NULL, COLUMN_COUNT, NULL},
	{"a_rejects", NULL, COLUMN_COUNT, NULL},
	{"b_rejects", NULL, COLUMN_COUNT, NULL},
};

#define PAIR(of, title)                                                                     \
	{"a_" of, "A", .over = title}, {"b_" of, "B", .over = title}

static const struct section rules_compared = {
	.name = "replay_rules_compared",
	.title = "RULES",
	.of = "rules",
	.empty = "Neither has a rule.",
	.note = "- = there is no such rule",
	.given = rules_compared_columns,
	.views = {{.columns = {{"rule"}, PAIR("bans", "bans"), PAIR("banned", "banned"),
	    PAIR("events", "lines"), PAIR("attempts", "logins"),
	    PAIR("rejects", "rejects")}}},
	.in_order = true,
	.whole = true,
};

const struct section *const replay_sections[] = {
	[REPORT_REPLAY] = &summary,
	[REPORT_REPLAY_COLLATERAL] = &collateral,
	[REPORT_REPLAY_RULES] = &rules,
	[REPORT_REPLAY_BANS] = &bans,
	[REPORT_REPLAY_COMPARED] = &compared,
	[REPORT_REPLAY_COLLATERAL_CHANGES] = &collateral_changes,
	[REPORT_REPLAY_CHANGES] = &changes,
	[REPORT_REPLAY_RULES_COMPARED] = &rules_compared,
};
