/* SPDX-License-Identifier: Apache-2.0
 *
 * The filter language: what matches, what is refused and how it is said, and
 * what is known of a filter without an event.
 */
#include "event/event.h"
#include "tap.h"

static char line[4096];
static size_t line_len;

/* Appends TEXT to the line and returns it there. */
static struct str
put(const char *text)
{
	struct str s = {line + line_len, strlen(text)};

	memcpy(line + line_len, text, s.len);
	line_len += s.len;
	return s;
}

static struct event
sample(void)
{
	struct event ev = {.line = line, .weight = 3};

	EVENT_SET(&ev, kind, KIND_auth_failure);
	EVENT_SET(&ev, id, 0xfedcba9876543210ull);
	EVENT_SET(&ev, time, INT64_C(1767225600000000));
	EVENT_TEXT(&ev, ip, put("::ffff:192.0.2.7"));
	EVENT_TEXT(&ev, server_ip, put("2001:DB8::1"));
	EVENT_TEXT(&ev, user, put("Admin"));
	EVENT_TEXT(&ev, sender, put(""));
	EVENT_TEXT(&ev, recipient, put("o'hara+\"x\"\\(y)@example.test"));
	EVENT_TEXT(&ev, tls, put("TLSv1.2"));
	EVENT_SET(&ev, port, 2525);
	EVENT_SET(&ev, size, 10240);
	EVENT_SET(&ev, delay, 90 * 1000000);
	EVENT_SET(&ev, score, -6500);
	EVENT_SET(&ev, reason, REASON_dnsbl);
	EVENT_SET(&ev, severity, SEVERITY_none);
	EVENT_SET(&ev, truncated, true);
	EVENT_SET(&ev, open, false);
	return ev;
}

static const struct {
	const char *expression;
	bool matches;
} expressions[] = {
	/* kinds, bools and enums */
	{"auth_failure", true},
	{"connect", false},
	{"kind = auth_failure", true},
	{"kind != connect", true},
	{"kind ~ ^AUTH_", true},
	{"kind ~ ^ps_", false},
	{"tls", false},
	{"tls = TLSv1.2", true},
	{"truncated", true},
	{"open", false},
	{"derived", false},
	{"derived = false", true},
	{"derived != true", true},
	{"truncated = yes", true},
	{"reason=dnsbl", true},
	{"reason != dnsbl", false},
	{"reason ~ 'dns|spf'", true},
	{"outcome = success", false},
	{"outcome != success", true},
	{"outcome ~ .", false},
	{"severity != warning", true},
	{"severity ~ n", false},
	/* texts */
	{"user = Admin", true},
	{"user = admin", false},
	{"user==Admin", true},
	{"user ~ admin", true},
	{"user~dmi", true},
	{"user ~ ^dmi", false},
	{"user ~ '^a.*n$'", true},
	{"user ~ \"\"", true},
	{"user ~ administrator", false},
	{"user >= Admin & user <= Admin", true},
	{"user < B", true},
	{"user > Adm", true},
	{"sender = \"\"", true},
	{"sender = ''", true},
	{"sender != \"\"", false},
	{"sender ~ .", false},
	{"recipient = \"o'hara+\\\"x\\\"\\\\(y)@example.test\"", true},
	{"recipient = 'o\\'hara+\"x\"\\(y)@example.test'", true},
	{"recipient ~ '\\(y\\)@'", true},
	{"recipient ~ \"\\\\(y\\\\)@\"", true},
	{"recipient~o'hara", true},
	/* what is absent */
	{"helo = x", false},
	{"helo != x", true},
	{"helo < x", false},
	{"helo ~ .", false},
	{"!(helo ~ .)", true},
	{"code = 550", false},
	{"code != 550", true},
	{"code < 550", false},
	{"relay_ip = 192.0.2.7", false},
	{"relay_ip != 192.0.2.7", true},
	{"relay_ip in 0.0.0.0/0", false},
	/* addresses */
	{"ip = 192.0.2.7", true},
	{"ip = ::ffff:192.0.2.7", true},
	{"ip != 192.0.2.7", false},
	{"ip = 192.0.2.70", false},
	{"ip in 192.0.2.0/24", true},
	{"ip in '192.0.2.99/24'", true},
	{"ip = 192.0.2.0/29", true},
	{"ip != 192.0.2.0/24", false},
	{"ip in 198.51.100.0/24", false},
	{"ip in ::ffff:192.0.2.0/120", true},
	{"ip in 2001:db8::/32", false},
	{"ip ~ ^192\\.0\\.2\\.7$", true},
	{"server_ip = 2001:db8:0::1", true},
	{"server_ip in 2001:db8::/32", true},
	{"server_ip in 0.0.0.0/0", false},
	{"server_ip in 20.0.0.0/8", false},
	{"ip in 192.0.0.0/8", true},
	{"ip in 19.0.0.0/8", false},
	/* numbers */
	{"port = 2525", true},
	{"port > 2524 & port < 2526 & port >= 2525 & port <= 2525", true},
	{"port > 2525 | port < 2525 | port != 2525", false},
	{"size = 10k", true},
	{"size > 0.009M & size < 1G", true},
	{"delay = 90", true},
	{"delay = 1.5m", true},
	{"delay = 90000ms", true},
	{"delay > 1h | delay > 1d | delay > 2w", false},
	{"score = -6.5", true},
	{"score < -6.499", true},
	{"count = 3", true},
	{"count != 3", false},
	{"id = fedcba9876543210", true},
	{"id != fedcba9876543210", false},
	{"time = 2026-01-01T00:00:00Z", true},
	{"time < 2026-01-01T00:00:00Z", false},
	{"time > 2025-12-31T23:59:59Z & time < now", true},
	/* grammar */
	{"connect | auth_failure & port = 1", false},
	{"auth_failure | connect & port = 1", true},
	{"(auth_failure | connect) & port = 1", false},
	{"!connect & !port = 1", true},
	{"!(connect | auth_failure)", false},
	{"!(connect & auth_failure)", true},
	{"!!auth_failure", true},
	{"! ! ! auth_failure", false},
	{"!(!(connect) & !(disconnect))", false},
	{"auth_failure && port=2525 || connect", true},
	{"\tauth_failure&user=Admin&(ip=192.0.2.7|connect) ", true},
	{"((((auth_failure))))", true},
	{"connect | (disconnect | (auth_failure & !(port=1 | port=2)))", true},
};

