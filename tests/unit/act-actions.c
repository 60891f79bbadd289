/* SPDX-License-Identifier: Apache-2.0
 *
 * act: files and commands do what they are told, once it can be done; messages that make
 * no sense are not followed.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "act/room.h"
#include "tap.h"

static char folder[] = "/tmp/postern-act-XXXXXX";
static char paths[8][64];
static struct act_settings actions[8];
static struct act_config config = {actions, 0};
static char said[256];

static int
load(const void *context, const struct act_config **ret, struct err *err)
{
	(void)context;
	(void)err;
	*ret = &config;
	return 0;
}

static void
log_said(void *context, const char *text)
{
	(void)context;
	snprintf(said, sizeof(said), "%s", text);
}

static int64_t
now_usec(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static char *
path_of(const char *name)
{
	char *path = paths[config.count];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/* What is in the file NAME; empty when it is not there. */
static const char *
content(const char *name)
{
	static char text[65536];
	char path[128];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((f = fopen(path, "r"))) {
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	return text;
}

/* Goes on until TEXT is in the file NAME (or is not, with THERE false), or half a minute. */
static bool
until(struct act *act, const char *name, const char *text, bool there)
{
	for (int i = 0; i < 3000; i++) {
		struct pollfd poller = {.fd = act_fd(act), .events = POLLIN};

		act_process(act, now_usec(CLOCK_MONOTONIC), log_said, NULL);
		if ((strstr(content(name), text) != NULL) == there)
			return true;
		poll(&poller, 1, 10);
	}
	printf("# %s: %s; said: %s\n", name, content(name), said);
	return false;
}

/* So many wait; a file is there before its process says so. */
static bool
waiting(struct act *act, size_t count)
{
	for (int i = 0; i < 3000 && act_stats(act, 0).waiting != count; i++) {
		struct pollfd poller = {.fd = act_fd(act), .events = POLLIN};

		poll(&poller, 1, 10);
		act_process(act, now_usec(CLOCK_MONOTONIC), log_said, NULL);
	}
	return act_stats(act, 0).waiting == count;
}

static struct act_ban
ban(const char *prefix, uint64_t id, int64_t seconds)
{
	struct act_ban ban = {.id = id, .until = seconds ?
	    now_usec(CLOCK_REALTIME) + seconds * 1000000 : INT64_MAX};

	cidr_parse(str_of(prefix), &ban.prefix);
	return ban;
}

static void
add_file(const char *name, enum act_format format)
{
	actions[config.count] = (struct act_settings){.name = name, .sort = ACT_FILE,
	    .path = path_of(name), .format = format, .text = "REJECT banned, id {id}"};
	config.count++;
}

/* What Postfix asks access(5) of ADDRESS, and whether TABLE has it. */
static bool
looks_up(const char *table, const char *address)
{
	char key[64], line[80];

	snprintf(key, sizeof(key), "%s", address);
	for (;;) {
		char *last;

		snprintf(line, sizeof(line), "\n%s\t", key);
		if (strstr(table, line))
			return true;
		last = strrchr(key, ':');
		if (!last)
			return false;
		*last = '\0';
	}
}

static void
hashed(const char *net, const char *within, const char *outside, bool can)
{
	struct buf out = BUF_INIT(10000);
	struct act_ban one = ban(net, 1, 0);

	act_put_table(ACT_HASH, "REJECT", &one, 1, 0, &out);
	buf_char(&out, '\0');
	ok(looks_up(out.p, within) == can && !looks_up(out.p, outside), "hash of %s", net);
	buf_done(&out);
}

/* As glibc's inet_ntop() writes addresses, which Postfix cuts at its colons. */
static void
hash_networks(void)
{
	hashed("2001:db8:1:2::/64", "2001:db8:1:2::5", "2001:db8:1:3::5", true);
	hashed("2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6", "2001:db8:1:20::", true);
	hashed("2001:db8:1::/64", "2001:db8:1::5", "2001:db8:1:1::5", true);
	hashed("2001:db8:1::/64", "2001:db8:1:0:1:2:3:4", "2001:db8:1:1:0:2:3:4", true);
	hashed("2001:db8::/64", "2001:db8::5", "2001:db8:0:1::5", true);
	hashed("2001:db8::/64", "2001:db8:0:0:1::", "2001:db8:1::5", true);
	hashed("2001::/64", "2001::5:0:0:1", "2001::5:6:7:8:9", false);
	hashed("2001:0:0:1::/64", "2001::1:2:3:4:5", "2001::1:2", false);
	hashed("2001:db8::/32", "2001:db8:1::5", "2001:db9::1", true);
	hashed("2001:db8:1:100::/56", "2001:db8:1:100::1", "2001:db8:1:200::1", false);
}

static void
texts(void)
{
	struct act_ban address = ban("192.0.2.1", 7, 0), net = ban("2001:db8:1::/64", 8, 0);
	struct buf out = BUF_INIT(1000);

	ban_text(&out, STR("{ip} {prefix} "), &address, 0);
	ban_text(&out, STR("{ip} {prefix} {seconds} {id}"), &net, 0);
	ok(str_eq(buf_view(&out), STR("192.0.2.1 192.0.2.1/32 2001:db8:1::/64 2001:db8:1::/64 0 "
	    "0000000000000008")), "{ip} of a network is the network: %.*s", (int)out.len, out.p);
	buf_done(&out);
}

static int
start(act_load *from, size_t count, struct act **ret, struct err *err)
{
	enum act_sort their[8];
	struct act_begin begin = {.load = from, .sorts = their, .count = count};

	for (size_t i = 0; i < count; i++)
		their[i] = actions[i].sort;
	return act_start(&begin, ret, err);
}

static void
files(void)
{
	struct act_ban bans[] = {ban("192.0.2.1", 1, 0), ban("2001:db8::/64", 2, 3600),
	    ban("198.51.100.0/24", 3, 3600), ban("203.0.113.9", 4, 2)};
	struct act *act;
	struct err err;

	add_file("cidr", ACT_CIDR);
	add_file("hash", ACT_HASH);
	add_file("ipset", ACT_IPSET);
	ok(start(load, config.count, &act, &err) == 0, "started");
	for (size_t a = 0; a < config.count; a++)
		act_restore(act, a, bans, 4);
	ok(until(act, "cidr", "198.51.100.0/24\tREJECT banned, id 0000000000000003\n", true) &&
	    strstr(content("cidr"), "192.0.2.1/32\tREJECT") &&
	    strstr(content("cidr"), "2001:db8::/64\tREJECT"), "cidr");
	ok(until(act, "hash", "198.51.100\tREJECT", true) &&
	    strstr(content("hash"), "192.0.2.1\t") && strstr(content("hash"), "2001:db8:0:0\t"),
	    "hash, as access(5) looks up");
	ok(until(act, "ipset", "add postern6 2001:db8::/64 timeout 3", true) &&
	    strstr(content("ipset"), "add postern4 192.0.2.1/32 timeout 0\n"), "ipset");
	act_unban(act, 0, &bans[0]);
	ok(until(act, "cidr", "192.0.2.1/32", false), "lifted");
	ok(until(act, "cidr", "203.0.113.9", false), "what ends is taken out");
	act_restore(act, 0, bans + 2, 1);
	ok(until(act, "cidr", "2001:db8", false) && strstr(content("cidr"), "198.51.100"),
	    "the whole truth replaces what was");
	ok(waiting(act, 0) && act_stats(act, 0).failed == 0, "nothing waits");
	act_stop(act);
}

/* What a format cannot say is told, once for each network, and not all the time. */
static void
left_out(void)
{
	struct act_ban bans[] = {ban("2001:db8:1:100::/56", 1, 3600), ban("192.0.2.0/20", 2, 3600),
	    ban("198.51.100.1", 3, 3600)};
	struct act *act;
	struct err err;

	config.count = 0;
	add_file("short", ACT_HASH);
	ok(start(load, config.count, &act, &err) == 0, "started");
	*said = '\0';
	act_restore(act, 0, bans, 3);
	ok(until(act, "short", "198.51.100.1\t", true) && waiting(act, 0) &&
	    strstr(said, "short: format hash has no way to write 2001:db8:1:100::/56 and 1 more "
	    "network"), "what is left out is told: %s", said);
	*said = '\0';
	bans[2] = ban("203.0.113.1", 4, 3600);
	act_restore(act, 0, bans, 3);
	ok(until(act, "short", "203.0.113.1\t", true) && waiting(act, 0) && !*said,
	    "once, though all is told anew: %s", said);
	bans[0] = ban("2001:db8:1:200::/56", 5, 3600);
	act_ban(act, 0, &bans[0]);
	ok(waiting(act, 0) && !*said, "another soon after it is told of later: %s", said);
	act_stop(act);
}

/* A program that fails for 2001:db8::1 until the file "ready" is there. */
static char script[400];

static void
make_script(void)
{
	snprintf(script, sizeof(script), "case $1 in *2001:db8::1*) test -e %s/ready || exit 1;; "
	    "esac; echo \"$@\" >>%s/ran", folder, folder);
	config.count = 0;
}

static void
commands(void)
{
	const char *const run[] = {"sh", "-c", script, "x", "{ip}", "{seconds}", "{id}", NULL};
	const char *const undo[] = {"sh", "-c", script, "x", "-{prefix}", NULL};
	struct act_ban bad = ban("2001:db8::1", 10, 0), good = ban("192.0.2.1", 11, 0);
	struct act *act;
	struct err err;

	make_script();
	actions[config.count++] = (struct act_settings){.name = "run", .sort = ACT_COMMAND,
	    .ban = run, .unban = undo, .timeout_usec = 5000000};
	start(load, 1, &act, &err);
	act_ban(act, 0, &bad);
	act_ban(act, 0, &good);
	ok(until(act, "ran", "192.0.2.1 0 000000000000000b\n", true) &&
	    waiting(act, 1) && strcmp(said, "run: ban 2001:db8::1/128: sh: exit status 1") == 0,
	    "one that fails is told and holds up no other");
	ok(act_stats(act, 0).failed > 0 && act_stats(act, 0).done == 1, "and is not done");
	snprintf(paths[7], sizeof(paths[7]), "%s/ready", folder);
	fclose(fopen(paths[7], "w"));
	ok(until(act, "ran", "2001:db8::1 0 000000000000000a\n", true), "and is done later");
	ok(waiting(act, 0) && act_stats(act, 0).done == 2, "and told to be");
	act_unban(act, 0, &bad);
	ok(until(act, "ran", "-2001:db8::1/128\n", true), "and taken back");
	act_restore(act, 0, NULL, 0);
	ok(until(act, "ran", "-192.0.2.1/32\n", true), "what is not to be is ended");
	act_stop(act);
}

static void
longer_commands(void)
{
	const char *const run[] = {"sh", "-c", script, "x", "+{ip}", NULL};
	const char *const undo[] = {"sh", "-c", script, "x", "-{ip}", NULL};
	struct act_ban first = ban("192.0.2.9", 20, 60), longer = ban("192.0.2.9", 21, 600);
	struct act *act;
	struct err err;

	make_script();
	actions[config.count++] = (struct act_settings){.name = "run", .sort = ACT_COMMAND,
	    .ban = run, .unban = undo, .timeout_usec = 5000000};
	start(load, 1, &act, &err);
	act_ban(act, 0, &first);
	act_ban(act, 0, &longer);
	act_unban(act, 0, &longer);
	ok(until(act, "ran", "+192.0.2.9\n-192.0.2.9\n", true),
	    "a longer ban is none for a program that is not told how long");
	act_stop(act);
}

/* Whether an unban that failed did nothing or all of it is not known. */
static void
banned_again(void)
{
	static const char *const on[] = {"sh", "-c", "echo +{ip} >>$0", paths[0], NULL};
	static const char *const off[] = {"sh", "-c", "echo -{ip} >>$0; exit 1", paths[0], NULL};
	struct act_ban one = ban("192.0.2.1", 1, 0);
	struct act *act;
	struct err err;

	config.count = 0;
	path_of("again");
	actions[config.count++] = (struct act_settings){.name = "own", .sort = ACT_COMMAND,
	    .ban = on, .unban = off, .timeout_usec = 5000000};
	start(load, 1, &act, &err);
	act_ban(act, 0, &one);
	act_unban(act, 0, &one);
	ok(until(act, "again", "+192.0.2.1\n-192.0.2.1\n", true), "an unban fails");
	act_ban(act, 0, &one);
	ok(until(act, "again", "\n+192.0.2.1\n", true), "and the ban after it is run");
	act_stop(act);
}

/* Owners write programs into their settings. */
static void
long_argument(void)
{
	static char text[6000];
	const char *const run[] = {"sh", "-c", text, path_of("long"), NULL};
	struct act_ban one = ban("192.0.2.1", 1, 0);
	struct act *act;
	struct err err;

	memset(text, ' ', sizeof(text));
	snprintf(text + 5000, 100, "echo {ip} >>$0");
	config.count = 0;
	actions[config.count++] = (struct act_settings){.name = "own", .sort = ACT_COMMAND,
	    .ban = run, .timeout_usec = 5000000};
	start(load, 1, &act, &err);
	act_ban(act, 0, &one);
	ok(until(act, "long", "192.0.2.1\n", true), "an argument of 5 KB is run whole");
	act_stop(act);
}

/* A file that cannot be written is not tried without end. */
static void
unwritable(void)
{
	struct act_ban first = ban("192.0.2.1", 1, 0);
	uint64_t told = 0;
	struct act *act;
	struct err err;

	config.count = 0;
	add_file("none/such", ACT_CIDR);
	start(load, 1, &act, &err);
	act_ban(act, 0, &first);
	for (int64_t end = now_usec(CLOCK_MONOTONIC) + 2500000; now_usec(CLOCK_MONOTONIC) < end;) {
		said[0] = '\0';
		act_process(act, now_usec(CLOCK_MONOTONIC), log_said, NULL);
		told += said[0] != '\0';
		poll(NULL, 0, 10);
	}
	ok(told > 0 && told <= 2, "a file that cannot be written: tried again after 1 s, 2 s (%llu)",
	    (unsigned long long)told);
	act_stop(act);
}

/* One that cannot even start. */
static int
no_load(const void *context, const struct act_config **ret, struct err *err)
{
	(void)context, (void)ret;
	return err_set(err, "no settings");
}

static void
lost(void)
{
	struct act *act;
	struct err err;
	bool told = false;

	start(load, 1, &act, &err);
	ok(!act_lost(act), "none is lost");
	act_stop(act);
	start(no_load, 1, &act, &err);
	for (int i = 0; i < 500 && !told; i++) {
		told = act_lost(act);
		poll(NULL, 0, 10);
	}
	ok(told && !act_lost(act), "one that ended by itself is told of once");
	act_stop(act);
}

/* Starts with LEFT descriptors, which are not enough; nothing of ours is closed for it. */
static void
short_of(unsigned left)
{
	struct rlimit before, limit;
	struct act *act;
	struct err err = {""};
	int lowest = dup(STDIN_FILENO), result;

	close(lowest);
	getrlimit(RLIMIT_NOFILE, &before);
	limit = (struct rlimit){(rlim_t)lowest + left, before.rlim_max};
	setrlimit(RLIMIT_NOFILE, &limit);
	result = start(load, 1, &act, &err);
	setrlimit(RLIMIT_NOFILE, &before);
	ok(result < 0 && fcntl(STDIN_FILENO, F_GETFD) >= 0 &&
	    strstr(err.text, "Too many open files"), "%u descriptors are not enough: %s", left,
	    err.text);
}

static void
lengths(void)
{
	static const struct {
		int64_t left, seconds;
	} rows[] = {{-5000000, 1}, {0, 1}, {1, 1}, {1000000, 1}, {1000001, 2}, {4300000, 5},
	    {3600000000, 3600}};
	struct act_ban some = {.until = INT64_MAX};

	ok(ban_seconds(&some, 1) == 0, "for good: 0 s");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		some.until = 1795198533000000 + rows[i].left;
		ok(ban_seconds(&some, 1795198533000000) == rows[i].seconds,
		    "%lld us left: %lld s", (long long)rows[i].left, (long long)rows[i].seconds);
	}
}

