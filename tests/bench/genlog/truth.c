/* SPDX-License-Identifier: Apache-2.0
 *
 * truth: what is in the log that was written, as JSON.
 */
#include "genlog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	struct name domain;
	uint64_t count;
};

static int
tally_order(const void *va, const void *vb)
{
	const struct tally *a = va, *b = vb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->domain.text, b->domain.text);
}

static void
write_domains(FILE *out)
{
	struct tally *tallies = grow(NULL, domains.count + HOSTED, sizeof(*tallies));
	uint32_t n = 0;

	for (uint32_t i = 0; i < domains.count; i++)
		tallies[n++] = (struct tally){domain_name(i), domain_deliveries[i]};
	for (uint32_t i = 0; i < HOSTED; i++)
		tallies[n++] = (struct tally){hosted_name(i), local_deliveries[i]};
	qsort(tallies, n, sizeof(*tallies), tally_order);
	fprintf(out, " \"recipient_domains\": [");
	for (uint32_t i = 0; i < n && i < 10; i++)
		fprintf(out, "%s[\"%s\", %" PRIu64 "]", i ? ", " : "", tallies[i].domain.text,
		    tallies[i].count);
	fprintf(out, "],\n");
	free(tallies);
}

void
write_truth(FILE *out)
{
	const char *separator = "";

	fprintf(out, "{\n \"lines\": %" PRIu64 ",\n \"kinds\": {", lines_done);
	for (unsigned i = 0; i < KIND_COUNT; i++, separator = ", ")
		fprintf(out, "%s\"%s\": %" PRIu64, separator, kind_names[i], kind_counts[i]);
	fprintf(out, "},\n \"statuses\": {");
	for (unsigned i = 0; i < 3; i++)
		fprintf(out, "%s\"%s\": %" PRIu64, i ? ", " : "", statuses[i],
		    status_counts[i]);
	fprintf(out, "},\n \"reject_codes\": {");
	for (unsigned i = 0; i < 4; i++)
		fprintf(out, "%s\"%d\": %" PRIu64, i ? ", " : "", codes[i], code_counts[i]);
	fprintf(out,
	    "},\n \"postscreen_codes\": {\"450\": %" PRIu64 ", \"550\": %" PRIu64 "},\n",
	    ps_code_counts[0], ps_code_counts[1]);
	write_domains(out);
	fprintf(out, " \"messages\": %" PRIu64 ",\n \"distinct\": {\"clients\": %" PRIu64
	    ", \"logins\": %" PRIu64 "}\n}\n", messages_done, clients.written, logins.written);
}