/* Does FILTER, narrowed to EV's kind, say of many EVs what it says of one? */
static bool
same_in_batch(const struct filter *filter, const struct event *ev)
{
	struct event_batch *batch;
	uint8_t match[EVENT_BATCH];
	bool one = filter_match(filter, ev, NULL), all = false;
	struct filter *narrow = filter_narrow(filter, ev->kind, &all);

	if (!narrow)
		return all == one;
	batch = event_batch_new();
	event_batch_begin(batch, ev->kind, 3);
	for (size_t i = 0; i < batch->n; i++)
		batch->event[i] = ev;
	filter_match_many(narrow, batch, NULL, match);
	event_batch_free(batch);
	filter_free(narrow);
	return match[0] == one && match[1] == one && match[2] == one;
}

/* Filters that share tests: each says what it says alone, whichever comes first. */
static bool
same_when_shared(const struct event *ev)
{
	static const char *const texts[] = {"action = reject",
	    "action = hold | action = reject",
	    "!(action = reject) & ip", "action != reject | user", "action = hold"};
	enum { COUNT = sizeof(texts) / sizeof(*texts) };
	struct filter *whole[COUNT], *narrow[COUNT];
	uint8_t match[EVENT_BATCH];
	bool same = true, all;
	struct err err;

	for (unsigned i = 0; i < COUNT; i++) {
		if (filter_compile(str_of(texts[i]), &whole[i], &err) < 0)
			return false;
		narrow[i] = filter_narrow(whole[i], ev->kind, &all);
	}
	filter_share(narrow, COUNT);
	for (unsigned first = 0; first < COUNT; first++) {
		struct event_batch *batch = event_batch_new();

		event_batch_begin(batch, ev->kind, 2);
		batch->event[0] = batch->event[1] = ev;
		for (unsigned i = 0; i < COUNT; i++) {
			unsigned f = (first + i) % COUNT;

			filter_match_many(narrow[f], batch, NULL, match);
			same &= match[0] == filter_match(whole[f], ev, NULL) &&
			    match[0] == match[1];
		}
		event_batch_free(batch);
	}
	for (unsigned i = 0; i < COUNT; i++) {
		filter_free(narrow[i]);
		filter_free(whole[i]);
	}
	return same;
}

