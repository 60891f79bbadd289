/* SPDX-License-Identifier: Apache-2.0
 *
 * key: what a rule counts by. Addresses are canonical, so that one client has one key;
 * their text is written only for a verdict.
 */
#include <stdio.h>

#include "detect/room.h"

void
key_of_prefix(const struct cidr *prefix, struct key *ret)
{
	char bytes[18];

	ret->prefix = *prefix;
	ret->text = STR("");
	memcpy(bytes, prefix->base.byte, 16);
	bytes[16] = (char)prefix->base.family;
	bytes[17] = (char)prefix->bits;
	ret->hash = lru_key((struct str){bytes, sizeof(bytes)});
}

void
key_of_address(const struct ip *ip, bool net, struct key *ret)
{
	struct cidr prefix = {*ip, ip_bits(ip->family)};

	if (net)
		prefix = ip_net(ip);
	key_of_prefix(&prefix, ret);
}

static bool
text_key(struct str text, struct key *ret)
{
	ret->text = text;
	ret->hash = lru_key(text);
	return true;
}

static bool
domain_key(struct str text, struct key *ret)
{
	const char *at = memrchr(text.p, '@', text.len);

	return at && at + 1 < text.p + text.len &&
	    text_key(str_range(at + 1, text.p + text.len), ret);
}

bool
key_is_address(const struct detect_key *what)
{
	return event_fields[what->field].type == TYPE_IP;
}

bool
key_of(const struct detect_key *what, const struct event *ev, const struct symbols *symbols,
    struct client_ip *client, struct key *ret)
{
	const struct event_field *field = &event_fields[what->field];
	struct client_ip other = {CLIENT_UNREAD, {{0}, 0}};
	const struct ip *ip;
	struct str text;

	ret->prefix = (struct cidr){0};
	if (!event_knows(ev, what->field))
		return false;
	if (field->type == TYPE_ENUM)
		return text_key(str_of(event_enum_name(what->field,
		    (unsigned)event_number(ev, what->field))), ret);
	if (field->type != TYPE_TEXT && field->type != TYPE_IP)
		return text_key((struct str){ret->room, (size_t)snprintf(ret->room,
		    sizeof(ret->room), "%lld",
		    (long long)event_number(ev, what->field))}, ret);
	if (what->field == FIELD_ip && what->function != DETECT_DOMAIN) {
		ip = key_client(ev, symbols, client);
	} else {
		text = event_text(ev, what->field, symbols);
		if (what->function == DETECT_DOMAIN)
			return domain_key(text, ret);
		if (field->type != TYPE_IP)
			return text_key(text, ret);
		ip = ip_parse(text, &other.ip) ? &other.ip : &(struct ip){.family = 0};
	}
	if (ip->family)
		key_of_address(ip, what->function == DETECT_NET, ret);
	return ip->family != 0;
}

void
key_of_text(struct str text, bool is_address, struct key *ret)
{
	struct cidr prefix;

	ret->prefix = (struct cidr){0};
	text_key(text, ret);
	if (!is_address || !cidr_parse(text, &prefix))
		return;
	key_of_prefix(&prefix, ret);
	ret->text = text;
}

void
key_write(struct key *key)
{
	if (key->prefix.base.family == 0 || key->text.len)
		return;
	key->text.p = key->room;
	key->text.len = prefix_format(&key->prefix, key->room);
}

const struct ip *
key_client(const struct event *ev, const struct symbols *symbols, struct client_ip *client)
{
	if (client->state == CLIENT_UNREAD) {
		client->state = CLIENT_NONE;
		if (event_knows(ev, FIELD_ip) &&
		    ip_parse(event_text(ev, FIELD_ip, symbols), &client->ip))
			client->state = CLIENT_KNOWN;
		else
			client->ip = (struct ip){.family = 0};
	}
	return &client->ip;
}
