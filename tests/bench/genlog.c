/* SPDX-License-Identifier: Apache-2.0
 *
 * genlog: writes a Postfix log of any length to stdout and what is in it, as
 * JSON, to a file: the same log for the same seed, streaming, in the memory of
 * what is distinct. Clients, addresses and domains keep being new, ever more
 * rarely, as in real logs (Heaps' law); --fresh N stops that after N lines.
 *
 *   genlog [--lines N] [--seed N] [--rfc3339] [--clients N] [--fresh N] [--truth FILE]
 */
#include "genlog/genlog.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t lines_wanted = 1000000;

static const struct option options[] = {
    {"lines",   required_argument, NULL, 'n'},
    {"seed",    required_argument, NULL, 's'},
    {"clients", required_argument, NULL, 'c'},
    {"fresh",   required_argument, NULL, 'f'},
    {"truth",   required_argument, NULL, 't'},
    {"rfc3339", no_argument,       NULL, 'r'},
    {NULL,      0,                 NULL, 0  },
};

static void
generate(void)
{
	static struct session sessions[SLOTS];

	local_deliveries = grow(NULL, HOSTED, sizeof(*local_deliveries));
	memset(local_deliveries, 0, HOSTED * sizeof(*local_deliveries));
	for (uint32_t i = 0; i < SLOTS; i++)
		begin(&sessions[i], i);
	while (lines_done < lines_wanted) {
		struct session *s = &sessions[below(SLOTS)];

		s->steps[s->done++](s);
		if (s->done == s->planned)
			begin(s, s->slot);
	}
}

int
main(int argc, char **argv)
{
	FILE *truth = stderr;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n': lines_wanted = strtoull(optarg, NULL, 10); break;
		case 's': chance_state = strtoull(optarg, NULL, 10); break;
		case 'c': clients_most = strtoull(optarg, NULL, 10); break;
		case 'f': fresh_lines = strtoull(optarg, NULL, 10); break;
		case 'r': rfc3339 = true; break;
		case 't':
			truth = fopen(optarg, "w");
			if (!truth) {
				perror(optarg);
				return 1;
			}
			break;
		default: return 2;
		}
	}
	generate();
	write_truth(truth);
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(truth) != 0) {
		perror("genlog");
		return 1;
	}
	return 0;
}