/* What takes a ban has a longest timeout: nft as many digits, ipset 31 bits of milliseconds. */
static void
very_long(void)
{
	static const struct {
		int64_t seconds;
		const char *nft, *ipset;
	} rows[] = {
	    {3600, "192.0.2.1 timeout 3600s }", "192.0.2.1/32 timeout 3600\n"},
	    {86399, "192.0.2.1 timeout 86399s }", "timeout 86399\n"},
	    {157680001, "192.0.2.1 timeout 1825d1s }", "timeout 2147483\n"},
	    {INT64_C(86400) * 36500, "{ 192.0.2.1 timeout 36500d0s }", "timeout 2147483\n"},
	    {INT64_C(86400) * 36501, "{ 192.0.2.1 }", "timeout 2147483\n"},
	    {INT64_C(9223372036000), "{ 192.0.2.1 }", "timeout 2147483\n"},
	};
	struct act_ban some = ban("192.0.2.1", 1, 0);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf nft = BUF_INIT(4096), ipset = BUF_INIT(4096);

		some.until = 1 + rows[i].seconds * 1000000;
		act_put_nft("t", &some, 1, 1, &nft);
		act_put_table(ACT_IPSET, "", &some, 1, 1, &ipset);
		ok(str_find(buf_view(&nft), str_of(rows[i].nft)) < nft.len &&
		    str_find(buf_view(&ipset), str_of(rows[i].ipset)) < ipset.len,
		    "%lld s, as nft and ipset can take it", (long long)rows[i].seconds);
		buf_done(&nft);
		buf_done(&ipset);
	}
}