/* Narrowed to the kind, A and B come to the same for policies? */
static bool
same_for_policies(const char *a, const char *b)
{
	struct filter *filter[2], *narrow[2] = {NULL};
	bool all[2] = {false}, same = false;
	struct err err;

	for (unsigned i = 0; i < 2; i++) {
		if (filter_compile(str_of(i ? b : a), &filter[i], &err) < 0)
			return false;
		narrow[i] = filter_narrow(filter[i], KIND_policy, &all[i]);
	}
	if (narrow[0] && narrow[1])
		same = filter_same(narrow[0], narrow[1]);
	else
		same = !narrow[0] && !narrow[1] && all[0] == all[1];
	for (unsigned i = 0; i < 2; i++) {
		filter_free(narrow[i]);
		filter_free(filter[i]);
	}
	return same;
}

static void
test_narrow(void)
{
	struct event ev = {.kind = KIND_policy};

	ok(same_for_policies("kind = message | (kind = policy & action = reject) | connect",
	    "action = reject"), "of alternatives by kind one is left");
	ok(same_for_policies("kind = message & ip", "connect"), "none is left: no match");
	ok(same_for_policies("(user = a | ip) & message", "connect"),
	    "nor behind other tests");
	ok(same_for_policies("ip | user | policy", "policy"),
	    "all match, whatever comes first");
	ok(same_for_policies("policy | ip", "policy"), "the kind decides: all match");
	ok(same_when_shared(&ev), "shared tests of a field that is absent");
	ev.line = "reject";
	ev.line_len = 6;
	EVENT_TEXT(&ev, action, ((struct str){ev.line, ev.line_len}));
	ok(same_when_shared(&ev), "shared tests of a field that is there");
	ok(same_for_policies("(policy & reason = spf) | (policy & reason = dnsbl)",
	    "reason = dnsbl | reason = spf"), "sets of one field are united");
	ok(same_for_policies("reason != spf & reason != dnsbl",
	    "reason != dnsbl & reason != spf"), "and sets left out, too");
	ok(!same_for_policies("reason = spf & ip", "reason = spf | ip"), "not the same");
	ok(!same_for_policies("action = reject", "action = hold"), "another value");
	ok(!same_for_policies("ip in 192.0.2.0/24", "ip in 192.0.2.0/25"), "another net");
}

static void
test_expressions(const struct event *ev)
{
	for (size_t i = 0; i < sizeof(expressions) / sizeof(*expressions); i++) {
		struct filter *filter;
		struct err err;

		if (filter_compile(str_of(expressions[i].expression), &filter, &err) < 0) {
			ok(false, "%s: %s", expressions[i].expression, err.text);
			continue;
		}
		ok(filter_match(filter, ev, NULL) == expressions[i].matches, "%s is %s",
		    expressions[i].expression, expressions[i].matches ? "true" : "false");
		ok(same_in_batch(filter, ev), "and so in a batch");
		filter_free(filter);
	}
}

