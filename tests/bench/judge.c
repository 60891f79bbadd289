/* SPDX-License-Identifier: Apache-2.0
 *
 * judge: what it costs to follow a log, read, track and judge it, without keeping what
 * it tells: CPU milliseconds, events and verdicts, by tabs. The rules are those of CONF.
 *
 *   judge CONF LOG
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/hash.h"
#include "engine/engine.h"

struct judging {
	struct detect *detect;
	struct detect_out out;
	uint64_t events, verdicts;
};

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct judging *judging = context;

	(void)sources;
	judging->events++;
	detect_event(judging->detect, ev, symbols, &judging->out);
	judging->verdicts += judging->out.count;
	return true;
}

static void
take_fault(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "judge: %s\n", text);
	exit(1);
}

static void
know_nothing(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	(void)ip;
	(void)ret;
}

/* Reads NAME to the end that it has now. */
static int
follow(const char *name, struct judging *judging, struct err *err)
{
	struct live_settings settings = {.names = &name, .name_count = 1, .from_start = true,
	    .since = INT64_MIN, .each = take_event, .fault = take_fault, .context = judging};
	const struct follow_position *positions;
	struct stat status;
	struct live *live;

	if (stat(name, &status) < 0 || live_open(&settings, &live, err) < 0)
		return -1;
	do
		live_read(live);
	while (live_positions(live, &positions) == 0 ||
	    positions[0].offset < (uint64_t)status.st_size);
	live_close(live);
	return 0;
}

int
main(int argc, char **argv)
{
	struct judging judging = {.detect = NULL};
	struct detect_limits limits;
	struct settings *settings;
	struct timespec cpu;
	struct rules rules;
	struct err err = {""};

	hash_init();
	if (argc != 3 || settings_read(argv[1], take_fault, NULL, &settings, &err) != 0 ||
	    rules_make(settings, take_fault, NULL, &rules) != 0) {
		fprintf(stderr, "usage: judge CONF LOG\n%s\n", err.text);
		return 2;
	}
	limits = rules_limits(settings);
	judging.detect = detect_new(rules.rules, rules.count, &limits, know_nothing, NULL);
	if (follow(argv[2], &judging, &err) < 0) {
		fprintf(stderr, "judge: %s: %s\n", argv[2], err.text);
		return 1;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("%.0f\t%llu\t%llu\n", (double)cpu.tv_sec * 1e3 + (double)cpu.tv_nsec * 1e-6,
	    (unsigned long long)judging.events, (unsigned long long)judging.verdicts);
	detect_free(judging.detect);
	detect_out_free(&judging.out);
	rules_done(&rules);
	settings_free(settings);
	return 0;
}