/* A set for each length: nothing touches or nests in one. */
static void
nft_networks(void)
{
	static const char *const prefixes[] = {"192.0.2.0/24", "192.0.2.128/25",
	    "198.51.100.0/24", "2001:db8:0:10::/61"};
	static const char *const lines[] = {
	    "add set inet t net4_24 { type ipv4_addr; flags timeout; }\n",
	    "# matched by: ip saddr & 255.255.255.0 @net4_24\n",
	    "# matched by: ip6 saddr & ffff:ffff:ffff:fff8:: @net6_61\n",
	    "add element inet t net4_24 { 192.0.2.0 timeout 60s, 198.51.100.0 timeout 60s }\n",
	    "add element inet t net4_25 { 192.0.2.128 timeout 60s }\n",
	    "add element inet t net6_61 { 2001:db8:0:10:: timeout 60s }\n",
	};
	struct buf out = BUF_INIT(4096);
	struct act_ban bans[4];

	for (size_t i = 0; i < 4; i++) {
		bans[i] = (struct act_ban){.id = i, .until = 60000001};
		cidr_parse(str_of(prefixes[i]), &bans[i].prefix);
	}
	act_put_nft("t", bans, 4, 1, &out);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ok(str_find(buf_view(&out), str_of(lines[i])) < out.len, "nft: %.40s", lines[i]);
	buf_done(&out);
}

