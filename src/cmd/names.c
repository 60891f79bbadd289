/* SPDX-License-Identifier: Apache-2.0
 *
 * names: the names of addresses for a command, with the memory of earlier runs.
 */
#include "base/civil.h"
#include "cmd/room.h"

int
names_begin(const struct options *options, int64_t deadline_usec, struct dns **ret,
    struct err *err)
{
	struct dns_settings settings = {.servers = options->server,
	    .parallel = options->parallel, .confirm = !options->no_confirm};
	char *place = options->no_cache ? NULL : dns_memory_place();

	settings.deadline_usec = deadline_usec;
	if (options->deadline_usec >= 0)
		settings.deadline_usec = options->deadline_usec;
	if (dns_new(&settings, NULL, NULL, ret, err) < 0) {
		free(place);
		return err_wrap(err, options->server ? "--server" : "names");
	}
	if (place && dns_memory_file.load(place, *ret, err) < 0)
		complain("warning: names remembered: %s", err->text);
	free(place);
	return 0;
}

void
names_end(const struct options *options, struct dns *dns)
{
	char *place = options->no_cache ? NULL : dns_memory_place();
	struct dns_stats stats = dns_stats(dns);
	struct err err;

	if (stats.asked && stats.replies == 0)
		complain("no name server answers%s%s", options->server ? ": " : "",
		    options->server ? options->server : "; see resolv.conf(5)");
	else if (stats.unanswered)
		complain("the deadline left %llu address%s without an answer",
		    (unsigned long long)stats.unanswered, stats.unanswered == 1 ? "" : "es");
	if (stats.no_room)
		complain("there was no room to ask about %llu more address%s",
		    (unsigned long long)stats.no_room, stats.no_room == 1 ? "" : "es");
	if (place && stats.asked && dns_memory_file.save(place, dns, &err) < 0)
		complain("warning: names to remember: %s", err.text);
	free(place);
	dns_free(dns);
}
