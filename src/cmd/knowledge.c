/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/knowledge.h"

#include "base/civil.h"

/* A dns_run() would wait so long; there is none here. */
#define NAME_USEC USEC_PER_SEC

void
knowledge_ask(void *context, const struct ip *ip, struct detect_facts *ret)
{
	const struct knowledge *knowledge = context;
	struct dns_answer answer;
	struct place place;

	if (knowledge->dns && knowledge->asks)
		ret->waits = dns_add(knowledge->dns, ip) == DNS_WAITING;
	if (knowledge->dns && dns_find(knowledge->dns, ip, &answer) && answer.confirmed)
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

void
knowledge_process(void *context)
{
	const struct knowledge *knowledge = context;
	struct err err;

	if (knowledge->dns && knowledge->asks)
		dns_process(knowledge->dns, &err);
}

/* The resolvers that SETTINGS name, else the system's. */
static int
open_names(const struct settings *settings, const struct options *options, struct dns **ret,
    struct err *err)
{
	const struct setting_value *servers = settings_get(settings, SETTING_dns_servers);
	struct options with = *options;
	struct buf list = BUF_INIT(4096);
	int status;

	for (size_t i = 0; i < servers->list_count; i++)
		buf_printf(&list, "%s%.*s", i ? "," : "", STR_ARG(servers->list[i]));
	buf_char(&list, '\0');
	if (servers->list_count)
		with.server = list.p;
	status = names_begin(&with, NAME_USEC, ret, err);
	buf_done(&list);
	return status;
}

int
knowledge_open(struct knowledge *knowledge, const struct settings *settings,
    const struct rules *rules, const struct options *options, struct err *err)
{
	bool names = false, places = rules_ask_places(rules);

	knowledge->options = options;
	for (size_t r = 0; r < rules->count; r++) {
		const struct detect_allow *allow = &rules->rules[r].allow;

		names |= allow->name_count > 0;
		places |= allow->country_count > 0 || allow->asn_count > 0;
	}
	if (names && !knowledge->dns && open_names(settings, options, &knowledge->dns, err) < 0)
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
	if (knowledge->dns && knowledge->asks)
		names_end(knowledge->options, knowledge->dns);
	else
		dns_free(knowledge->dns);
	geo_free(knowledge->geo);
	knowledge->dns = NULL;
	knowledge->geo = NULL;
}
