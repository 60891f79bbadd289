/* SPDX-License-Identifier: Apache-2.0
 *
 * bans: who is and was banned, counted in several ways. The tables are filled by who
 * reads the store; their columns and looks stand here.
 */
#include "report/room.h"

#define TEXT(name) {name, NULL, COLUMN_TEXT, NULL}
#define NUMBER(name) {name, NULL, COLUMN_COUNT, NULL}
#define MOMENT(name) {name, NULL, COLUMN_TIME, NULL}

static const struct column ban_columns[GIVEN_COLUMNS + 1] = {
	TEXT("address"), TEXT("rule"), MOMENT("since"), MOMENT("until"),
	{"left", NULL, COLUMN_SECONDS, NULL}, NUMBER("offence"), TEXT("state"),
	MOMENT("ended"), {"lasted", NULL, COLUMN_SECONDS, NULL}, NUMBER("counted"),
	NUMBER("threshold"), {"protected", NULL, COLUMN_BOOL, NULL},
	{"dry_run", NULL, COLUMN_BOOL, NULL}, TEXT("reason"), TEXT("id"),
	TEXT("country"), {"asn", NULL, COLUMN_INTEGER, NULL}, TEXT("aso"),
};

#define ADDRESS {"address", .whole = true}
#define UNTIL {"until", .absent = "for good"}
#define ID {"id", .whole = true}
#define COUNTRY {"country", .title = "in", .spare = true}

static const struct section active = {
	.name = "bans",
	.title = "BANNED",
	.of = "bans",
	.empty = "Nobody is banned; --all has the bans that ended, and those of dry runs.",
	.given = ban_columns,
	.whole = true,
	.in_order = true,
	.views = {{.columns = {ADDRESS, COUNTRY, {"rule"}, {"since"}, UNTIL,
	    {"left", .spare = true}, {"offence", .spare = true}, ID}}},
};

static const struct section all = {
	.name = "bans",
	.title = "BANS",
	.of = "bans",
	.empty = "Nobody was banned.",
	.given = ban_columns,
	.whole = true,
	.in_order = true,
	.views = {{.columns = {ADDRESS, COUNTRY, {"rule"}, {"state"}, {"since"}, UNTIL,
	    {"offence", .spare = true}, ID}}},
};

static const struct section history = {
	.name = "history",
	.title = "HISTORY",
	.of = "bans",
	.given = ban_columns,
	.whole = true,
	.in_order = true,
	.note = "lasted = until now, where it goes on",
	.empty = "It was never banned.",
	.views = {{.columns = {{"since"}, {"lasted"}, {"state"}, ADDRESS, {"rule"},
	    {"offence", .spare = true}, {"reason", .spare = true}, ID}}},
};

#define GROUP NUMBER("bans"), NUMBER("addresses"), MOMENT("first"), MOMENT("last")

static const struct column rule_columns[GIVEN_COLUMNS + 1] = {TEXT("rule"), GROUP};
static const struct column net_columns[GIVEN_COLUMNS + 1] = {TEXT("net"), GROUP};
static const struct column country_columns[GIVEN_COLUMNS + 1] = {TEXT("country"), GROUP};
static const struct column operator_columns[GIVEN_COLUMNS + 1] = {TEXT("asn"), GROUP};

static const struct section by_rule = {
	.name = "bans_by_rule",
	.title = "BANS BY RULE",
	.of = "rules",
	.empty = "Nobody is banned.",
	.given = rule_columns,
	.whole = true,
};

static const struct section by_net = {
	.name = "bans_by_net",
	.title = "BANS BY NETWORK",
	.of = "networks",
	.note = "net = /24, /64, or what is banned where that is wider",
	.empty = "No address is banned.",
	.given = net_columns,
	.views = {{.columns = {{"net", .whole = true}, {"bans"}, {"addresses"}, {"first"},
	    {"last"}}}},
};

static const struct section by_country = {
	.name = "bans_by_country",
	.title = "BANS BY COUNTRY",
	.of = "countries",
	.empty = "No address is banned.",
	.given = country_columns,
};

static const struct section by_asn = {
	.name = "bans_by_asn",
	.title = "BANS BY NETWORK OPERATOR",
	.of = "operators",
	.empty = "No address is banned.",
	.given = operator_columns,
};

