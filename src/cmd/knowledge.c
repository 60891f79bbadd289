/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/knowledge.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/now.h"

/* A dns_run() would wait so long; there is none here. */
#define NAME_USEC USEC_PER_SEC

/*
 * New names are written down after so long, so that a replay has those of a guard that runs.
 */
#define WRITE_EVERY (INT64_C(60) * USEC_PER_SEC)

void
knowledge_ask(void *context, const struct ip *ip, struct detect_facts *ret)
{
	const struct knowledge *knowledge = context;
	struct dns_answer answer;
	struct place place;

	if (knowledge->dns && knowledge->asks)
		ret->waits = dns_add(knowledge->dns, ip) == DNS_WAITING;
	/* One that is asked for anew may be another's by now. */
	if (knowledge->dns && !ret->waits && dns_find(knowledge->dns, ip, &answer) &&
	    answer.confirmed)
		ret->name = str_of(answer.names[0]);
	if (!knowledge->geo || !geo_find(knowledge->geo, ip, &place))
		return;
	memcpy(ret->country, place.country, sizeof(ret->country));
	ret->asn = place.asn;
}

int
knowledge_fd(const struct knowledge *knowledge)
{
	return knowledge->dns && knowledge->asks ? dns_fd(knowledge->dns) : -1;
}

/* Keeps the answers that came since the last time. */
static void
write_names(struct knowledge *knowledge)
{
	uint64_t replies = dns_stats(knowledge->dns).replies;
	struct err err;

	if (!knowledge->place || replies == knowledge->written)
		return;
	if (dns_memory_file.save(knowledge->place, knowledge->dns, &err) < 0)
		complain("warning: names to remember: %s", err.text);
	knowledge->written = replies;
}

void
knowledge_process(void *context)
{
	struct knowledge *knowledge = context;
	struct err err;

	if (!knowledge->dns || !knowledge->asks)
		return;
	dns_process(knowledge->dns, &err);
	if (now_monotonic() < knowledge->next_write)
		return;
	write_names(knowledge);
	knowledge->next_write = now_monotonic() + WRITE_EVERY;
}

char *
knowledge_place(const struct settings *settings)
{
	struct str url = settings_get(settings, SETTING_store_url)->text;
	char *text = xstrndup(url.p, url.len), *place = NULL;
	const char *file = store_file(text), *slash = file ? strrchr(file, '/') : NULL;

	if (slash)
		place = xasprintf("%.*s/rdns", (int)(slash - file), file);
	free(text);
	return place;
}

/*
 * The resolvers that SETTINGS name, else the system's, with what a guard of them remembers,
 * and, where nothing is asked, with what the user looked up.
 */
static int
open_names(struct knowledge *knowledge, const struct settings *settings,
    const struct options *options, struct err *err)
{
	const struct setting_value *servers = settings_get(settings, SETTING_dns_servers);
	struct options with = *options;
	struct buf list = BUF_INIT(BUF_UNLIMITED);
	int status;

	for (size_t i = 0; i < servers->list_count; i++)
		buf_printf(&list, "%s%.*s", i ? "," : "", STR_ARG(servers->list[i]));
	buf_char(&list, '\0');
	if (servers->list_count)
		with.server = list.p;
	with.no_cache = knowledge->asks;
	status = names_begin(&with, NAME_USEC, &knowledge->dns, err);
	buf_done(&list);
	if (status < 0)
		return -1;
	/* What a rule was told once is of use for as long as the event that it judged. */
	dns_keep(knowledge->dns, settings_get(settings, SETTING_store_keep)->number);
	knowledge->place = knowledge_place(settings);
	if (knowledge->place &&
	    dns_memory_file.load(knowledge->place, knowledge->dns, err) < 0)
		complain("warning: names remembered: %s", err->text);
	return 0;
}

int
knowledge_open(struct knowledge *knowledge, const struct settings *settings,
    const struct rules *rules, const struct options *options, struct err *err)
{
	bool names = false, places = rules_ask_places(rules);

	for (size_t r = 0; r < rules->count; r++) {
		const struct detect_allow *allow = &rules->rules[r].allow;

		names |= allow->name_count > 0;
		places |= allow->country_count > 0 || allow->asn_count > 0;
	}
	if (names && !knowledge->dns && open_names(knowledge, settings, options, err) < 0)
		return -1;
	if (knowledge->geo)
		return 0;
	if (places)
		return settings_geo(settings, options, &knowledge->geo, err);
	if (knowledge->places && (settings_get(settings, SETTING_geo_files)->list_count ||
	    places_installed()) && settings_geo(settings, options, &knowledge->geo, err) < 0)
		complain("warning: %s; bans are written down without their places", err->text);
	return 0;
}

void
knowledge_close(struct knowledge *knowledge)
{
	struct options with = {.no_cache = true};

	if (knowledge->dns && knowledge->asks)
		write_names(knowledge);
	if (knowledge->dns)
		names_end(&with, knowledge->dns);
	geo_free(knowledge->geo);
	free(knowledge->place);
	knowledge->dns = NULL;
	knowledge->geo = NULL;
	knowledge->place = NULL;
}
