/* SPDX-License-Identifier: Apache-2.0 */
#include "enrich/dns-reply.h"

#include <stdio.h>

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_PTR = 12, TYPE_AAAA = 28 };

#define CLASS_IN 1
#define HEADER 12
#define WIRE_MAX 255 /* RFC 1035 2.3.4 */
#define HOPS_MAX 8   /* CNAMEs that are followed */

/* A name without compression: labels with their lengths, the empty one last. */
struct wire {
	unsigned char p[WIRE_MAX];
	size_t len;
};

struct message {
	const unsigned char *p;
	size_t len;
};

struct record {
	struct wire owner;
	unsigned type, class;
	uint32_t ttl;
	size_t data, data_len; /* place in the message */
};

static unsigned
get16(const struct message *message, size_t at)
{
	return (unsigned)message->p[at] << 8 | message->p[at + 1];
}

/*
 * Reads the name at *AT and moves *AT behind it. A pointer must lead backwards from
 * where the part that holds it began, so the way ends. False: malformed.
 */
static bool
get_name(const struct message *message, size_t *at, struct wire *ret)
{
	size_t here = *at, start = *at;
	bool jumped = false;

	ret->len = 0;
	while (here < message->len) {
		unsigned n = message->p[here];

		if (n >= 0xc0) {
			size_t target;

			if (message->len - here < 2)
				return false;
			target = get16(message, here) & 0x3fff;
			if (target >= start)
				return false;
			if (!jumped)
				*at = here + 2;
			jumped = true;
			here = start = target;
			continue;
		}
		if (n > 63 || message->len - here <= n || ret->len + n + 1 > WIRE_MAX)
			return false;
		memcpy(ret->p + ret->len, message->p + here, n + 1);
		ret->len += n + 1;
		here += n + 1;
		if (n == 0) {
			if (!jumped)
				*at = here;
			return true;
		}
	}
	return false;
}

static bool
same_name(const struct wire *a, const struct wire *b)
{
	return str_eq_nocase((struct str){(const char *)a->p, a->len},
	    (struct str){(const char *)b->p, b->len});
}

static bool
get_record(const struct message *message, size_t *at, struct record *ret)
{
	size_t here = *at;

	if (!get_name(message, &here, &ret->owner) || message->len - here < 10)
		return false;
	ret->type = get16(message, here);
	ret->class = get16(message, here + 2);
	ret->ttl = (uint32_t)get16(message, here + 4) << 16 | get16(message, here + 6);
	ret->data_len = get16(message, here + 8);
	ret->data = here + 10;
	if (message->len - ret->data < ret->data_len)
		return false;
	*at = ret->data + ret->data_len;
	return true;
}

/* A record that answers the question. False: it is malformed. */
typedef bool use_record(void *context, const struct message *message,
    const struct record *record);

/* A search of the answers for records of one type, and what it came to. */
struct pass {
	struct wire owner;
	unsigned type;
	use_record *use;
	void *context;
	bool found, alias;
	struct wire target; /* of a CNAME */
	uint32_t ttl;
};

/* Once over the records from AT on. -1: malformed. */
static int
pass_over(const struct message *message, size_t at, struct pass *pass)
{
	unsigned count = get16(message, 6);
	struct record record;

	for (; count; count--) {
		if (!get_record(message, &at, &record))
			return -1;
		if (record.class != CLASS_IN || !same_name(&record.owner, &pass->owner))
			continue;
		if (record.type == pass->type) {
			if (!pass->use(pass->context, message, &record))
				return -1;
			pass->found = true;
		} else if (record.type == TYPE_CNAME) {
			size_t data = record.data;

			if (!get_name(message, &data, &pass->target) ||
			    data != record.data + record.data_len)
				return -1;
			pass->alias = true;
		} else {
			continue;
		}
		if (record.ttl < pass->ttl)
			pass->ttl = record.ttl;
	}
	return 0;
}

