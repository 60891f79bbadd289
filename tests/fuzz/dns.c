/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes what the resolver reads: replies of servers, or, when the input begins like
 * one, the file of names remembered. Whatever comes out must be host names.
 */
#include "base/hash.h"
#include "enrich/dns-memory.h"
#include "enrich/dns-reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t
fixed_clock(void)
{
	return INT64_C(1767225600000000);
}

static void
check_name(const char *name)
{
	char again[DNS_NAME_MAX + 1];

	if (!dns_host_name(str_of(name), again) || strcmp(name, again) != 0)
		abort();
}

static void
check_answer(void *context, const struct dns_answer *answer)
{
	(void)context;
	if (answer->confirmed > answer->name_count || answer->name_count > DNS_NAMES ||
	    answer->expires <= fixed_clock())
		abort();
	for (unsigned i = 0; i < answer->name_count; i++)
		check_name(answer->names[i]);
}

static void
read_reply(const uint8_t *data, size_t size)
{
	static const struct ip addresses[] = {
	    {{198, 18, 0, 7}, 4}, {{0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 6}};
	struct dns_names names;
	bool found;

	if (dns_reply_names(data, size, &names) == 0)
		for (unsigned i = 0; i < names.count; i++)
			check_name(names.names[i]);
	dns_reply_has(data, size, &addresses[0], &found);
	dns_reply_has(data, size, &addresses[1], &found);
}

static void
read_memory(struct str text)
{
	struct dns_settings settings = {
	    .servers = "127.0.0.1", .parallel = 1, .cache_max = 64, .clock = fixed_clock};
	struct dns *dns;
	struct err err;

	if (dns_new(&settings, NULL, NULL, &dns, &err) < 0)
		abort();
	dns_memory_read(text, dns, &err);
	dns_walk(dns, check_answer, NULL);
	dns_free(dns);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	if (str_starts(text, STR("postern")))
		read_memory(text);
	else
		read_reply(data, size);
	return 0;
}
