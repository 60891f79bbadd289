/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

/* Is TEXT a port and what may follow it, or nothing? A user's password is none. */
static bool
is_port(struct str text)
{
	while (text.len && char_is_digit(*text.p))
		text = str_from(text, 1);
	return text.len == 0 || *text.p == '/';
}

bool
host_is_this(struct str text)
{
	static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str rest = text;

		if (str_skip(&rest, str_of(names[i])) &&
		    (str_skip_char(&rest, ':') ? is_port(rest) :
		        rest.len == 0 || *rest.p == '/'))
			return true;
	}
	return false;
}

size_t
host_addresses(struct cidr *ret, size_t most)
{
	struct ifaddrs *all;
	size_t count = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *each = all; each && count < most; each = each->ifa_next) {
		const void *at = each->ifa_addr;
		const struct sockaddr_in *in4 = at;
		const struct sockaddr_in6 *in6 = at;
		struct cidr own = {.bits = 32, .base.family = 4};

		if (!at || (each->ifa_addr->sa_family != AF_INET &&
		    each->ifa_addr->sa_family != AF_INET6))
			continue;
		if (each->ifa_addr->sa_family == AF_INET)
			memcpy(own.base.byte, &in4->sin_addr, 4);
		else
			own = (struct cidr){.bits = 128, .base.family = 6};
		if (own.base.family == 6)
			memcpy(own.base.byte, &in6->sin6_addr, 16);
		ret[count++] = own;
	}
	freeifaddrs(all);
	return count;
}