/* The first one is gone. */
static void
end_all(struct act *act)
{
	struct act_leaving *leaving = NULL;

	act_leave(act, 1, &leaving);
	act_leaving_wait(&leaving, log_said, NULL);
}

/* What cannot be taken away is told, and holds up nothing else. */
static void
ended(void)
{
	static const char *const on[] = {"/bin/sh", "-c", "echo +{ip} >>$0", paths[0], NULL};
	static const char *const off[] = {"/bin/sh", "-c",
	    "test {ip} != 192.0.2.2 && echo -{ip} >>$0", paths[0], NULL};
	struct act_ban bans[] = {ban("192.0.2.1", 1, 0), ban("192.0.2.2", 2, 0),
	    ban("192.0.2.3", 3, 0)};
	struct act *act;
	struct err err;

	config.count = 0;
	path_of("ended");
	actions[0] = (struct act_settings){.name = "own", .sort = ACT_COMMAND, .ban = on,
	    .unban = off, .timeout_usec = 5000000};
	config.count = 1;
	start(load, config.count, &act, &err);
	act_restore(act, 0, bans, 3);
	until(act, "ended", "+192.0.2.3", true);
	said[0] = '\0';
	end_all(act);
	ok(strstr(content("ended"), "-192.0.2.1\n") && strstr(content("ended"), "-192.0.2.3\n") &&
	    strstr(said, "1 not taken away: own: unban 192.0.2.2/32"),
	    "what could not be taken away is told: %s", said);
	actions[0].unban = NULL;
	start(load, config.count, &act, &err);
	act_restore(act, 0, bans, 1);
	waiting(act, 0);
	end_all(act);
	ok(strstr(said, "own: there is no unban"), "without an unban that is told: %s", said);
}

