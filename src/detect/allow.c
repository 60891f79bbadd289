/* SPDX-License-Identifier: Apache-2.0
 *
 * allow: who is never judged. A host name counts only when it was confirmed by asking
 * forward, for whoever has an address writes its name; so it is no field of an event.
 */
#include "detect/room.h"

bool
allow_event(const struct detect_allow *allow, const struct event *ev,
    const struct symbols *symbols, struct client_ip *client)
{
	const struct ip *ip = allow->net_count ? key_client(ev, symbols, client) : NULL;

	for (size_t i = 0; i < allow->net_count; i++)
		if (cidr_contains(&allow->nets[i], ip))
			return true;
	if (allow->user_count && event_knows(ev, FIELD_user)) {
		struct str user = event_text(ev, FIELD_user, symbols);

		for (size_t i = 0; i < allow->user_count; i++)
			if (str_eq(allow->users[i], user))
				return true;
	}
	return false;
}

bool
allow_within(const struct detect_allow *allow, const struct cidr *prefix)
{
	for (size_t i = 0; i < allow->net_count; i++)
		if (cidr_contains(prefix, &allow->nets[i].base) ||
		    cidr_contains(&allow->nets[i], &prefix->base))
			return true;
	return false;
}

bool
allow_same(const struct detect_allow *a, const struct detect_allow *b)
{
	if (a->net_count != b->net_count || a->user_count != b->user_count)
		return false;
	for (size_t i = 0; i < a->net_count; i++)
		if (!cidr_equal(&a->nets[i], &b->nets[i]))
			return false;
	for (size_t i = 0; i < a->user_count; i++)
		if (!str_eq(a->users[i], b->users[i]))
			return false;
	return true;
}

bool
allow_needs_facts(const struct detect_allow *allow)
{
	return allow->name_count || allow->country_count || allow->asn_count;
}

/* "example.test" is that host, ".example.test" every host below it. */
static bool
name_matches(struct str allowed, struct str name)
{
	if (*allowed.p != '.')
		return str_eq_nocase(allowed, name);
	return name.len > allowed.len &&
	    str_eq_nocase(str_from(name, name.len - allowed.len), allowed);
}

bool
allow_facts(const struct detect_allow *allow, const struct detect_facts *facts)
{
	for (size_t i = 0; i < allow->name_count; i++)
		if (facts->name.len && name_matches(allow->names[i], facts->name))
			return true;
	for (size_t i = 0; i < allow->country_count; i++)
		if (strcmp(allow->countries[i], facts->country) == 0)
			return true;
	for (size_t i = 0; i < allow->asn_count; i++)
		if (facts->asn && allow->asns[i] == facts->asn)
			return true;
	return false;
}
