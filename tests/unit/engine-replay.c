/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: the verdicts are those of a detector that reads the log as it is, or follows
 * it as it is written, however the log is cut; what a ban prevents and how many there
 * are at once is what a plain count finds.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/hash.h"
#include "engine/engine.h"
#include "tap.h"

#define LOG "tests/corpus/postlog-files/mx1.maillog.gz"

static char directory[] = "/tmp/engine-replay-XXXXXX";
static char whole[64], older[64], newer[64], conf[64];

static void
no_facts(void *context, const struct ip *ip, struct detect_facts *ret)
{
	(void)context;
	(void)ip;
	(void)ret;
}

static void
fault(void *context, const char *text)
{
	(void)context;
	ok(false, "%s", text);
}

static struct run_settings
settings_of(const char *const *names, size_t count)
{
	return (struct run_settings){.names = names, .name_count = count, .since = INT64_MIN,
	    .until = INT64_MAX, .year = 2026};
}

static struct replay *
replay_of(const struct run_settings *settings, const struct rules *rules)
{
	struct replay_config config = {rules, detect_limits_default, NULL};
	struct run_result *result;
	struct replay *replay;
	struct err err;

	if (replay_run(settings, &config, 1, no_facts, NULL, &replay, &result, &err) < 0) {
		ok(false, "%s", err.text);
		exit(tap_done());
	}
	run_result_free(result);
	return replay;
}

/* IDS: of the same file, so that they must be equal, too. */
static bool
same_replay(const struct replay *a, const struct replay *b, bool ids)
{
	bool same = a->ban_count == b->ban_count && a->harm_count == b->harm_count &&
	    a->peak == b->peak && a->peak_time == b->peak_time &&
	    memcmp(&a->prevented, &b->prevented, sizeof(a->prevented)) == 0;

	for (size_t i = 0; same && i < a->ban_count; i++) {
		const struct replay_ban *x = &a->bans[i], *y = &b->bans[i];

		same = x->rule == y->rule && x->from == y->from && x->until == y->until &&
		    x->counted == y->counted && x->offence == y->offence &&
		    (!ids || x->id == y->id) &&
		    str_eq(a->subjects[x->subject].key, b->subjects[y->subject].key) &&
		    memcmp(&x->prevented, &y->prevented, sizeof(x->prevented)) == 0;
	}
	return same;
}

/* A guard in dry run, and what its bans would have kept away, counted plainly. */
struct guard {
	struct detect *detect;
	struct detect_out out;
	struct replay_ban *bans;
	struct cidr *prefixes;
	size_t count, room, events;
};

static void
prevent(struct guard *guard, const struct event *ev, const struct symbols *symbols)
{
	struct ip ip;

	if (!event_knows(ev, FIELD_ip) || !ip_parse(event_text(ev, FIELD_ip, symbols), &ip))
		return;
	for (size_t b = 0; b < guard->count; b++) {
		struct replay_ban *ban = &guard->bans[b];

		if (!cidr_contains(&guard->prefixes[b], &ip) || ev->time < ban->from ||
		    ev->time >= ban->until)
			continue;
		if (ev->kind == KIND_attempt && ev->outcome != OUTCOME_success)
			ban->prevented.attempts += ev->weight;
		if (!kind_is_derived(ev->kind))
			ban->prevented.events += ev->weight;
	}
}

static bool
judge(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct guard *guard = context;

	(void)sources;
	guard->events++;
	prevent(guard, ev, symbols);
	detect_event(guard->detect, ev, symbols, &guard->out);
	for (size_t v = 0; v < guard->out.count; v++) {
		const struct detect_verdict *verdict = &guard->out.verdicts[v];

		if (guard->count == guard->room) {
			guard->room = guard->room ? guard->room * 2 : 64;
			guard->bans = xrealloc(guard->bans, guard->room, sizeof(*guard->bans));
			guard->prefixes = xrealloc(guard->prefixes, guard->room,
			    sizeof(*guard->prefixes));
		}
		guard->prefixes[guard->count] = verdict->prefix;
		guard->bans[guard->count++] = (struct replay_ban){.rule = verdict->rule,
		    .id = verdict->id, .from = verdict->time,
		    .until = verdict->time + verdict->ban, .counted = verdict->counted};
	}
	return true;
}

static struct guard
guard_new(const struct rules *rules)
{
	return (struct guard){.detect = detect_new(rules->rules, rules->count,
	    &detect_limits_default, no_facts, NULL)};
}

static void
guard_done(struct guard *guard)
{
	detect_free(guard->detect);
	detect_out_free(&guard->out);
	free(guard->bans);
	free(guard->prefixes);
}

static bool
same_verdicts(const struct guard *guard, const struct replay *replay)
{
	bool same = guard->count == replay->ban_count;

	for (size_t b = 0; same && b < guard->count; b++)
		same = guard->bans[b].id == replay->bans[b].id &&
		    guard->bans[b].rule == replay->bans[b].rule &&
		    guard->bans[b].from == replay->bans[b].from &&
		    guard->bans[b].until == replay->bans[b].until &&
		    guard->bans[b].counted == replay->bans[b].counted;
	return same;
}

/* Networks and addresses banned at TIME, each once. */
static uint64_t
banned_at_once(const struct guard *guard, int64_t time)
{
	uint64_t n = 0;

	for (size_t b = 0; b < guard->count; b++) {
		bool again = false;

		if (time < guard->bans[b].from || time >= guard->bans[b].until)
			continue;
		for (size_t c = 0; c < b && !again; c++)
			again = time >= guard->bans[c].from && time < guard->bans[c].until &&
			    memcmp(&guard->prefixes[b], &guard->prefixes[c],
			        sizeof(guard->prefixes[b])) == 0;
		n += !again;
	}
	return n;
}