/* Many at once are as one after the other. */
static void
at_once(void)
{
	struct act_bans one = {0}, all = {0};
	struct change changes[50];
	unsigned wrong = 0;
	uint32_t seed = 1;

	for (int round = 0; round < 200; round++) {
		size_t count = (size_t)round % 51;

		for (size_t i = 0; i < count; i++) {
			char prefix[32];

			seed = seed * 1103515245 + 12345;
			snprintf(prefix, sizeof(prefix), "192.0.2.%u/%u", seed >> 16 & 0x7c,
			    seed >> 8 & 1 ? 32u : 30u);
			changes[i] = (struct change){.unban = (seed >> 24 & 3) == 0,
			    .ban = ban(prefix, seed >> 4, 0)};
			if (changes[i].unban)
				act_bans_take(&one, &changes[i].ban.prefix);
			else
				act_bans_put(&one, &changes[i].ban);
		}
		act_bans_change(&all, changes, count);
		wrong += one.count != all.count;
		for (size_t i = 0; i < one.count && i < all.count; i++)
			wrong += one.bans[i].id != all.bans[i].id;
	}
	ok(wrong == 0 && one.count > 10, "bans that come together are as one by one");
	free(one.bans);
	free(all.bans);
}

/* More than a process takes at a time are not put there, and that is said, but not again. */
static void
too_many(void)
{
	size_t count = 2000003;
	struct act_ban *bans = xcalloc(count, sizeof(*bans));
	struct act_ban one = ban("192.0.2.1", 1, 0), other = ban("192.0.2.2", 2, 0);
	struct act *act;
	struct err err;

	config.count = 0;
	add_file("many", ACT_CIDR);
	for (size_t i = 0; i < count; i++)
		bans[i] = one;
	start(load, config.count, &act, &err);
	said[0] = '\0';
	act_restore(act, 0, bans, count);
	ok(waiting(act, 0) && strcmp(said, "many: 3 bans are left out: it takes 2000000 at most") == 0,
	    "too many bans are told of: %s", said);
	said[0] = '\0';
	act_restore(act, 0, bans, count);
	ok(waiting(act, 0) && !*said, "and not again");
	act_restore(act, 0, &other, 1);
	ok(until(act, "many", "192.0.2.2", true) && waiting(act, 0) && !*said, "as few are not");
	act_stop(act);
	free(bans);
}

