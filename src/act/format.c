/* SPDX-License-Identifier: Apache-2.0
 *
 * format: bans as a table for Postfix, rbldnsd, ipset or others:
 *
 *   cidr     192.0.2.0/24      REJECT banned, id 0123456789abcdef    (cidr_table(5))
 *   hash     192.0.2.1         REJECT ...    (access(5); IPv4 networks as their octets)
 *   plain    192.0.2.0/24
 *   ipset    add postern4 192.0.2.1 timeout 3600                      (ipset restore)
 *   rbldnsd  192.0.2.0/24 :127.0.0.2:banned, id ...                   (ip4trie, ip6trie)
 */
#include "act/room.h"

#define IPSET_MOST 2147483 /* seconds, ipset(8); the next `ipset restore` goes on from there */
#define IPSET_ROOM "maxelem 16777216" /* else 65536, and `ipset restore` ends at the next */

static void
put_cidr(struct buf *out, const char *text, const struct act_ban *ban, int64_t now)
{
	ban_text(out, STR("{prefix}\t"), ban, now);
	ban_text(out, str_of(text), ban, now);
}

static unsigned
group_of(const struct cidr *prefix, unsigned i)
{
	return (unsigned)prefix->base.byte[2 * i] << 8 | prefix->base.byte[2 * i + 1];
}

/* Of the COUNT groups of an IPv6 network those before the zeros at its end. */
static unsigned
groups_before_zeros(const struct cidr *prefix, unsigned count)
{
	while (count && group_of(prefix, count - 1) == 0)
		count--;
	return count;
}

static void
put_groups(struct buf *out, const struct cidr *prefix, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "%s%x", i ? ":" : "", group_of(prefix, i));
}

/*
 * access(5) looks an address up whole, then with octets (IPv4) or groups cut off at each dot
 * or colon. 2001:db8:1:0::/64 may be "2001:db8:1:0" then; or, as zeros are left out, the
 * "2001:db8:1:" of "2001:db8:1::5". See hash_can_say().
 */
static void
put_hash(struct buf *out, const char *text, const struct act_ban *ban, int64_t now)
{
	const struct cidr *prefix = &ban->prefix;
	unsigned groups = prefix->bits / 16u, some = groups_before_zeros(prefix, groups);

	if (prefix->base.family == 4) {
		for (unsigned i = 0; i < prefix->bits / 8u; i++)
			buf_printf(out, "%s%u", i ? "." : "", prefix->base.byte[i]);
	} else if (prefix->bits == 128) {
		ban_text(out, STR("{ip}"), ban, now);
	} else {
		put_groups(out, prefix, groups);
		if (some < groups) {
			buf_char(out, '\t');
			ban_text(out, str_of(text), ban, now);
			buf_char(out, '\n');
			put_groups(out, prefix, some);
			buf_char(out, ':');
		}
	}
	buf_char(out, '\t');
	ban_text(out, str_of(text), ban, now);
}

static void
put_plain(struct buf *out, const char *text, const struct act_ban *ban, int64_t now)
{
	(void)text;
	ban_text(out, STR("{prefix}"), ban, now);
}

static void
put_ipset(struct buf *out, const char *text, const struct act_ban *ban, int64_t now)
{
	int64_t seconds = ban_seconds(ban, now);

	(void)text;
	buf_printf(out, "add postern%u ", ban->prefix.base.family);
	ban_text(out, STR("{prefix} timeout "), ban, now);
	buf_printf(out, "%lld", (long long)(seconds < IPSET_MOST ? seconds : IPSET_MOST));
}

static void
put_rbldnsd(struct buf *out, const char *text, const struct act_ban *ban, int64_t now)
{
	ban_text(out, STR("{prefix} :127.0.0.2:"), ban, now);
	ban_text(out, str_of(text), ban, now);
}

static const struct {
	const char *heading;
	void (*put)(struct buf *, const char *, const struct act_ban *, int64_t);
} formats[] = {
	[ACT_CIDR] = {"# written by postern; changes are lost\n", put_cidr},
	[ACT_HASH] = {"# written by postern; changes are lost\n", put_hash},
	[ACT_PLAIN] = {"", put_plain},
	[ACT_IPSET] = {
		"create -exist postern4 hash:net " IPSET_ROOM " timeout 0\n"
		"create -exist postern6 hash:net family inet6 " IPSET_ROOM " timeout 0\n"
		"flush postern4\nflush postern6\n", put_ipset},
	[ACT_RBLDNSD] = {"# written by postern; changes are lost\n", put_rbldnsd},
};

/*
 * access(5) has only whole octets or groups. Two zero groups or more are written as "::",
 * which does not say how many: in the middle of a network, or as a part of three and more
 * at its end, it could be another's, too.
 */
static bool
hash_can_say(const struct cidr *prefix)
{
	unsigned groups = prefix->bits / 16u, some = groups_before_zeros(prefix, groups);

	if (prefix->base.family == 4)
		return prefix->bits % 8 == 0;
	if (prefix->bits == 128)
		return true;
	for (unsigned i = 1; i < some; i++)
		if (group_of(prefix, i - 1) == 0 && group_of(prefix, i) == 0)
			return false;
	return prefix->bits % 16 == 0 && some && groups - some < 3;
}

bool
act_can_say(enum act_format format, const struct cidr *prefix)
{
	return format != ACT_HASH || hash_can_say(prefix);
}

void
act_put_table(enum act_format format, const char *text, const struct act_ban *bans,
    size_t count, int64_t now, struct buf *out)
{
	buf_str(out, str_of(formats[format].heading));
	for (size_t i = 0; i < count; i++) {
		if (!act_can_say(format, &bans[i].prefix))
			continue;
		formats[format].put(out, text, &bans[i], now);
		buf_char(out, '\n');
	}
}
