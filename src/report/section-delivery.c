/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about delivery: where mail went, how long it took, what came back.
 */
#include "report/room.h"

#define TO_DOMAIN KEY_MADE("domain", recipient, KEY_DOMAIN)

#define QUANTILES(column, f)                                                                \
	QUANTILE(column "_p50", f, 0.5, NULL), QUANTILE(column "_p90", f, 0.9, NULL),       \
	QUANTILE(column "_p99", f, 0.99, NULL)

#define QUANTILE_COLUMNS(column, heading)                                                   \
	{.name = column "_p50", .title = "p50", .over = heading},                           \
	{.name = column "_p90", .title = "p90", .over = heading},                           \
	{.name = column "_p99", .title = "p99", .over = heading}

static const struct query delivery = {
	.name = "delivery",
	.where = DELIVERY,
	.keys = {TO_DOMAIN},
	.measures = {COUNT("tries", NULL), COUNT("sent", "kind = delivery & status = sent"),
	    COUNT("deferred", "kind = delivery & status = deferred"),
	    COUNT("bounced", "kind = delivery & status = bounced"),
	    QUANTILES("before", delay_before), QUANTILES("queue", delay_queue),
	    QUANTILES("connect", delay_connect), QUANTILES("transmit", delay_transmit)},
	.limit = TOP_ROWS,
};

const struct section section_delivery = {
	.name = "delivery",
	.title = "DELIVERY BY DESTINATION",
	.help = "by destination domain: how it ended, four delays, DSN",
	.of = "domains",
	.note = "before = until in the queue; queue = waiting in it; connect = DNS,\n"
		"connection, TLS; transmit = the transfer. p90: nine of ten tries took\n"
		"no longer.",
	.empty = "Nothing was delivered.",
	.queries = {&delivery},
	.views = {
	    {.columns = {{.name = "domain"}, {.name = "tries", .share = true, .bar = true},
	        {.name = "sent"}, {.name = "deferred"}, {.name = "bounced"}}},
	    {.title = "DELAYS BEFORE SENDING",
	        .columns = {{.name = "domain"}, QUANTILE_COLUMNS("before", "before"),
	            QUANTILE_COLUMNS("queue", "queue")}},
	    {.title = "DELAYS IN SENDING",
	        .columns = {{.name = "domain"}, QUANTILE_COLUMNS("connect", "connect"),
	            QUANTILE_COLUMNS("transmit", "transmit")}}},
	.parts = {&section_delays, &section_delivery_dsn, &section_bounces,
	    &section_deferrals},
};

static const struct query delays = {
	.name = "delays",
	.where = DELIVERY,
	.keys = {TO_DOMAIN},
	.measures = {COUNT("tries", NULL), QUANTILES("delay", delay),
	    MAX("delay_max", delay, NULL, DETAIL)},
	.order = 3,
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_delays = {
	.name = "delays",
	.title = "SLOW DESTINATIONS",
	.help = "destination domains by delay, slowest first",
	.of = "domains",
	.note = "From arrival here to the end of each try.",
	.empty = "Nothing was delivered.",
	.queries = {&delays},
	.views = {{.columns = {{.name = "domain"}, {.name = "tries"},
	    QUANTILE_COLUMNS("delay", "delay"),
	    {.name = "delay_max", .title = "longest", .over = "delay"}}}},
};

static const struct query dsn = {
	.name = "delivery_dsn",
	.where = DELIVERY,
	.keys = {TO_DOMAIN, KEY(status), KEY(dsn)},
	.measures = {COUNT("tries", NULL), DISTINCT("recipients", recipient, NULL),
	    LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_delivery_dsn = {
	.name = "delivery_dsn",
	.title = "STATUS CODES BY DESTINATION",
	.of = "combinations",
	.empty = "Nothing was delivered.",
	.queries = {&dsn},
	.views = {{.columns = {{.name = "domain"}, {.name = "status"}, {.name = "dsn"},
	    {.name = "tries", .share = true, .bar = true}, {.name = "recipients"},
	    {.name = "last", .spare = true}}}},
};

#define FAILED_MEASURES                                                                     \
	COUNT("tries", NULL), DISTINCT("recipients", recipient, NULL),                      \
	FIRST("first", NULL), LAST("last", NULL)

#define FAILED_COLUMNS                                                                      \
	{.name = "domain"}, {.name = "dsn"}, {.name = "tries"},                             \
	{.name = "recipients", .title = "rcpts"}, {.name = "text", .title = "what was said"}

static const struct query bounces = {
	.name = "bounces",
	.where = "kind = delivery & status = bounced",
	.keys = {TO_DOMAIN, KEY(dsn), KEY(text)},
	.measures = {FAILED_MEASURES},
	.limit = TOP_ROWS,
};

const struct section section_bounces = {
	.name = "bounces",
	.title = "BOUNCED BECAUSE",
	.help = "mail given up, and what the other side said",
	.of = "domains and reasons",
	.empty = "Nothing bounced.",
	.queries = {&bounces},
	.views = {{.columns = {FAILED_COLUMNS}}},
};

static const struct query deferrals = {
	.name = "deferrals",
	.where = "kind = delivery & status = deferred",
	.keys = {TO_DOMAIN, KEY(dsn), KEY(text)},
	.measures = {FAILED_MEASURES},
	.limit = TOP_ROWS,
};

const struct section section_deferrals = {
	.name = "deferrals",
	.title = "DEFERRED BECAUSE",
	.help = "mail that has to wait, and what the other side said",
	.of = "domains and reasons",
	.empty = "Nothing was deferred.",
	.queries = {&deferrals},
	.views = {{.columns = {FAILED_COLUMNS}}},
};
