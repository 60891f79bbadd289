/* SPDX-License-Identifier: Apache-2.0
 *
 * places: the country and the network of each client, when a query, a filter or the
 * output asks for them. Found once for each address a thread numbers, not once a
 * line: an event's place is three numbers from a list.
 */
#include "engine/pipeline.h"

#define BIT(field) (UINT64_C(1) << ((field) % 64))

bool
run_has_place(const uint64_t fields[2])
{
	return fields[FIELD_country / 64] & BIT(FIELD_country) ||
	    fields[FIELD_asn / 64] & BIT(FIELD_asn) ||
	    fields[FIELD_aso / 64] & BIT(FIELD_aso);
}

static const enum field place_fields[] = {FIELD_country, FIELD_asn, FIELD_aso};

#define PLACE_FIELDS (sizeof(place_fields) / sizeof(*place_fields))

/* Is a place's field named in the filter WHERE, if only inside another word? */
static bool
may_name_place(const char *where)
{
	bool named = false;

	for (size_t i = 0; where && i < PLACE_FIELDS; i++)
		named |= strstr(where, event_fields[place_fields[i]].name) != NULL;
	return named;
}

static bool
is_place(enum field field)
{
	bool place = false;

	for (size_t i = 0; i < PLACE_FIELDS; i++)
		place |= field == place_fields[i];
	return place;
}

/* Can QUERY ask for a place? That it cannot is known without compiling it. */
static bool
may_ask_place(const struct query *query)
{
	bool may = may_name_place(query->where);

	for (unsigned k = 0; k < query->key_count; k++)
		may |= is_place(query->keys[k].field);
	for (unsigned m = 0; m < query->measure_count; m++)
		may |= is_place(query->measures[m].field) ||
		    may_name_place(query->measures[m].where);
	return may;
}

bool
run_asks_places(const struct query *const *queries, size_t count, const char *where)
{
	struct plan *plan;
	struct err err;
	bool asked = may_name_place(where);

	for (size_t q = 0; q < count && !asked; q++)
		asked = may_ask_place(queries[q]);
	if (!asked)
		return false;
	asked = false;
	if (plan_compile(queries, count, where, &plan, &err) < 0)
		return false; /* the run will say why */
	for (unsigned kind = 0; kind < KINDS && !asked; kind++) {
		uint64_t looks[2];

		plan_looks(plan, kind, looks);
		asked = run_has_place(looks);
	}
	plan_free(plan);
	return asked;
}

void
places_collect(struct shared *shared)
{
	if (!shared->settings->geo)
		return;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		uint64_t looks[2];

		if (shared->plan) {
			plan_looks(shared->plan, kind, looks);
			if (!run_has_place(looks))
				continue;
		}
		shared->places |= UINT64_C(1) << kind;
		shared->needs[kind][FIELD_ip / 64] |= BIT(FIELD_ip);
	}
}

void
place_look_up(const struct geo *geo, struct symbols *symbols, uint32_t number,
    struct place_memo *ret)
{
	struct place place;
	struct ip ip;

	*ret = (struct place_memo){.asked = 1};
	if (!ip_parse(symbols_text(symbols, DOMAIN_IP, number), &ip))
		return;
	geo_find(geo, &ip, &place);
	ret->country = symbols_get(symbols, DOMAIN_WORD, str_of(place_word(&place)));
	ret->asn = place.asn;
	if (place.aso.len)
		ret->aso = symbols_get(symbols, DOMAIN_NAME, place.aso);
}

void
place_set(struct event *ev, const struct place_memo *memo)
{
	if (memo->country == SYMBOL_ABSENT)
		return;
	EVENT_WORD(ev, country, memo->country);
	if (memo->asn)
		EVENT_SET(ev, asn, memo->asn);
	if (memo->aso != SYMBOL_ABSENT)
		EVENT_WORD(ev, aso, memo->aso);
}

void
places_set(struct pipeline *pipeline, struct event *ev)
{
	struct place_memo *memo;
	uint32_t number;

	if (!event_knows(ev, FIELD_ip) || ev->ip.id == SYMBOL_ABSENT)
		return;
	number = ev->ip.id;
	if (((size_t)number + 1) * sizeof(*memo) > pipeline->places.size)
		region_reserve(&pipeline->places, ((size_t)number + 1) * sizeof(*memo));
	memo = (struct place_memo *)(void *)pipeline->places.p + number;
	if (!memo->asked)
		place_look_up(pipeline->shared->settings->geo, &pipeline->symbols, number,
		    memo);
	place_set(ev, memo);
}

void
places_set_kind(struct pipeline *pipeline, enum kind kind, struct event *events,
    const uint32_t *order, size_t n)
{
	if (!(pipeline->shared->places >> kind & 1))
		return;
	for (size_t i = 0; i < n; i++)
		places_set(pipeline, &events[order[i]]);
}
