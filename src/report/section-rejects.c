/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about what was rejected: smtpd's and the milters' rejections and
 * postscreen's, each counted once; nothing else is called rejected.
 */
#include "report/room.h"

static const struct query rejects = {
	.name = "rejects",
	.where = REJECTED,
	.keys = {KEY(reason)},
	.measures = {COUNT("rejected", NULL), DISTINCT("addresses", ip, NULL, DETAIL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL, DETAIL),
	    DISTINCT("senders", sender, NULL, DETAIL),
	    DISTINCT("recipients", recipient, NULL, DETAIL), LAST("last", NULL, DETAIL)},
	.limit = TOP_ROWS,
};

const struct section section_rejects = {
	.name = "rejects",
	.title = "REJECTED BECAUSE",
	.help = "rejected mail: reasons, replies, clients; other actions",
	.of = "reasons",
	.empty = "Nothing was rejected.",
	.queries = {&rejects},
	.views = {{.columns = {{.name = "reason", .words = true},
	    {.name = "rejected", .share = true, .bar = true}, {.name = "addresses"},
	    {.name = "networks"}, {.name = "senders"}, {.name = "recipients"}}}},
	.parts = {&section_rejects_replies, &section_rejects_clients,
	    &section_rejects_recipients, &section_rejects_actions, &section_dnsbl},
};

static const struct query replies = {
	.name = "rejects_replies",
	.where = REJECTED,
	.keys = {KEY(daemon), KEY(stage), KEY(code), KEY(dsn)},
	.measures = {COUNT("rejected", NULL), DISTINCT("addresses", ip, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_rejects_replies = {
	.name = "rejects_replies",
	.title = "REPLIES",
	.of = "kinds of reply",
	.empty = "Nothing was rejected.",
	.queries = {&replies},
	.views = {{.columns = {{.name = "daemon"}, {.name = "stage"}, {.name = "code"},
	    {.name = "dsn"}, {.name = "rejected", .share = true, .bar = true},
	    {.name = "addresses", .spare = true}}}},
};

static const struct query reject_clients = {
	.name = "rejects_clients",
	.where = REJECTED,
	.keys = {KEY(ip), KEY(reason)},
	.measures = {COUNT("rejected", NULL), DISTINCT("recipients", recipient, NULL),
	    LAST("last", NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_rejects_clients = {
	.name = "rejects_clients",
	.title = "CLIENTS REJECTED",
	.of = "addresses and reasons",
	.empty = "No client was rejected.",
	.queries = {&reject_clients},
	.views = {{.columns = {{.name = "ip", .title = "address"}, CLIENT_NAME_COLUMN,
	    {.name = "reason", .words = true}, {.name = "rejected", .bar = true},
	    {.name = "recipients"}, {.name = "last", .spare = true}}}},
};

static const struct query reject_recipients = {
	.name = "rejects_recipients",
	.where = REJECTED,
	.keys = {KEY(recipient), KEY(reason)},
	.measures = {COUNT("rejected", NULL), DISTINCT("addresses", ip, NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_rejects_recipients = {
	.name = "rejects_recipients",
	.title = "RECIPIENTS THEY WANTED",
	.of = "recipients and reasons",
	.empty = "No rejection named a recipient.",
	.queries = {&reject_recipients},
	.views = {{.columns = {{.name = "recipient"}, {.name = "reason", .words = true},
	    {.name = "rejected", .bar = true}, {.name = "addresses"}}}},
};

static const struct query actions = {
	.name = "rejects_actions",
	.where = "(kind = policy | kind = milter | kind = content) & !" REJECTED,
	.keys = {KEY(kind), KEY(action), KEY(stage)},
	.measures = {COUNT("times", NULL), DISTINCT("addresses", ip, NULL),
	    LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_rejects_actions = {
	.name = "rejects_actions",
	.title = "OTHER ACTIONS",
	.of = "actions",
	.note = "Held, warned of, permitted and the like; what header and body checks did.",
	.empty = "No other action was logged.",
	.queries = {&actions},
	.views = {{.columns = {{.name = "kind", .title = "by"}, {.name = "action"},
	    {.name = "stage"}, {.name = "times", .bar = true}, {.name = "addresses"},
	    {.name = "last"}}}},
};