#define DAY {"date", NULL, COLUMN_DAY, NULL}
#define DAY_COUNTS NUMBER("bans"), NUMBER("addresses"), NUMBER("new"), NUMBER("repeat")
#define DAY_NOTE                                                                            \
	"addresses = different ones, a network counts as one;\n"                            \
	"new, repeat = those never banned on a day before, and the others"

static const struct column day_columns[GIVEN_COLUMNS + 1] = {DAY, DAY_COUNTS};
static const struct column day_rule_columns[GIVEN_COLUMNS + 1] = {DAY, TEXT("rule"),
    DAY_COUNTS};

static const struct section days = {
	.name = "days",
	.title = "BANS BY DAY",
	.of = "days",
	.note = DAY_NOTE,
	.empty = "Nobody was banned.",
	.given = day_columns,
	.whole = true,
	.series = true,
	.views = {{.columns = {{"date"}, {"bans"}, {"addresses", .bar = true}, {"new"},
	    {"repeat"}}}},
};

static const struct section days_by_rule = {
	.name = "days_by_rule",
	.title = "BANS BY DAY AND RULE",
	.of = "days and rules",
	.note = DAY_NOTE ", by the rule",
	.empty = "Nobody was banned.",
	.given = day_rule_columns,
	.whole = true,
	.series = true,
};

static const struct column repeat_columns[GIVEN_COLUMNS + 1] = {
	TEXT("address"), NUMBER("bans"), {"banned", NULL, COLUMN_SECONDS, NULL},
	MOMENT("first"), MOMENT("last"), {"active", NULL, COLUMN_BOOL, NULL}, TEXT("rules"),
};

static const struct section repeat = {
	.name = "repeat",
	.title = "BANNED AGAIN AND AGAIN",
	.of = "addresses and networks",
	.note = "banned = how long in all; first, last = when a ban began",
	.empty = "Nobody was banned more than once.",
	.given = repeat_columns,
	.views = {{.columns = {ADDRESS, {"bans"}, {"banned"}, {"first", .spare = true},
	    {"last"}, {"active"}, {"rules"}}}},
};

#define RATE(name) {name, NULL, COLUMN_NUMBER, "per minute"}
#define EFFECT                                                                              \
	NUMBER("bans"), RATE("rejects_before"), RATE("rejects_after"), RATE("logins_before"), \
	RATE("logins_after"), {"stopped", NULL, COLUMN_PERCENT, NULL}
#define EFFECT_VIEW                                                                         \
	{"bans"}, {"rejects_before", "before", "rejects"},                                  \
	{"rejects_after", "after", "rejects"},                                              \
	{"logins_before", "before", "failed logins"},                                       \
	{"logins_after", "after", "failed logins"}, {"stopped"}
#define EFFECT_NOTE                                                                         \
	"What the log has of one that is banned, in the minutes before its ban began and\n" \
	"after: the average over the bans. stopped = how much less both together became;\n" \
	"0 where they became no less"

static const struct column effect_columns[GIVEN_COLUMNS + 1] = {TEXT("rule"), EFFECT};
static const struct column effect_address_columns[GIVEN_COLUMNS + 1] = {TEXT("address"),
    EFFECT};

static const struct section effect = {
	.name = "effect",
	.title = "A MINUTE BEFORE AND AFTER A BAN",
	.of = "rules",
	.note = EFFECT_NOTE,
	.empty = "No address was banned.",
	.given = effect_columns,
	.views = {{.columns = {{"rule"}, EFFECT_VIEW}}},
};

static const struct section effect_by_address = {
	.name = "effect",
	.title = "A MINUTE BEFORE AND AFTER A BAN",
	.of = "addresses and networks",
	.note = EFFECT_NOTE,
	.empty = "No address was banned.",
	.given = effect_address_columns,
	.views = {{.columns = {ADDRESS, EFFECT_VIEW}}},
};

static const struct column effect_day_columns[GIVEN_COLUMNS + 1] = {DAY, NUMBER("bans"),
    RATE("rejects"), RATE("logins")};

static const struct section effect_by_day = {
	.name = "effect",
	.title = "A MINUTE, BY DAY",
	.of = "days",
	.note =
	    "Of all clients: rejects and failed logins a minute, over the part of the day\n"
	    "that the events cover. bans = that began on that day",
	.empty = "There are no events.",
	.given = effect_day_columns,
	.whole = true,
	.series = true,
	.views = {{.columns = {{"date"}, {"bans"}, {"rejects"}, {"logins", "failed logins"}}}},
};

