/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about who writes to whom: senders, recipients, domains; web scripts.
 */
#include "report/room.h"

#define MAIL_MEASURES                                                                       \
	COUNT("messages", NULL), SUM("recipients", nrcpt, NULL, DETAIL),                    \
	SUM("bytes", size, NULL, DETAIL), SUM("delivered", delivered, NULL, DETAIL),        \
	SUM("deferred", deferred, NULL, DETAIL), SUM("bounced", bounced, NULL, DETAIL)

#define MAIL_COLUMNS                                                                        \
	{.name = "messages", .bar = true}, {.name = "recipients"}, {.name = "bytes"},       \
	{.name = "delivered", .spare = true}, {.name = "deferred"}, {.name = "bounced"}

static const struct query senders = {
	.name = "senders",
	.where = RECEIVED,
	.keys = {KEY(sender)},
	.measures = {MAIL_MEASURES},
	.limit = TOP_ROWS,
};

const struct section section_senders = {
	.name = "senders",
	.title = "SENDERS",
	.help = "senders of received mail, their domains, local users",
	.of = "senders",
	.empty = "No mail was received.",
	.queries = {&senders},
	.views = {{.columns = {{.name = "sender"}, MAIL_COLUMNS}}},
	.parts = {&section_senders_domains, &section_senders_local, &section_sudden_senders},
};

static const struct query sender_domains = {
	.name = "senders_domains",
	.where = RECEIVED,
	.keys = {KEY_MADE("domain", sender, KEY_DOMAIN)},
	.measures = {MAIL_MEASURES, DISTINCT("senders", sender, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_senders_domains = {
	.name = "senders_domains",
	.title = "SENDERS' DOMAINS",
	.of = "domains",
	.empty = "No mail was received.",
	.queries = {&sender_domains},
	.views = {{.columns = {{.name = "domain", .absent = "(none)"}, MAIL_COLUMNS}}},
};

static const struct query local = {
	.name = "senders_local",
	.where = "kind = message & (uid >= 0 | (user & !ip))",
	.keys = {KEY(uid), KEY(user), KEY(sender)},
	.measures = {MAIL_MEASURES},
	.limit = TOP_ROWS,
};

const struct section section_senders_local = {
	.name = "senders_local",
	.title = "LOCAL SUBMISSION",
	.of = "users and senders",
	.note = "Mail that programs on the server handed in, by user id, or login of Exim's.",
	.empty = "No program on the server handed in mail.",
	.queries = {&local},
	.views = {{.columns = {{.name = "uid"}, {.name = "user", .spare = true},
	    {.name = "sender"}, MAIL_COLUMNS}}},
};

#define DELIVERY_MEASURES                                                                   \
	COUNT("sent", "kind = delivery & status = sent", DETAIL),                           \
	COUNT("deferred", "kind = delivery & status = deferred", DETAIL),                   \
	COUNT("bounced", "kind = delivery & status = bounced", DETAIL)

static const struct query recipients = {
	.name = "recipients",
	.where = DELIVERY,
	.keys = {KEY(recipient)},
	.measures = {COUNT("tries", NULL), DELIVERY_MEASURES, LAST("last", NULL, DETAIL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_recipients = {
	.name = "recipients",
	.title = "RECIPIENTS",
	.help = "recipients: delivery tries and how they ended",
	.of = "recipients",
	.note = "tries = delivery attempts; a deferred one is tried again",
	.empty = "Nothing was delivered to anybody.",
	.queries = {&recipients},
	.views = {{.columns = {{.name = "recipient"}, {.name = "tries", .bar = true},
	    {.name = "sent"}, {.name = "deferred"}, {.name = "bounced"},
	    {.name = "last", .spare = true}}}},
};

static const struct query domains = {
	.name = "domains",
	.where = "kind = message | " REJECTED,
	.keys = {KEY_MADE("domain", sender, KEY_DOMAIN)},
	.measures = {COUNT("messages", RECEIVED), SUM("recipients", nrcpt, RECEIVED, DETAIL),
	    SUM("bytes", size, RECEIVED, DETAIL), COUNT("rejected", REJECTED, DETAIL),
	    DISTINCT("senders", sender, NULL, DETAIL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_domains = {
	.name = "domains",
	.title = "DOMAINS OF SENDERS",
	.help = "domains in sender addresses: mail received and rejected",
	.of = "domains",
	.note = "A sender address proves nothing about who wrote.",
	.empty = "No sender named a domain.",
	.queries = {&domains},
	.views = {{.columns = {{.name = "domain", .absent = "(none)"},
	    {.name = "messages", .bar = true}, {.name = "recipients"}, {.name = "bytes"},
	    {.name = "rejected"}, {.name = "senders"}}}},
};

/* No script has them all: PHP's own file tells neither host nor user nor client. */
static const struct query scripts = {
	.name = "scripts",
	.where = "kind = web_mail",
	.keys = {KEY(script), KEY(host), KEY(uid)},
	.measures = {COUNT("mails", NULL), DISTINCT("recipients", recipient, NULL, DETAIL),
	    DISTINCT_MADE("domains", recipient, KEY_DOMAIN, NULL),
	    DISTINCT("clients", ip, NULL, DETAIL), LATEST("user", user, NULL, DETAIL),
	    FIRST("first", NULL, DETAIL), LAST("last", NULL, DETAIL)},
	.limit = TOP_ROWS,
};

const struct section section_scripts = {
	.name = "scripts",
	.title = "WEB SCRIPTS THAT SEND MAIL",
	.help = "web scripts by the mail they sent (PHP's mail.log)",
	.of = "scripts",
	.note =
	    "Of each mail the first recipient is known, if any. Who runs PHP can write to a\n"
		"mail.log of PHP's: it is a trace to follow, no proof.",
	.empty = "No script sent mail that PHP or a logger told of.",
	.queries = {&scripts},
	.views = {{.columns = {{.name = "script", .absent = "(not told)"},
	    {.name = "mails", .bar = true}, {.name = "recipients", .title = "rcpts"},
	    {.name = "domains"}, {.name = "clients", .spare = true},
	    {.name = "host", .spare = true}, {.name = "uid", .spare = true},
	    {.name = "last", .spare = true}}}},
};
