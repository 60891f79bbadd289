/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/own.h"

#include "base/host.h"

static bool
is_interfaces(struct str item)
{
	return str_eq(item, STR("interfaces"));
}

size_t
own_addresses(const struct settings *settings, struct cidr ret[OWN_MAX])
{
	const struct setting_value *own = settings_get(settings, SETTING_guard_own);
	size_t count = 0;
	struct ip ip;

	for (size_t i = 0; i < own->list_count && count < OWN_MAX; i++) {
		if (is_interfaces(own->list[i]))
			count += host_addresses(ret + count, OWN_MAX - count);
		else if (ip_parse(own->list[i], &ip))
			ret[count++] = (struct cidr){.base = ip,
			    .bits = ip_bits(ip.family)};
	}
	return count;
}

int
own_check(struct str item, struct err *err)
{
	struct ip ip;

	if (is_interfaces(item) || ip_parse(item, &ip))
		return 0;
	return err_set(err, "'%.*s': expected interfaces, or an address of the host",
	    STR_ARG(item));
}
