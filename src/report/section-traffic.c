/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections that follow time, and the plain count of everything that happened.
 * Hours and days are local; a message counts when it came, with what became of it.
 */
#include "report/room.h"

#define TRAFFIC_KINDS                                                                       \
	"kind = message | kind = attempt | kind = policy | kind = milter | kind = ps_reject"

#define TRAFFIC_MEASURES                                                                    \
	COUNT("received", RECEIVED), SUM("bytes", size, RECEIVED),                          \
	SUM("delivered", delivered, MESSAGE), SUM("deferred", deferred, MESSAGE),           \
	SUM("bounced", bounced, MESSAGE), COUNT("rejected", REJECTED),                      \
	COUNT("logins_failed", LOGIN_FAILED), COUNT("logins_succeeded", LOGIN_SUCCEEDED)

#define TRAFFIC_COLUMNS                                                                     \
	{.name = "received", .bar = true}, {.name = "bytes", .spare = true},              \
	{.name = "delivered"},                                                              \
	{.name = "deferred", .title = "def'd"}, {.name = "bounced"}, {.name = "rejected"},  \
	{.name = "logins_failed", .title = "failed", .over = "logins"},                     \
	{.name = "logins_succeeded", .title = "ok", .over = "logins", .spare = true}

#define EARLIER "earlier" /* before what --since says: one row */

static const struct query traffic = {
	.name = "traffic",
	.where = TRAFFIC_KINDS,
	.keys = {KEY_MADE("hour", time, KEY_HOUR_BEGUN)},
	.measures = {TRAFFIC_MEASURES},
	.order = QUERY_BY_KEY,
	.ascending = true,
};

const struct section section_traffic = {
	.name = "traffic",
	.title = "TRAFFIC PER HOUR",
	.help = "mail and logins per hour and per day",
	.of = "hours",
	.note =
	    "Mail counts in the hour in which it came, with what became of it: all that was\n"
		"done with in the period, or waits; earlier = it came before. Hours without\n"
		"mail or login are not shown.",
	.empty = "No mail and no login.",
	.queries = {&traffic},
	.views = {{.columns = {{.name = "hour", .absent = EARLIER}, TRAFFIC_COLUMNS}}},
	.parts = {&section_traffic_days},
	.series = true,
};

static const struct query days = {
	.name = "traffic_days",
	.where = TRAFFIC_KINDS,
	.keys = {KEY_MADE("day", time, KEY_DAY_BEGUN)},
	.measures = {TRAFFIC_MEASURES},
	.order = QUERY_BY_KEY,
	.ascending = true,
};

const struct section section_traffic_days = {
	.name = "traffic_days",
	.title = "TRAFFIC PER DAY",
	.of = "days",
	.empty = "No mail and no login.",
	.queries = {&days},
	.views = {{.columns = {{.name = "day", .absent = EARLIER}, TRAFFIC_COLUMNS}}},
	.series = true,
};

static const struct query kinds = {
	.name = "kinds",
	.keys = {KEY(kind)},
	.measures = {COUNT("events", NULL), FIRST("first", NULL), LAST("last", NULL)},
};

const struct section section_kinds = {
	.name = "kinds",
	.title = "EVENTS",
	.help = "how many events there are of each kind",
	.of = "kinds",
	.empty = "No event.",
	.queries = {&kinds},
	.views = {{.columns = {{.name = "kind"},
	    {.name = "events", .share = true, .bar = true}, {.name = "first"},
	    {.name = "last"}}}},
};