/* Whoever asks for ever more bans does not fill the memory of a process with privileges. */
static void
full(void)
{
	size_t count = BANS_MOST;
	struct change *changes = xcalloc(count + 3, sizeof(*changes)), *more = changes + count;
	struct act_bans bans = {0};

	for (size_t i = 0; i < count + 3; i++) {
		changes[i].ban = ban("10.0.0.0", 1, 0);
		for (unsigned b = 1; b < 4; b++)
			changes[i].ban.prefix.base.byte[b] = (uint8_t)(i >> (24 - 8 * b));
	}
	act_bans_change(&bans, changes, count - 1);
	more[1] = changes[7];
	more[1].ban.id = 2;
	ok(act_bans_change(&bans, more, 3) == 1 && bans.count == count &&
	    act_bans_find(&bans, &changes[7].ban.prefix)->id == 2 &&
	    !act_bans_find(&bans, &more[2].ban.prefix),
	    "a full list takes no more, but what changes in it");
	ok(!act_bans_put(&bans, &more[2].ban) &&
	    act_bans_take(&bans, &changes[9].ban.prefix) &&
	    act_bans_put(&bans, &more[2].ban) && bans.count == count, "until one has gone");
	free(changes);
	free(bans.bans);
}

static void
hostile_messages(void)
{
	static const struct {
		struct act_message message;
		bool good;
	} rows[] = {
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1}, .until = 1},
		    true},
		{{.op = OP_BAN, .family = 4, .bits = 24, .address = {192, 0, 2, 0}, .until = 1},
		    true},
		{{.op = OP_UNBAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1}}, true},
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1}}, false},
		{{.op = OP_BAN, .family = 4, .bits = 32, .address = {192, 0, 2, 1},
		    .until = INT64_MIN}, false},
		{{.op = OP_BAN, .family = 4, .bits = 24, .address = {192, 0, 2, 1}, .until = 1},
		    false},
		{{.op = OP_BAN, .family = 4, .bits = 33, .address = {192, 0, 2, 1}, .until = 1},
		    false},
		{{.op = OP_BAN, .family = 4, .bits = 0, .until = 1}, false},
		{{.op = OP_BAN, .family = 6, .bits = 8, .until = 1}, false},
		{{.op = OP_BAN, .family = 9, .bits = 32, .until = 1}, false},
		{{.op = 0}, false},
		{{.op = OP_COUNT}, false},
		{{.op = OP_STOP}, true},
	};
	struct change change;
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		wrong += message_check(&rows[i].message, &change) != rows[i].good;
	ok(wrong == 0, "messages that make no sense are not followed");
}

