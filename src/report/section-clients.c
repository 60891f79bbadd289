/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about who connects: clients and their networks, by how often they
 * were turned away and by what mail they brought.
 */
#include "report/room.h"

#define CLIENT_KINDS                                                                        \
	"kind = attempt | kind = policy | kind = milter | kind = ps_reject | kind = message"
#define TURNED_AWAY "(" REJECTED " | " LOGIN_FAILED " | " LOGIN_REFUSED ")"

#define CLIENT_MEASURES                                                                     \
	COUNT("turned_away", TURNED_AWAY), COUNT("failed", LOGIN_FAILED),                   \
	COUNT("refused", LOGIN_REFUSED, DETAIL), COUNT("rejected", REJECTED),               \
	COUNT("succeeded", LOGIN_SUCCEEDED, DETAIL), COUNT("messages", RECEIVED)

#define CLIENT_COLUMNS                                                                      \
	{.name = "turned_away", .title = "away", .bar = true},                              \
	{.name = "failed", .over = "logins"},                                               \
	{.name = "refused", .over = "logins", .spare = true},                               \
	{.name = "succeeded", .title = "ok", .over = "logins", .spare = true},              \
	{.name = "rejected"}, {.name = "messages"}

static const struct query clients = {
	.name = "clients",
	.where = CLIENT_KINDS,
	.keys = {KEY(ip)},
	.measures = {CLIENT_MEASURES, CLIENT_NAME},
	.skip_absent = true,
	.skip_zero = true,
	.limit = TOP_ROWS,
};

static const struct query networks = {
	.name = "networks",
	.where = CLIENT_KINDS,
	.keys = {KEY_MADE("network", ip, KEY_NET)},
	.measures = {COUNT("turned_away", TURNED_AWAY), DISTINCT("addresses", ip, TURNED_AWAY),
	    COUNT("failed", LOGIN_FAILED, DETAIL), COUNT("refused", LOGIN_REFUSED, DETAIL),
	    COUNT("rejected", REJECTED, DETAIL), COUNT("succeeded", LOGIN_SUCCEEDED, DETAIL),
	    COUNT("messages", RECEIVED, DETAIL)},
	.skip_absent = true,
	.skip_zero = true,
	.limit = TOP_ROWS,
};

static const struct query clients_mail = {
	.name = "clients_mail",
	.where = RECEIVED,
	.keys = {KEY(ip)},
	.measures = {COUNT("messages", NULL), SUM("recipients", nrcpt, NULL),
	    SUM("bytes", size, NULL), DISTINCT("users", user, NULL),
	    DISTINCT("senders", sender, NULL), CLIENT_NAME},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_clients = {
	.name = "clients",
	.title = "CLIENTS TURNED AWAY",
	.help = "addresses by failed and refused logins and rejected mail",
	.of = "addresses",
	.note = "away = turned away: logins failed or refused + commands rejected",
	.empty = "No client was turned away.",
	.queries = {&clients},
	.views = {{.columns = {{.name = "ip", .title = "address"}, CLIENT_NAME_COLUMN,
	    CLIENT_COLUMNS}}},
	.parts = {&section_networks, &section_clients_mail},
};

const struct section section_networks = {
	.name = "networks",
	.title = "NETWORKS TURNED AWAY",
	.help = "the same by network (IPv4 /24, IPv6 /64)",
	.of = "networks",
	.note = "addresses = those of the network that were turned away",
	.empty = "No network was turned away.",
	.queries = {&networks},
	.views = {{.columns = {{.name = "network"}, {.name = "addresses"}, CLIENT_COLUMNS}}},
};

const struct section section_clients_mail = {
	.name = "clients_mail",
	.title = "CLIENTS THAT BROUGHT MAIL",
	.of = "addresses",
	.empty = "No mail came from a client.",
	.queries = {&clients_mail},
	.views = {{.columns = {{.name = "ip", .title = "address"}, CLIENT_NAME_COLUMN,
	    {.name = "messages", .bar = true}, {.name = "recipients"}, {.name = "bytes"},
	    {.name = "users"}, {.name = "senders"}}}},
};
