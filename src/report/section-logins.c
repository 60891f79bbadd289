/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about logins. An attempt counts once however many lines told of it;
 * "refused" are those that only the disconnect's statistics tell of.
 */
#include "report/room.h"

#define ATTEMPT "kind = attempt"

#define ATTEMPT_MEASURES                                                                    \
	COUNT("failed", LOGIN_FAILED), COUNT("refused", LOGIN_REFUSED),                     \
	COUNT("aborted", LOGIN_ABORTED), COUNT("succeeded", LOGIN_SUCCEEDED)

#define ATTEMPT_COLUMNS                                                                     \
	{.name = "failed", .bar = true}, {.name = "refused", .spare = true},                \
	{.name = "aborted"}, {.name = "succeeded", .title = "ok"}

static const struct query users = {
	.name = "users",
	.where = "kind = attempt | kind = message",
	.keys = {KEY(user)},
	.measures = {COUNT("failed", LOGIN_FAILED), COUNT("refused", LOGIN_REFUSED, DETAIL),
	    COUNT("aborted", LOGIN_ABORTED, DETAIL),
	    COUNT("succeeded", LOGIN_SUCCEEDED, DETAIL),
	    DISTINCT("addresses", ip, ATTEMPT, DETAIL),
	    DISTINCT_MADE("networks", ip, KEY_NET, ATTEMPT, DETAIL),
	    COUNT("messages", MESSAGE, DETAIL), SUM("recipients", nrcpt, MESSAGE, DETAIL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_users = {
	.name = "users",
	.title = "USERS",
	.help = "login names: attempts, from how many addresses, mail sent",
	.of = "names",
	.empty = "No login name was seen.",
	.queries = {&users},
	.views = {{.columns = {{.name = "user"}, {.name = "failed", .bar = true},
	    {.name = "aborted"}, {.name = "succeeded", .title = "ok"},
	    {.name = "addresses", .over = "from"},
	    {.name = "networks", .over = "from", .spare = true},
	    {.name = "messages", .over = "sent"}, {.name = "recipients", .over = "sent"}}}},
};

static const struct query auth = {
	.name = "auth",
	.where = ATTEMPT,
	.keys = {KEY(outcome)},
	.measures = {COUNT("attempts", NULL), DISTINCT("users", user, NULL),
	    DISTINCT("addresses", ip, NULL), DISTINCT_MADE("networks", ip, KEY_NET, NULL),
	    FIRST("first", NULL), LAST("last", NULL)},
};

const struct section section_auth = {
	.name = "auth",
	.title = "LOGIN ATTEMPTS",
	.help = "logins: how they ended, users, clients, methods, services",
	.of = "outcomes",
	.note = "refused = told only by the disconnect's statistics, not by a line of its own",
	.empty = "Nobody tried to log in.",
	.queries = {&auth},
	.views = {{.columns = {{.name = "outcome", .words = true},
	    {.name = "attempts", .share = true, .bar = true}, {.name = "users"},
	    {.name = "addresses"}, {.name = "networks"}, {.name = "last"}}}},
	.parts = {&section_auth_users, &section_auth_clients, &section_auth_networks,
	    &section_auth_methods, &section_auth_services, &section_auth_errors,
	    &section_logins_after_failures},
};

static const struct query auth_users = {
	.name = "auth_users",
	.where = ATTEMPT,
	.keys = {KEY(user)},
	.measures = {ATTEMPT_MEASURES, DISTINCT("addresses", ip, NULL),
	    DISTINCT_MADE("networks", ip, KEY_NET, NULL), LAST("last", NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_auth_users = {
	.name = "auth_users",
	.title = "USERS TRIED",
	.of = "names",
	.empty = "No attempt named a user.",
	.queries = {&auth_users},
	.views = {{.columns = {{.name = "user"}, ATTEMPT_COLUMNS, {.name = "addresses"},
	    {.name = "last", .spare = true}}}},
};

static const struct query auth_clients = {
	.name = "auth_clients",
	.where = ATTEMPT,
	.keys = {KEY(ip)},
	.measures = {ATTEMPT_MEASURES, DISTINCT("users", user, NULL), FIRST("first", NULL),
	    LAST("last", NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_auth_clients = {
	.name = "auth_clients",
	.title = "CLIENTS THAT TRIED",
	.of = "addresses",
	.empty = "No attempt came from a known address.",
	.queries = {&auth_clients},
	.views = {{.columns = {{.name = "ip", .title = "address"}, CLIENT_NAME_COLUMN,
	    ATTEMPT_COLUMNS, {.name = "users"}, {.name = "last", .spare = true}}}},
};

static const struct query auth_networks = {
	.name = "auth_networks",
	.where = ATTEMPT,
	.keys = {KEY_MADE("network", ip, KEY_NET)},
	.measures = {ATTEMPT_MEASURES, DISTINCT("addresses", ip, NULL),
	    DISTINCT("users", user, NULL), LAST("last", NULL)},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_auth_networks = {
	.name = "auth_networks",
	.title = "NETWORKS THAT TRIED",
	.of = "networks",
	.empty = "No attempt came from a known address.",
	.queries = {&auth_networks},
	.views = {{.columns = {{.name = "network"}, ATTEMPT_COLUMNS, {.name = "addresses"},
	    {.name = "users"}}}},
};

static const struct query auth_methods = {
	.name = "auth_methods",
	.where = ATTEMPT,
	.keys = {KEY(mechanism)},
	.measures = {ATTEMPT_MEASURES, DISTINCT("addresses", ip, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_auth_methods = {
	.name = "auth_methods",
	.title = "METHODS",
	.of = "mechanisms",
	.note = "A method is what the client asked for, not what the server offers.",
	.empty = "No attempt named a method.",
	.queries = {&auth_methods},
	.views = {{.columns = {{.name = "mechanism", .absent = "not told"}, ATTEMPT_COLUMNS,
	    {.name = "addresses"}}}},
};

static const struct query auth_services = {
	.name = "auth_services",
	.where = ATTEMPT,
	.keys = {KEY(program)},
	.measures = {ATTEMPT_MEASURES, DISTINCT("users", user, NULL),
	    DISTINCT("addresses", ip, NULL)},
	.limit = TOP_ROWS,
};

const struct section section_auth_services = {
	.name = "auth_services",
	.title = "SERVICES",
	.of = "programs",
	.empty = "No service was asked.",
	.queries = {&auth_services},
	.views = {{.columns = {{.name = "program"}, ATTEMPT_COLUMNS, {.name = "users"},
	    {.name = "addresses"}}}},
};

static const struct query auth_errors = {
	.name = "auth_errors",
	.where = "kind = auth_error",
	.keys = {KEY(program), KEY(text)},
	.measures = {COUNT("times", NULL), FIRST("first", NULL), LAST("last", NULL)},
	.limit = TOP_ROWS,
};

const struct section section_auth_errors = {
	.name = "auth_errors",
	.title = "THE LOGIN SERVICE'S OWN FAULTS",
	.of = "messages",
	.empty = "The login service reported no fault of its own.",
	.queries = {&auth_errors},
	.views = {{.columns = {{.name = "program"}, {.name = "text", .title = "message"},
	    {.name = "times"}, {.name = "last"}}}},
};
