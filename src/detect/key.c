/* SPDX-License-Identifier: Apache-2.0
 *
 * key: what a rule counts by. Addresses are canonical, so that one client has one key.
 */
#include <stdio.h>

#include "detect/room.h"

static bool
address_key(struct str text, bool net, struct key *ret)
{
	struct ip ip;

	if (!ip_parse(text, &ip))
		return false;
	if (net)
		ret->prefix = ip_net(&ip);
	else
		ret->prefix = (struct cidr){ip, ip.family == 4 ? 32 : 128};
	ret->text.p = ret->room;
	ret->text.len = net ? cidr_format(&ret->prefix, ret->room) : ip_format(&ip, ret->room);
	return true;
}

static bool
domain_key(struct str text, struct key *ret)
{
	const char *at = memrchr(text.p, '@', text.len);

	if (!at)
		return false;
	ret->text = str_range(at + 1, text.p + text.len);
	return ret->text.len > 0;
}

bool
key_of(const struct detect_key *what, const struct event *ev, const struct symbols *symbols,
    struct key *ret)
{
	const struct event_field *field = &event_fields[what->field];
	struct str text;

	ret->prefix = (struct cidr){0};
	if (!event_knows(ev, what->field))
		return false;
	if (field->type == TYPE_ENUM) {
		ret->text = str_of(event_enum_name(what->field,
		    (unsigned)event_number(ev, what->field)));
		return true;
	}
	if (field->type != TYPE_TEXT && field->type != TYPE_IP) {
		ret->text = (struct str){ret->room, (size_t)snprintf(ret->room,
		    sizeof(ret->room), "%lld", (long long)event_number(ev, what->field))};
		return true;
	}
	text = event_text(ev, what->field, symbols);
	if (what->function == DETECT_DOMAIN)
		return domain_key(text, ret);
	if (field->type == TYPE_IP)
		return address_key(text, what->function == DETECT_NET, ret);
	ret->text = text;
	return true;
}

void
key_of_text(struct str text, struct key *ret)
{
	ret->prefix = (struct cidr){0};
	cidr_parse(text, &ret->prefix);
	ret->text = text;
}

bool
key_client(const struct event *ev, const struct symbols *symbols, struct ip *ret)
{
	return event_knows(ev, FIELD_ip) && ip_parse(event_text(ev, FIELD_ip, symbols), ret);
}
