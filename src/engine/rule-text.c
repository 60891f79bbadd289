/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rule-text.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/nearest.h"
#include "engine/setting-value.h"

#define REMEMBERED (90 * USEC_PER_DAY)

static int
key_field(struct str name, enum field *ret, struct err *err)
{
	const char *names[FIELDS], *near;

	*ret = event_field_named(name);
	if (*ret != FIELDS)
		return 0;
	for (unsigned i = 0; i < FIELDS; i++)
		names[i] = event_fields[i].name;
	near = nearest(name, names, FIELDS);
	return err_set(err, "events have no field '%.*s'%s%s%s", STR_ARG(name),
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

int
rule_key(struct str text, struct detect_key *ret, struct err *err)
{
	struct str name = str_trim(text);

	ret->function = DETECT_VALUE;
	if (str_eq(name, STR("net")))
		name = STR("net(ip)");
	if (str_skip(&name, STR("net(")))
		ret->function = DETECT_NET;
	else if (str_skip(&name, STR("domain(")))
		ret->function = DETECT_DOMAIN;
	if (ret->function != DETECT_VALUE) {
		if (name.len == 0 || name.p[name.len - 1] != ')')
			return err_set(err, "'%.*s': expected a field, net(ip) or "
					    "domain(sender)", STR_ARG(text));
		name = str_trim(str_head(name, name.len - 1));
	}
	if (key_field(name, &ret->field, err) < 0)
		return -1;
	if (ret->function == DETECT_NET && event_fields[ret->field].type != TYPE_IP)
		return err_set(err, "net() is of an address, %.*s is none", STR_ARG(name));
	if (ret->function == DETECT_DOMAIN &&
	    event_fields[ret->field].domain != DOMAIN_ADDRESS)
		return err_set(err, "domain() is of a mail address, %.*s is none",
		    STR_ARG(name));
	return 0;
}

static bool
read_factor(struct str text, double *ret)
{
	char copy[32], *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!char_is_digit(text.p[i]) && (text.p[i] != '.' || i == 0))
			return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	*ret = strtod(copy, &end);
	return *end == '\0' && *ret >= 0 && *ret <= 1000;
}

/* What a part of that beginning is about may be said once. */
static int
ban_twice(struct str part, unsigned *said, struct err *err)
{
	static const char kinds[] = {'x', 'u', 'j', 'r'};

	for (unsigned i = 0; part.len && i < sizeof(kinds); i++) {
		if (*part.p != kinds[i])
			continue;
		if (*said >> i & 1)
			return err_set(err, "'%.*s': that was said before", STR_ARG(part));
		*said |= 1u << i;
	}
	return 0;
}

/* One part behind the first. */
static int
ban_part(struct str part, struct detect_ban *ret, struct err *err)
{
	struct str text = part;

	if (str_skip(&text, STR("x")) && read_factor(text, &ret->factor) && ret->factor >= 1)
		return 0;
	text = part;
	if (str_skip(&text, STR("up to "))) {
		text = str_trim(text);
		if (str_eq(text, STR("forever"))) {
			ret->most = INT64_MAX;
			return 0;
		}
		if (setting_duration(text, &ret->most))
			return 0;
	} else if (str_skip(&text, STR("jitter ")) && str_ends(text, STR("%"))) {
		text = str_trim(str_head(text, text.len - 1));
		if (read_factor(text, &ret->jitter) && (ret->jitter /= 100) <= 1)
			return 0;
	} else if (str_skip(&text, STR("remember "))) {
		if (setting_duration(str_trim(text), &ret->remembered))
			return 0;
	}
	return err_set(err, "'%.*s': expected x2, up to 1w, jitter 10%% or remember 30d",
	    STR_ARG(part));
}

int
rule_ban(struct str text, struct detect_ban *ret, struct err *err)
{
	struct str first = str_trim(str_cut(&text, ','));
	unsigned said = 0;

	*ret = (struct detect_ban){.factor = 1, .remembered = REMEMBERED};
	if (str_eq(first, STR("forever")))
		ret->first = INT64_MAX;
	else if (!setting_duration(first, &ret->first) || ret->first == 0)
		return err_set(err,
		    "'%.*s': a ban begins with its time, as in 1h, or is forever",
		    STR_ARG(first));
	ret->most = -1;
	while (text.len) {
		struct str part = str_trim(str_cut(&text, ','));

		if (ban_part(part, ret, err) < 0 || ban_twice(part, &said, err) < 0)
			return -1;
	}
	if (ret->most < 0) /* not said: longer for what makes it longer */
		ret->most = ret->factor > 1 || ret->jitter > 0 ? INT64_MAX : ret->first;
	if (ret->most < ret->first)
		return err_set(err, "the longest ban is shorter than the first");
	return 0;
}

static bool
allow_country(struct str text, char ret[3])
{
	if (text.len != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		ret[i] = (char)(text.p[i] & ~0x20);
		if (ret[i] < 'A' || ret[i] > 'Z')
			return false;
	}
	ret[2] = '\0';
	return true;
}

/* Lists with room for every item. */
struct allow_lists {
	struct cidr *nets;
	struct str *names, *users;
	char (*countries)[3];
	uint32_t *asns;
};

/* Letters, digits, '-' and '_' between dots; *NAME loses the one at its end. */
static bool
allow_name(struct str *name)
{
	char before = '\0';

	if (name->len > 1 && str_ends(*name, STR(".")))
		*name = str_head(*name, name->len - 1);
	for (size_t i = 0; i < name->len; before = name->p[i++])
		if (name->p[i] == '.' ? before == '.' : !char_is_alnum(name->p[i]) &&
		    name->p[i] != '-' && name->p[i] != '_')
			return false;
	return name->len > 0 && before != '.';
}

static bool
allow_item(struct str item, struct allow_lists *lists, struct detect_allow *ret)
{
	int64_t number;

	if (str_skip(&item, STR("name:"))) {
		if (!allow_name(&item))
			return false;
		lists->names[ret->name_count++] = item;
		return true;
	}
	if (str_skip(&item, STR("user:"))) {
		lists->users[ret->user_count++] = item;
		return item.len > 0;
	}
	if (str_skip(&item, STR("country:")))
		return allow_country(item, lists->countries[ret->country_count++]);
	if (str_skip(&item, STR("asn:"))) {
		str_skip(&item, STR("AS"));
		if (!str_number(item, &number) || number < 1 || number > UINT32_MAX)
			return false;
		lists->asns[ret->asn_count++] = (uint32_t)number;
		return true;
	}
	return cidr_parse(item, &lists->nets[ret->net_count++]);
}

static int
not_allowed(struct str item, struct err *err)
{
	if (str_starts(item, STR("name:")))
		return err_set(err, "'%.*s': expected a host as name:mx.example.test, or "
		    "name:.example.test, which is all below it", STR_ARG(item));
	return err_set(err, "'%.*s': expected a network as 192.0.2.0/24, or name:, user:, "
	    "country: or asn: and what it is", STR_ARG(item));
}

int
rule_allow(const struct str *items, size_t count, struct arena *arena,
    struct detect_allow *ret, struct err *err)
{
	struct allow_lists lists = {
	    .nets = arena_alloc(arena, (count + 1) * sizeof(*lists.nets)),
	    .names = arena_alloc(arena, (count + 1) * sizeof(*lists.names)),
	    .users = arena_alloc(arena, (count + 1) * sizeof(*lists.users)),
	    .countries = arena_alloc(arena, (count + 1) * sizeof(*lists.countries)),
	    .asns = arena_alloc(arena, (count + 1) * sizeof(*lists.asns))};

	*ret = (struct detect_allow){0};
	for (size_t i = 0; i < count; i++)
		if (!allow_item(items[i], &lists, ret))
			return not_allowed(items[i], err);
	ret->nets = lists.nets;
	ret->names = lists.names;
	ret->users = lists.users;
	ret->countries = (const char (*)[3])lists.countries;
	ret->asns = lists.asns;
	return 0;
}