static const struct {
	const char *expression, *error;
} refused[] = {
	{"", "column 1: a test is missing"},
	{"  ", "column 3: a test is missing"},
	{"auth_failure &", "column 15: a test is missing"},
	{"conect",
	    "column 1: no kind of event is called \"conect\"; did you mean \"connect\"?"},
	{"auth_failure & sendr = x",
	    "column 16: no field is called \"sendr\"; did you mean \"sender\"?"},
	{"qqqqqqq",
	    "column 1: no kind of event is called \"qqqqqqq\"; man postern lists them"},
	{"none", "column 1: no kind of event is called \"none\"; man postern lists them"},
	{"qqqqqqq = x",
	    "column 1: no field is called \"qqqqqqq\"; man postern lists them"},
	{"user =", "column 7: a value is missing (the empty one is \"\")"},
	{"user = & connect", "column 8: a value is missing (the empty one is \"\")"},
	{"kind = conect", "column 8: kind has no value \"conect\"; did you mean \"connect\"?"},
	{"severity = bad", "column 12: severity has no value \"bad\"; there are warning, "
	    "error, fatal, panic"},
	{"reason = blocked", "column 10: reason has no value \"blocked\"; there are "
	    "unknown_user, relay_denied, dnsbl, helo, sender_domain, rate, greylist, spf, "
	    "milter, access, protocol, tls, size, quota, temp, other"},
	{"kind < connect", "column 8: kind takes the operators = != ~"},
	{"ip < 192.0.2.1", "column 6: ip takes the operators = != ~ in"},
	{"ip = host.example",
	    "column 6: \"host.example\" is neither an address nor a network"},
	{"ip in 192.0.2.0/33",
	    "column 7: \"192.0.2.0/33\" is no network: its prefix length is 0 to 32"},
	{"ip in 2001:db8::/129",
	    "column 7: \"2001:db8::/129\" is no network: its prefix length is 0 to 128"},
	{"ip in 192.0.2.0/x",
	    "column 7: \"192.0.2.0/x\" is no network: its prefix length is 0 to 32"},
	{"ip in 192.0.2/24", "column 7: \"192.0.2/24\" is neither an address nor a network"},
	{"user in 192.0.2.0/24", "column 9: user takes the operators = != < <= > >= ~"},
	{"port = 25x", "column 8: port: \"25x\" is not a whole number"},
	{"port = 2.5", "column 8: port: \"2.5\" is not a whole number"},
	{"port ~ 25", "column 8: port takes the operators = != < <= > >="},
	{"size > 10q", "column 8: size: \"10q\" is not a size such as 10240, 10k or 1.5M"},
	{"size > 9999999T",
	    "column 8: size: \"9999999T\" is not a size such as 10240, 10k or 1.5M"},
	{"delay > 1.m",
	    "column 9: delay: \"1.m\" is not a duration such as 250ms, 1.5s, 10m, 1h or 2d"},
	{"id = 12", "column 6: id: \"12\" is not 16 hex digits"},
	{"open = maybe", "column 8: open is true or false, not \"maybe\""},
	{"source = mail.log", "column 10: source cannot be asked for in a filter; give only "
	    "the inputs that are wanted"},
	{"user ~ '('",
	    "column 8: regular expression: missing closing parenthesis at its byte 2"},
	{"(connect", "column 1: the parenthesis is not closed"},
	{"(connect x)", "column 10: expected & or | or ), found \"x)\""},
	{"connect)", "column 8: a parenthesis is closed that was not opened"},
	{"connect disconnect", "column 9: expected & or |, found \"disconnect\""},
	{"user = 'x", "column 8: the quote is not closed"},
	{"user = 'x\\'", "column 8: the quote is not closed"},
	{"\"x\" = y", "column 1: expected a field or a kind, found \"\"x\" = y\""},
	{"\x1b[31m", "column 1: expected a field or a kind, found \"?[31m\""},
};

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct filter *filter = NULL;
		struct err err = {""};
		char want[200];

		snprintf(want, sizeof(want), "filter, %s", refused[i].error);
		ok(filter_compile(str_of(refused[i].expression), &filter, &err) < 0 && !filter,
		    "refused: %zu", i);
		is_text(err.text, strlen(err.text), want, refused[i].error);
		filter_free(filter);
	}
}

static void
test_depth(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);
	struct filter *filter;
	struct err err;

	for (unsigned depth = 100; depth <= 101; depth++) {
		buf_clear(&text);
		for (unsigned i = 0; i < depth; i++)
			buf_char(&text, '(');
		buf_str(&text, STR("connect"));
		for (unsigned i = 0; i < depth; i++)
			buf_char(&text, ')');
		if (filter_compile(buf_view(&text), &filter, &err) == 0) {
			ok(depth == 100, "100 parentheses are taken");
			filter_free(filter);
		} else {
			is_text(err.text, strlen(err.text),
			    "filter, column 101: more than 100 parentheses inside each other",
			    "101 are not");
		}
	}
	buf_clear(&text);
	while (text.len <= 65535)
		buf_str(&text, STR("ban|"));
	ok(filter_compile(buf_view(&text), &filter, &err) < 0, "a limit to the length");
	ok(filter_compile(str_head(buf_view(&text), 65535), &filter, &err) == 0,
	    "as many tests as that holds: %s", err.text);
	filter_free(filter);
	buf_done(&text);
}

