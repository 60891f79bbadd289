/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about postscreen: how its sessions ended, when clients came back after
 * being told to, who came, what they said too early; and what DNS lists said.
 */
#include "report/room.h"

static const struct query postscreen = {
	.name = "postscreen",
	.where = "kind = session",
	.keys = {KEY(outcome)},
	.measures = {COUNT("sessions", NULL), DISTINCT("addresses", ip, NULL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL), FIRST("first", NULL),
	    LAST("last", NULL)},
};

const struct section section_postscreen = {
	.name = "postscreen",
	.title = "POSTSCREEN SESSIONS",
	.help = "postscreen: how sessions ended, tests failed, who came back",
	.of = "outcomes",
	.empty = "No postscreen session in this log.",
	.queries = {&postscreen},
	.views = {{.columns = {{.name = "outcome", .words = true},
	    {.name = "sessions", .share = true, .bar = true}, {.name = "addresses"},
	    {.name = "networks"}, {.name = "last"}}}},
	.parts = {&section_postscreen_figures, &section_postscreen_actions,
	    &section_postscreen_failed, &section_postscreen_cost,
	    &section_postscreen_returns, &section_postscreen_waits,
	    &section_postscreen_zones, &section_postscreen_pregreet,
	    &section_postscreen_clients},
};

#define MINUTE (60 * INT64_C(1000000))

static const int64_t return_edges[] = {
	0, 1 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 4 * 60 * MINUTE,
	24 * 60 * MINUTE,
};

static const struct query returns = {
	.name = "postscreen_returns",
	.where = "kind = reconnect",
	.keys = {{.name = "after", .field = FIELD_seconds, .function = KEY_BUCKET,
	    .edges = return_edges,
	    .edge_count = sizeof(return_edges) / sizeof(*return_edges)}},
	.measures = {COUNT("clients", NULL), DISTINCT("addresses", ip, NULL)},
	.order = QUERY_BY_KEY,
	.ascending = true,
};

const struct section section_postscreen_returns = {
	.name = "postscreen_returns",
	.title = "CAME BACK AFTER",
	.of = "spans",
	.note = "From the first 450 to the first pass; open at the end of the log: never.",
	.empty = "Nobody was told to come back.",
	.queries = {&returns},
	.views = {{.columns = {
	    {.name = "after", .title = "after (seconds)", .absent = "never"},
	    {.name = "clients", .share = true, .bar = true}, {.name = "addresses"}}}},
};

static const struct query postscreen_clients = {
	.name = "postscreen_clients",
	.where = "kind = session",
	.keys = {KEY(ip)},
	.measures = {COUNT("sessions", NULL),
	    COUNT("passed", "outcome = passed_old | outcome = passed_new | "
			    "outcome = allowlisted | outcome = ignored_fail"),
	    COUNT("deferred", "outcome = deferred | outcome = deferred_incomplete"),
	    COUNT("rejected", "outcome = rejected_enforce | outcome = rejected_drop"),
	    COUNT("limited", "outcome = limited"), COUNT("left", "outcome = left"),
	    LAST("last", NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_postscreen_clients = {
	.name = "postscreen_clients",
	.title = "CLIENTS AT THE DOOR",
	.of = "addresses",
	.empty = "No client came to postscreen.",
	.queries = {&postscreen_clients},
	.views = {{.columns = {{.name = "ip", .title = "address"}, CLIENT_NAME_COLUMN,
	    {.name = "sessions", .bar = true}, {.name = "passed"},
	    {.name = "deferred", .title = "retry"}, {.name = "rejected"},
	    {.name = "limited"}, {.name = "left"}}}},
};

static const struct query pregreet = {
	.name = "postscreen_pregreet",
	.where = "kind = ps_pregreet",
	.keys = {KEY(text)},
	.measures = {COUNT("times", NULL), DISTINCT("addresses", ip, NULL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL),
	    QUANTILE("median", seconds, 0.5, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_postscreen_pregreet = {
	.name = "postscreen_pregreet",
	.title = "SAID BEFORE ITS TURN",
	.of = "texts",
	.note = "median: seconds after the connection began",
	.empty = "No client spoke before its turn.",
	.queries = {&pregreet},
	.views = {{.columns = {{.name = "addresses"}, {.name = "times"},
	    {.name = "networks", .spare = true}, {.name = "median"}, {.name = "text"}}}},
};

#define DNSBL_REJECTED                                                                      \
	"((kind = policy & action = reject & reason = dnsbl) | "                            \
	"(kind = ps_reject & reason = dnsbl))"

static const struct query dnsbl = {
	.name = "dnsbl",
	.where = "kind = dnsbl_hit | " DNSBL_REJECTED,
	.keys = {KEY(list)},
	.measures = {DISTINCT("addresses", ip, NULL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL, DETAIL),
	    COUNT("hits", "kind = dnsbl_hit", DETAIL),
	    COUNT("rejected", DNSBL_REJECTED, DETAIL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_dnsbl = {
	.name = "dnsbl",
	.title = "DNS LISTS",
	.help = "DNS lists: addresses they named, rejections they caused",
	.of = "lists",
	.note = "hits = answers to postscreen; rejected = replies that name the list",
	.empty = "No DNS list named a client.",
	.queries = {&dnsbl},
	.views = {{.columns = {{.name = "list"}, {.name = "addresses", .bar = true},
	    {.name = "networks"}, {.name = "hits"}, {.name = "rejected"}}}},
};