/* Calls USE for each record of TYPE that answers the question. -1: malformed. */
static int
walk_answers(const struct message *message, unsigned type, use_record *use, void *context,
    uint32_t *ret_ttl)
{
	struct pass pass = {
	    .type = type, .use = use, .context = context, .ttl = UINT32_MAX};
	size_t at = HEADER;

	if (message->len < HEADER || get16(message, 4) != 1 ||
	    !get_name(message, &at, &pass.owner) || message->len - at < 4)
		return -1;
	at += 4;
	for (int hop = 0; hop <= HOPS_MAX; hop++) {
		pass.alias = false;
		if (pass_over(message, at, &pass) < 0)
			return -1;
		if (pass.found || !pass.alias)
			break;
		pass.owner = pass.target;
	}
	*ret_ttl = pass.found ? pass.ttl : 0;
	return 0;
}

/*
 * A last label of digits alone would read as an address, and no top-level domain is
 * one (RFC 1123 2.1).
 */
bool
dns_host_name(struct str text, char *out)
{
	size_t label = 0, digits = 0;

	if (text.len && text.p[text.len - 1] == '.')
		text.len--;
	if (text.len == 0 || text.len > DNS_NAME_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '.' && label == 0)
			return false;
		if (c != '.' && c != '-' && c != '_' && !char_is_alnum(c))
			return false;
		label = c == '.' ? 0 : label + 1;
		digits = c == '.' ? 0 : digits + char_is_digit(c);
		if (label > 63)
			return false;
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	out[text.len] = '\0';
	return label > digits;
}

/* The labels of WIRE with dots between; false when a label has a dot of its own. */
static bool
wire_text(const struct wire *wire, char out[WIRE_MAX], size_t *ret_len)
{
	size_t to = 0;

	for (size_t at = 0; wire->p[at];) {
		size_t n = wire->p[at];

		if (memchr(wire->p + at + 1, '.', n))
			return false;
		if (to)
			out[to++] = '.';
		memcpy(out + to, wire->p + at + 1, n);
		to += n;
		at += n + 1;
	}
	*ret_len = to;
	return true;
}

static bool
already(const struct dns_names *names, const char *name)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

static bool
use_name(void *context, const struct message *message, const struct record *record)
{
	struct dns_names *names = context;
	char text[WIRE_MAX], name[DNS_NAME_MAX + 1];
	size_t at = record->data, len;
	struct wire wire;

	if (!get_name(message, &at, &wire) || at != record->data + record->data_len)
		return false;
	if (!wire_text(&wire, text, &len) || !dns_host_name((struct str){text, len}, name))
		names->bad++;
	else if (names->count < DNS_NAMES && !already(names, name))
		memcpy(names->names[names->count++], name, sizeof(name));
	return true;
}

int
dns_reply_names(const unsigned char *message, size_t len, struct dns_names *ret)
{
	struct message in = {message, len};

	ret->count = ret->bad = 0;
	return walk_answers(&in, TYPE_PTR, use_name, ret, &ret->ttl);
}

struct sought {
	const struct ip *ip;
	bool found;
};

static bool
use_address(void *context, const struct message *message, const struct record *record)
{
	struct sought *sought = context;
	size_t size = sought->ip->family == 4 ? 4 : 16;

	if (record->data_len != size)
		return false;
	sought->found |= memcmp(message->p + record->data, sought->ip->byte, size) == 0;
	return true;
}

int
dns_reply_has(const unsigned char *message, size_t len, const struct ip *ip, bool *ret)
{
	struct message in = {message, len};
	struct sought sought = {.ip = ip};
	uint32_t ttl;

	if (walk_answers(&in, ip->family == 4 ? TYPE_A : TYPE_AAAA, use_address, &sought,
	    &ttl) < 0)
		return -1;
	*ret = sought.found;
	return 0;
}

void
dns_reverse_name(const struct ip *ip, char out[DNS_REVERSE_MAX])
{
	static const char digits[] = "0123456789abcdef";
	char *to = out;

	if (ip->family == 4) {
		snprintf(out, DNS_REVERSE_MAX, "%u.%u.%u.%u.in-addr.arpa", ip->byte[3],
		    ip->byte[2], ip->byte[1], ip->byte[0]);
		return;
	}
	for (int i = 15; i >= 0; i--) {
		*to++ = digits[ip->byte[i] & 15];
		*to++ = '.';
		*to++ = digits[ip->byte[i] >> 4];
		*to++ = '.';
	}
	memcpy(to, "ip6.arpa", sizeof("ip6.arpa"));
}