static const struct {
	const char *expression;
	bool connect, auth_failure, ban; /* may match */
} kinds[] = {
	{"connect", true, false, false},
	{"!connect", false, true, true},
	{"connect | kind = ban", true, false, true},
	{"connect & ban", false, false, false},
	{"kind ~ '^(ban|connect)$' & !ban", true, false, false},
	{"connect & port = 25", true, false, false},
	{"connect | port = 25", true, true, true},
	{"!(connect | port = 25)", false, true, true},
	{"(connect & port = 25) | auth_failure", true, true, false},
	{"!(connect & port = 25)", true, true, true},
	{"(connect | port = 25) & (auth_failure | connect)", true, true, false},
	{"port = 25", true, true, true},
	{"port = 25 & ban & !ban", false, false, false},
};

static void
test_kinds(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct filter *filter;
		struct err err;

		if (filter_compile(str_of(kinds[i].expression), &filter, &err) < 0) {
			ok(false, "%s: %s", kinds[i].expression, err.text);
			continue;
		}
		ok(filter_may_match_kind(filter, KIND_connect) == kinds[i].connect,
		    "may connect match? %s", kinds[i].expression);
		ok(filter_may_match_kind(filter, KIND_auth_failure) == kinds[i].auth_failure,
		    "may auth_failure match? %s", kinds[i].expression);
		ok(filter_may_match_kind(filter, KIND_ban) == kinds[i].ban,
		    "may ban match? %s", kinds[i].expression);
		filter_free(filter);
	}
}

static void
test_fields(void)
{
	uint64_t got[2] = {0, 0}, want[2] = {0, 0};
	struct filter *filter;
	struct err err;

	want[FIELD_kind / 64] |= UINT64_C(1) << FIELD_kind % 64;
	want[FIELD_user / 64] |= UINT64_C(1) << FIELD_user % 64;
	want[FIELD_asn / 64] |= UINT64_C(1) << FIELD_asn % 64;
	want[FIELD_qid / 64] |= UINT64_C(1) << FIELD_qid % 64;
	got[FIELD_qid / 64] = UINT64_C(1) << FIELD_qid % 64;
	ok(filter_compile(STR("connect & !(user = x | asn > 1)"), &filter, &err) == 0,
	    "compiles");
	filter_fields(filter, got);
	ok(got[0] == want[0] && got[1] == want[1],
	    "the fields a filter reads, beside those that were there");
	filter_free(filter);
}

static const struct {
	const char *expression, *required;
} required[] = {
	{"user = anna", "user=anna"},
	{"attempt & ip = 192.0.2.1 & user = \"\"", "ip=192.0.2.1/32 user="},
	{"!(user != anna | kind = ban)", ""},
	{"!attempt & (ip in 2001:db8::/32 & asn > 3)", "ip=2001:db8::/32"},
	{"(qid = A | qid = B) & user = anna", ""},
	{"user != anna & ip ~ x & user < c", ""},
	{"user = a & helo = b & name = c", "user=a helo=b"},
};

static void
test_required(void)
{
	for (size_t i = 0; i < sizeof(required) / sizeof(*required); i++) {
		struct buf got = BUF_INIT(1024);
		struct filter_required list[2];
		char net[CIDR_TEXT_MAX];
		struct filter *filter;
		struct err err;
		size_t n;

		ok(filter_compile(str_of(required[i].expression), &filter, &err) == 0,
		    "compiles");
		n = filter_required(filter, list, 2);
		for (size_t k = 0; k < n; k++) {
			bool ip = event_fields[list[k].field].type == TYPE_IP;

			if (ip)
				cidr_format(&list[k].net, net);
			buf_printf(&got, "%s%s=%.*s", k ? " " : "",
			    event_fields[list[k].field].name,
			    STR_ARG(ip ? str_of(net) : list[k].text));
		}
		is_text(got.p ? got.p : "", got.len, required[i].required,
		    required[i].expression);
		buf_done(&got);
		filter_free(filter);
	}
}

int
main(void)
{
	struct event ev = sample();

	test_expressions(&ev);
	test_refused();
	test_depth();
	test_kinds();
	test_fields();
	test_required();
	test_narrow();
	return tap_done();
}