/* A ban that can be made, then LEN bytes of what SECOND is, as they come from who judges. */
static void
hear(const char *what, const struct act_message *second, size_t len)
{
	struct act_message both[2] = {{.seq = 1, .op = OP_BAN, .family = 4, .bits = 32,
	    .address = {192, 0, 2, 1}, .until = INT64_MAX}, *second};
	struct act *act;
	struct err err;
	bool lost = false;

	config.count = 0;
	add_file("none/such", ACT_CIDR);
	start(load, 1, &act, &err);
	action_queue(&act->actions[0], OP_BAN, &(struct act_ban){.until = 1});
	act->actions[0].sent = 1;
	ok(send(act->actions[0].fd, both, sizeof(*both) + len, 0) > 0, "%s", what);
	for (int i = 0; i < 300 && !lost; i++) {
		act_process(act, now_usec(CLOCK_MONOTONIC), log_said, NULL);
		lost = act_lost(act) != 0;
		poll(NULL, 0, 10);
	}
	ok(lost, "a process with privileges hears no more of who says that");
	ok(act->actions[0].count == 1 && act_stats(act, 0).done == 0,
	    "and what it was told before is not said to be done");
	act_stop(act);
}

static void
in_other_hands(void)
{
	static const struct act_message wide = {.seq = 2, .op = OP_BAN, .family = 4,
	    .until = 1};
	static const struct act_message good = {.seq = 2, .op = OP_BAN, .family = 4,
	    .bits = 32, .address = {192, 0, 2, 2}, .until = INT64_MAX};
	struct act_ban bans[] = {ban("192.0.2.9", 1, 0), ban("0.0.0.0/1", 2, 0),
	    ban("192.0.2.8", 3, 0)};
	struct act *act;
	struct err err;

	hear("a ban of everybody", &wide, sizeof(wide));
	hear("a message that breaks off", &good, sizeof(good) - 1);
	config.count = 0;
	add_file("right", ACT_CIDR);
	bans[2].until = -1;
	start(load, 1, &act, &err);
	act_unban(act, 0, &bans[1]);
	act_ban(act, 0, &bans[2]);
	act_restore(act, 0, bans, 3);
	ok(until(act, "right", "192.0.2.9", true) && waiting(act, 0) && !act_lost(act) &&
	    !strstr(content("right"), "0.0.0.0") && !strstr(content("right"), "192.0.2.8"),
	    "who judges and is right says no such thing");
	act_stop(act);
}

/* Whoever tries whether an action would work may have a socket for standard input. */
static void
tried(void)
{
	const struct act_settings settings = {.name = "nft", .sort = ACT_NFT,
	    .table = "postern_tried"};
	int pair[2], before = dup(STDIN_FILENO);
	struct err err;
	char byte = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) < 0 ||
	    write(pair[0], "x", 1) != 1 || dup2(pair[1], STDIN_FILENO) < 0) {
		ok(false, "a socket for standard input");
		return;
	}
	act_try(&settings, &err);
	ok(read(STDIN_FILENO, &byte, 1) == 1 && byte == 'x',
	    "trying nft leaves alone what waits at standard input");
	dup2(before, STDIN_FILENO);
	close(before);
	close(pair[0]);
	close(pair[1]);
}

int
main(void)
{
	char command[128];

	signal(SIGPIPE, SIG_IGN);
	if (!mkdtemp(folder))
		return 1;
	texts();
	hash_networks();
	files();
	left_out();
	commands();
	longer_commands();
	banned_again();
	long_argument();
	unwritable();
	lost();
	short_of(0);
	short_of(2);
	lengths();
	very_long();
	nft_networks();
	ended();
	at_once();
	too_many();
	full();
	hostile_messages();
	in_other_hands();
	tried();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ok(system(command) == 0, "cleaned up");
	return tap_done();
}
