/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections about where clients are: by country, by the network (autonomous system)
 * that their address belongs to. What has no country is shown as what it is.
 */
#include "report/room.h"

#define PLACE_MEASURES                                                                      \
	DISTINCT("clients", ip, NULL), COUNT("connections", CONNECTED),                     \
	COUNT("rejected", REJECTED), COUNT("auth_failures", LOGIN_FAILED),                  \
	COUNT("messages", RECEIVED)

#define PLACE_COLUMNS                                                                       \
	{.name = "connections", .title = "connects"},                                       \
	{.name = "rejected"}, {.name = "auth_failures", .title = "failed"},            \
	{.name = "messages"}

static const struct query places = {
	.name = "places",
	.where = PLACE_KINDS,
	.keys = {KEY(country)},
	.measures = {PLACE_MEASURES},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

static const struct query places_networks = {
	.name = "places_networks",
	.where = PLACE_KINDS,
	.keys = {KEY(asn), KEY(aso)},
	.measures = {PLACE_MEASURES},
	.skip_absent = true,
	.limit = TOP_ROWS,
};

const struct section section_places = {
	.name = "places",
	.title = "COUNTRIES OF CLIENTS",
	.help = "countries and networks (AS) that clients come from",
	.of = "countries",
	.note = "connects = with smtpd, or ended by postscreen; failed = logins",
	.empty = "No client's place is known; see: postern geo --help",
	.queries = {&places},
	.views = {{.columns = {{.name = "country"}, {.name = "clients", .bar = true},
	    PLACE_COLUMNS}}},
	.parts = {&section_places_networks},
};

const struct section section_places_networks = {
	.name = "places_networks",
	.title = "NETWORKS OF CLIENTS",
	.of = "autonomous systems",
	.empty = "No client's network is known; that takes a database of networks.",
	.queries = {&places_networks},
	.views = {{.columns = {{.name = "asn", .title = "AS"},
	    {.name = "aso", .title = "organisation"}, {.name = "clients"}, PLACE_COLUMNS}}},
};