static const struct column status_columns[GIVEN_COLUMNS + 1] = {
	NUMBER("banned"), NUMBER("events"), TEXT("store"), MOMENT("since"),
	NUMBER("clients_forgotten"), NUMBER("bans_forgotten"), NUMBER("rates_forgotten"),
	NUMBER("refused_calls"),
};

static const struct section status = {
	.name = "status",
	.title = "GUARD",
	.of = "guards",
	.note =
	    "forgotten = to make room: clients that logins or mail protect, bans that make\n"
	    "the next one longer, users' rates; refused = system calls it should not need",
	.empty = "It says nothing.",
	.given = status_columns,
	.views = {{.columns = {{"banned"}, {"events"}, {"store"}, {"since"},
	    {"clients_forgotten", "clients", "forgotten"},
	    {"bans_forgotten", "bans", "forgotten"},
	    {"rates_forgotten", "rates", "forgotten"}, {"refused_calls", "refused"}}}},
};

static const struct column status_log_columns[GIVEN_COLUMNS + 1] = {
	TEXT("log"), TEXT("state"), MOMENT("last"), {"unread", NULL, COLUMN_BYTES, NULL},
};

static const struct section status_logs = {
	.name = "status_logs",
	.title = "LOGS",
	.of = "logs",
	.note = "last = when what was read last happened; unread = what is written, but not\n"
		"read yet",
	.empty = "None is followed.",
	.given = status_log_columns,
	.whole = true,
	.in_order = true,
};

static const struct column status_rule_columns[GIVEN_COLUMNS + 1] = {
	TEXT("rule"), NUMBER("matched"), NUMBER("verdicts"), NUMBER("allowed"),
	NUMBER("spared"), NUMBER("keys"), NUMBER("evicted"),
};

static const struct section status_rules = {
	.name = "status_rules",
	.title = "RULES",
	.of = "rules",
	.note =
	    "spared = verdicts that protection put off; keys = addresses and the like that\n"
	    "are remembered; evicted = forgotten to make room, and so never banned",
	.empty = "There is no rule.",
	.given = status_rule_columns,
	.whole = true,
	.in_order = true,
};

static const struct column status_action_columns[GIVEN_COLUMNS + 1] = {
	TEXT("action"), NUMBER("done"), NUMBER("failed"), NUMBER("waiting"),
};

static const struct section status_actions = {
	.name = "status_actions",
	.title = "ACTIONS",
	.of = "actions",
	.note = "waiting = not done yet; failed ones are tried again",
	.empty = "Nothing is done outside.",
	.given = status_action_columns,
	.whole = true,
	.in_order = true,
};

#define BANS(which) ((which) - REPORT_BANS)

const struct section *const bans_sections[] = {
	[BANS(REPORT_BANS)] = &active,
	[BANS(REPORT_BANS_ALL)] = &all,
	[BANS(REPORT_BANS_HISTORY)] = &history,
	[BANS(REPORT_BANS_BY_RULE)] = &by_rule,
	[BANS(REPORT_BANS_BY_NET)] = &by_net,
	[BANS(REPORT_BANS_BY_COUNTRY)] = &by_country,
	[BANS(REPORT_BANS_BY_ASN)] = &by_asn,
	[BANS(REPORT_BANS_DAYS)] = &days,
	[BANS(REPORT_BANS_DAYS_BY_RULE)] = &days_by_rule,
	[BANS(REPORT_BANS_REPEAT)] = &repeat,
	[BANS(REPORT_BANS_EFFECT)] = &effect,
	[BANS(REPORT_BANS_EFFECT_BY_ADDRESS)] = &effect_by_address,
	[BANS(REPORT_BANS_EFFECT_BY_DAY)] = &effect_by_day,
	[BANS(REPORT_BANS_STATUS)] = &status,
	[BANS(REPORT_BANS_STATUS_LOGS)] = &status_logs,
	[BANS(REPORT_BANS_STATUS_RULES)] = &status_rules,
	[BANS(REPORT_BANS_STATUS_ACTIONS)] = &status_actions,
};
