/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "act/nft.h"

#define AT_A_TIME 1000 /* elements in one statement */

/* nft reads eight digits of a unit, and the kernel's timeouts end somewhere. */
#define DAY 86400
#define FOR_GOOD (INT64_C(36500) * DAY) /* longer is without an end */

#define SET_NAME_MAX 16

/* Which sets: 0 to 32 for IPv4's lengths, then those of IPv6. */
#define SETS (33u + 129u)

static bool *
set_at(struct nft_sets *sets, unsigned s)
{
	return s < 33 ? &sets->v4[s] : &sets->v6[s - 33];
}

static bool
has(const struct nft_sets *sets, unsigned s)
{
	return s < 33 ? sets->v4[s] : sets->v6[s - 33];
}

static unsigned
set_of(const struct cidr *prefix)
{
	return prefix->base.family == 4 ? prefix->bits : 33u + prefix->bits;
}

static void
set_name(unsigned s, char out[SET_NAME_MAX])
{
	if (s == 32 || s == SETS - 1)
		snprintf(out, SET_NAME_MAX, "ban%c", s == 32 ? '4' : '6');
	else
		snprintf(out, SET_NAME_MAX, "net%c_%u", s < 33 ? '4' : '6',
		    s < 33 ? s : s - 33);
}

bool
nft_sets_add(struct nft_sets *sets, const struct cidr *prefix)
{
	bool *set = set_at(sets, set_of(prefix)), added = !*set;

	*set = true;
	return added;
}

void
nft_put_sets(struct buf *out, const char *table, const struct nft_sets *sets)
{
	char name[SET_NAME_MAX];

	for (unsigned s = 0; s < SETS; s++) {
		if (!has(sets, s))
			continue;
		set_name(s, name);
		buf_printf(out, "add set inet %s %s { type ipv%c_addr; flags timeout; }\n",
		    table, name, s < 33 ? '4' : '6');
	}
}

/* Whose packets set S is about. */
static void
put_match(struct buf *out, unsigned s)
{
	struct ip all = {.family = s < 33 ? 4 : 6};
	char mask[IP_TEXT_MAX], name[SET_NAME_MAX];

	set_name(s, name);
	buf_printf(out, "%s saddr ", s < 33 ? "ip" : "ip6");
	memset(all.byte, 0xff, s < 33 ? 4 : 16);
	all = ip_prefix(&all, s < 33 ? s : s - 33).base;
	ip_format(&all, mask);
	if (s != 32 && s != SETS - 1)
		buf_printf(out, "& %s ", mask);
	buf_printf(out, "@%s", name);
}

static void
put_ports(struct buf *out, const struct act_settings *settings)
{
	if (settings->port_count == 0)
		return;
	buf_str(out, STR(" tcp dport {"));
	for (size_t i = 0; i < settings->port_count; i++)
		buf_printf(out, "%s %u", i ? "," : "", settings->ports[i]);
	buf_str(out, STR(" }"));
}

void
nft_put_rules(struct buf *out, const struct act_settings *settings,
    const struct nft_sets *sets)
{
	for (unsigned s = 0; s < SETS; s++) {
		if (!has(sets, s))
			continue;
		buf_printf(out, "add rule inet %s input ", settings->table);
		put_match(out, s);
		put_ports(out, settings);
		buf_str(out, STR(" counter drop\n"));
	}
}

static void
put_element(struct buf *out, const struct act_ban *ban, int64_t now, bool with_timeout)
{
	int64_t seconds = ban_seconds(ban, now);
	char address[IP_TEXT_MAX];

	/* Of a network: its set says how long it is. */
	ip_format(&ban->prefix.base, address);
	buf_str(out, str_of(address));
	if (!with_timeout || seconds == 0 || seconds > FOR_GOOD)
		return;
	buf_str(out, STR(" timeout "));
	if (seconds >= DAY)
		buf_printf(out, "%lldd", (long long)(seconds / DAY));
	buf_printf(out, "%llds", (long long)(seconds % DAY));
}

/* What is there keeps its end when it is added, and what is not cannot be deleted. */
void
nft_put_change(struct buf *out, const char *table, const struct change *change, int64_t now)
{
	static const char *const steps[] = {"add", "delete", "add"};
	char name[SET_NAME_MAX];

	set_name(set_of(&change->ban.prefix), name);
	for (int step = 0; step < (change->unban ? 2 : 3); step++) {
		buf_printf(out, "%s element inet %s %s { ", steps[step], table, name);
		put_element(out, &change->ban, now, step == 2);
		buf_str(out, STR(" }\n"));
	}
}

bool
nft_is_over(const struct change *change, int64_t now)
{
	return change->ban.until <= now;
}

static void
put_elements(struct buf *out, const char *table, unsigned s, const struct change *changes,
    size_t count, int64_t now)
{
	char name[SET_NAME_MAX];
	size_t n = 0;

	set_name(s, name);
	for (size_t i = 0; i < count; i++) {
		if (set_of(&changes[i].ban.prefix) != s || nft_is_over(&changes[i], now))
			continue;
		if (n % AT_A_TIME == 0)
			buf_printf(out, "%sadd element inet %s %s { ", n ? " }\n" : "", table,
			    name);
		else
			buf_str(out, STR(", "));
		put_element(out, &changes[i].ban, now, true);
		n++;
	}
	if (n)
		buf_str(out, STR(" }\n"));
}

void
nft_put_all(struct buf *out, const char *table, const struct nft_sets *sets,
    const struct change *changes, size_t count, int64_t now)
{
	for (unsigned s = 0; s < SETS; s++)
		if (has(sets, s))
			put_elements(out, table, s, changes, count, now);
}

void
act_put_nft(const char *table, const struct act_ban *bans, size_t count, int64_t now,
    struct buf *out)
{
	struct nft_sets sets = {.v4[32] = true, .v6[128] = true};
	struct change *changes = xcalloc(count + 1, sizeof(*changes));

	for (size_t i = 0; i < count; i++) {
		changes[i].ban = bans[i];
		nft_sets_add(&sets, &bans[i].prefix);
	}
	buf_printf(out, "add table inet %s\n", table);
	nft_put_sets(out, table, &sets);
	for (unsigned s = 0; s < SETS; s++)
		if (has(&sets, s)) {
			buf_str(out, STR("# matched by: "));
			put_match(out, s);
			buf_char(out, '\n');
		}
	nft_put_all(out, table, &sets, changes, count, now);
	free(changes);
}