static void
test_counts(const struct guard *guard, const struct replay *replay)
{
	bool same = guard->count == replay->ban_count;
	uint64_t peak = 0;
	int64_t at = 0;

	for (size_t b = 0; same && b < guard->count; b++)
		same = guard->bans[b].prevented.events == replay->bans[b].prevented.events &&
		    guard->bans[b].prevented.attempts == replay->bans[b].prevented.attempts;
	ok(same, "what each ban prevents is what a plain count finds");
	for (size_t b = 0; b < guard->count; b++) {
		uint64_t n = banned_at_once(guard, guard->bans[b].from);

		if (n > peak || (n == peak && guard->bans[b].from < at)) {
			peak = n;
			at = guard->bans[b].from;
		}
	}
	ok(peak == replay->peak && at == replay->peak_time, "at once at most %llu",
	    (unsigned long long)replay->peak);
}

static void
test_scan(const struct run_settings *settings, const struct rules *rules,
    const struct replay *replay)
{
	struct guard guard = guard_new(rules);
	struct run_result *result;
	struct err err;

	ok(run_scan(settings, judge, &guard, &result, &err) == 0, "a scan");
	ok(same_verdicts(&guard, replay), "%zu verdicts as when every field is read",
	    guard.count);
	test_counts(&guard, replay);
	run_result_free(result);
	guard_done(&guard);
}

static void
test_live(const char *name, const struct rules *rules, const struct replay *replay)
{
	struct guard guard = guard_new(rules);
	struct live_settings settings = {.names = &name, .name_count = 1, .from_start = true,
	    .year = 2026, .since = INT64_MIN, .each = judge, .fault = fault,
	    .context = &guard};
	struct live *live;
	struct err err;
	size_t before;

	if (live_open(&settings, &live, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	do {
		before = guard.events;
		live_read(live);
	} while (guard.events > before);
	ok(same_verdicts(&guard, replay), "%zu verdicts as when the log is followed",
	    guard.count);
	live_close(live);
	guard_done(&guard);
}

static void
test_pieces(const struct rules *rules, const struct replay *replay)
{
	const char *const one[] = {whole}, *const two[] = {newer, older};
	struct run_settings settings = settings_of(one, 1);
	struct replay *other;

	for (unsigned jobs = 2; jobs <= 3; jobs++) {
		settings.jobs = jobs;
		settings.chunk_bytes = 20011;
		settings.apart = jobs == 2;
		other = replay_of(&settings, rules);
		ok(same_replay(replay, other, true), "the same in pieces, %u threads", jobs);
		replay_free(other);
	}
	settings = settings_of(two, 2);
	other = replay_of(&settings, rules);
	ok(same_replay(replay, other, false), "the same when the log was rotated");
	replay_free(other);
}

static void
test_two(const struct run_settings *settings, const struct rules *rules,
    const struct replay *replay)
{
	struct replay_config configs[] = {
		{rules, detect_limits_default, NULL}, {rules, detect_limits_default, NULL}};
	struct replay_change *changes;
	struct run_result *result;
	struct replay *both[2];
	struct rules fewer = *rules;
	struct err err;

	fewer.count = 1;
	configs[1].rules = &fewer;
	ok(replay_run(settings, configs, 2, no_facts, NULL, both, &result, &err) == 0,
	    "two configs");
	ok(same_replay(replay, both[0], true), "do not touch each other");
	ok(replay_compare(both[0], both[0], &changes) == 0, "the same is not different");
	free(changes);
	ok(replay_compare(both[0], both[1], &changes) > 0 && changes[0].a, "less is");
	free(changes);
	run_result_free(result);
	replay_free(both[0]);
	replay_free(both[1]);
}

/* The log whole, and as it would lie there rotated once. */
static void
make_logs(void)
{
	char command[600];

	if (!mkdtemp(directory)) {
		ok(false, "%s", directory);
		exit(tap_done());
	}
	snprintf(whole, sizeof(whole), "%s/whole", directory);
	snprintf(newer, sizeof(newer), "%s/log", directory);
	snprintf(older, sizeof(older), "%s/log.1", directory);
	snprintf(conf, sizeof(conf), "%s/conf", directory);
	snprintf(command, sizeof(command), "gzip -dc %s >%s && head -n 7000 %s >%s && "
	    "tail -n +7001 %s >%s && : >%s", LOG, whole, whole, older, whole, newer, conf);
	if (system(command) != 0)
		ok(false, "%s", command);
}

int
main(void)
{
	const char *const names[] = {whole};
	struct settings *settings;
	struct run_settings run;
	struct replay *replay;
	struct rules rules;
	char command[64];
	struct err err;

	hash_init();
	zone_set("UTC", &err);
	make_logs();
	run = settings_of(names, 1);
	ok(settings_read(conf, fault, NULL, &settings, &err) == 0 &&
	    rules_make(settings, fault, NULL, &rules) == 0, "the shipped rules");
	replay = replay_of(&run, &rules);
	ok(replay->ban_count > 100 && replay->harm_count > 0, "%zu bans", replay->ban_count);
	test_scan(&run, &rules, replay);
	test_live(whole, &rules, replay);
	test_pieces(&rules, replay);
	test_two(&run, &rules, replay);
	replay_free(replay);
	rules_done(&rules);
	settings_free(settings);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) == 0 ? tap_done() : 1;
}
