/* SPDX-License-Identifier: Apache-2.0
 *
 * postern dns: the names of addresses, asked for all at once, and whether each name
 * leads back to its address.
 */
#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "cmd/room.h"

#define DEADLINE_USEC (60 * USEC_PER_SEC)
#define ADDRESSES_MAX 200000u /* as many as a resolver remembers */

/* What is asked, in the order it was given. */
struct addresses {
	struct ip *list;
	size_t count, room;
	bool bad; /* there were lines that are no address */
};

static int
add_address(struct addresses *addresses, struct str text, struct err *err)
{
	struct ip ip;

	if (!ip_parse(text, &ip))
		return err_set(err, "'%.*s' is no address: expected one like 192.0.2.7 or "
		    "2001:db8::7", STR_ARG(str_head(text, 60)));
	if (addresses->count == ADDRESSES_MAX)
		return err_set(err, "more than %u addresses: ask in several runs",
		    ADDRESSES_MAX);
	MEM_GROW(addresses->list, addresses->count, addresses->room);
	addresses->list[addresses->count++] = ip;
	return 0;
}

#define LINE_MAX_BYTES 512 /* of which the rest is passed over */

/* The next line of standard input, whatever is in it, without its end; false at the end. */
static bool
next_line(char line[LINE_MAX_BYTES], struct str *ret)
{
	size_t len = 0;
	int c;

	while ((c = getc(stdin)) != EOF && c != '\n')
		if (len < LINE_MAX_BYTES)
			line[len++] = (char)c;
	*ret = (struct str){line, len};
	return len > 0 || c != EOF;
}

/* One address a line, perhaps with more behind a space; # begins a comment. */
static int
read_stdin(struct addresses *addresses, struct err *err)
{
	char line[LINE_MAX_BYTES];
	struct str text;

	for (uint64_t n = 1; next_line(line, &text); n++) {
		text = str_head(text, str_index(text, '\r'));
		text = str_trim(str_head(text, str_index(text, '#')));
		text = str_head(text, str_index(text, ' '));
		text = str_head(text, str_index(text, '\t'));
		if (text.len == 0 || add_address(addresses, text, err) == 0)
			continue;
		if (addresses->count == ADDRESSES_MAX)
			return -1;
		complain("standard input, line %llu: %s", (unsigned long long)n, err->text);
		addresses->bad = true;
	}
	return ferror(stdin) ? err_set(err, "standard input could not be read") : 0;
}

static int
read_words(const struct options *options, struct addresses *addresses, struct err *err)
{
	for (size_t i = 0; i < options->word_count; i++) {
		const char *word = options->words[i];

		if ((strcmp(word, "-") == 0 ? read_stdin(addresses, err)
					    : add_address(addresses, str_of(word), err)) < 0)
			return -1;
	}
	return 0;
}

static void
put_json(struct buf *out, const struct dns_answer *answer)
{
	char text[IP_TEXT_MAX > RFC3339_MAX ? IP_TEXT_MAX : RFC3339_MAX];
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "ip");
	json_str(&json, (struct str){text, ip_format(&answer->ip, text)});
	json_key(&json, "status");
	json_str(&json, str_of(dns_status_name(answer->status)));
	json_key(&json, "confirmed");
	if (answer->checked && (answer->confirmed || !answer->unsure))
		json_bool(&json, answer->confirmed > 0);
	else
		json_null(&json);
	json_key(&json, "name");
	if (answer->name_count)
		json_str(&json, str_of(answer->names[0]));
	else
		json_null(&json);
	json_key(&json, "names");
	json_array_begin(&json);
	for (unsigned i = 0; i < answer->name_count; i++)
		json_str(&json, str_of(answer->names[i]));
	json_array_end(&json);
	json_key(&json, "bad_names");
	json_int(&json, answer->bad_names);
	json_key(&json, "when");
	json_str(&json, (struct str){text, civil_rfc3339(answer->when, text)});
	json_key(&json, "expires");
	json_str(&json, (struct str){text, civil_rfc3339(answer->expires, text)});
	json_object_end(&json);
	buf_char(out, '\n');
}

/* Addresses are padded to this; long IPv6 ones push their line to the right. */
#define ADDRESS_WIDTH 24

static const char *
confirmed_word(const struct dns_answer *answer)
{
	if (answer->confirmed)
		return "yes";
	if (!answer->checked)
		return "-";
	return answer->unsure ? "?" : "no";
}

static void
put_csv(struct buf *out, const struct dns_answer *answer)
{
	char ip[IP_TEXT_MAX], when[RFC3339_MAX], expires[RFC3339_MAX];
	bool known = answer->checked && (answer->confirmed || !answer->unsure);

	ip_format(&answer->ip, ip);
	civil_rfc3339(answer->when, when);
	civil_rfc3339(answer->expires, expires);
	buf_printf(out, "%s,%s,%s,", ip, dns_status_name(answer->status),
	    known ? answer->confirmed ? "true" : "false" : "");
	if (answer->name_count)
		escape_csv(out, str_of(answer->names[0]));
	buf_printf(out, ",%s,%s\n", when, expires);
}

static void
put_text(struct buf *out, const struct dns_answer *answer)
{
	char ip[IP_TEXT_MAX];

	ip_format(&answer->ip, ip);
	buf_printf(out, "%-*s  %-8s  %-9s ", ADDRESS_WIDTH, ip,
	    dns_status_name(answer->status), confirmed_word(answer));
	for (unsigned i = 0; i < answer->name_count; i++)
		buf_printf(out, " %s", answer->names[i]);
	if (answer->bad_names)
		buf_printf(out, " (%u no host name)", answer->bad_names);
	while (out->len && out->p[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

/* How many of them there are of each status. */
static void
put_summary(struct buf *out, const struct addresses *addresses, const struct dns *dns)
{
	size_t count[DNS_STATUS_COUNT] = {0}, confirmed = 0;
	const char *between = ": ";
	struct dns_answer answer;

	for (size_t i = 0; i < addresses->count; i++)
		if (dns_find(dns, &addresses->list[i], &answer)) {
			count[answer.status]++;
			confirmed += answer.confirmed > 0;
		}
	buf_char(out, '\n');
	report_put_count(out, addresses->count);
	buf_str(out, STR(" addresses"));
	for (unsigned s = 0; s < DNS_STATUS_COUNT; s++) {
		if (count[s] == 0)
			continue;
		buf_str(out, str_of(between));
		report_put_count(out, count[s]);
		buf_printf(out, " %s", dns_status_name(s));
		if (s == DNS_ok) {
			buf_str(out, STR(" ("));
			report_put_count(out, confirmed);
			buf_str(out, STR(" confirmed)"));
		}
		between = ", ";
	}
	buf_char(out, '\n');
}

static const struct layout {
	const char *name, *head;
	void (*put)(struct buf *out, const struct dns_answer *answer);
	bool summary;
} layouts[] = {
	{"text", "address                   status    confirmed  names\n",
	    put_text, true},
	{"json", "", put_json, false},
	{"csv", "ip,status,confirmed,name,when,expires\n", put_csv, false},
};

static int
print_answers(const struct options *options, const struct addresses *addresses,
    const struct dns *dns)
{
	const struct layout *layout = layouts;
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct dns_answer answer;

	while (options->format && strcmp(layout->name, options->format) != 0)
		layout++;
	buf_str(&out, str_of(layout->head));
	for (size_t i = 0; i < addresses->count; i++)
		if (dns_find(dns, &addresses->list[i], &answer))
			layout->put(&out, &answer);
	if (layout->summary && addresses->count > 1)
		put_summary(&out, addresses, dns);
	return output_all(&out);
}

static int
answer_all(const struct options *options, const struct addresses *addresses)
{
	int status = EXIT_DONE, printed;
	struct dns_stats stats;
	struct dns *dns;
	struct err err;

	if (names_begin(options, DEADLINE_USEC, &dns, &err) < 0)
		return usage_error(&command_dns, &err);
	for (size_t i = 0; i < addresses->count; i++)
		dns_add(dns, &addresses->list[i]);
	if (dns_run(dns, &err) < 0) {
		complain("%s", err.text);
		status = EXIT_FAILED;
	}
	stats = dns_stats(dns);
	if (stats.asked && stats.replies == 0)
		status = EXIT_FAILED; /* names_end() says so */
	printed = print_answers(options, addresses, dns);
	names_end(options, dns);
	return printed ? printed : addresses->bad ? EXIT_FAILED : status;
}

static int
run_dns(int argc, char **argv)
{
	struct addresses addresses = {0};
	struct options options;
	struct err err;
	int status;

	if (options_read(&command_dns, argc, argv, &options, &err) < 0)
		return usage_error(&command_dns, &err);
	if (options.help)
		return print_help(&command_dns);
	if (options.word_count == 0) {
		err_set(&err, "no address given; - reads them from standard input");
		return usage_error(&command_dns, &err);
	}
	if (read_words(&options, &addresses, &err) < 0)
		status = usage_error(&command_dns, &err);
	else
		status = answer_all(&options, &addresses);
	free(addresses.list);
	return status;
}

static const char *const formats[] = {"text", "json", "csv", NULL};

const struct command command_dns = {
	.name = "dns",
	.summary = "names of addresses, and whether they lead back",
	.usage = "[OPTION...] ADDRESS... | -",
	.help =
	"Looks up the names of addresses, hundreds at once, and whether each name leads\n"
	"back to its address (confirmed): a name that does not is anybody's word. - reads\n"
	"addresses from standard input, one a line. Answers are remembered for as long as\n"
	"they are good; missing names for an hour, faults for five minutes.\n"
	"\n"
	"Status: ok, nxdomain (no such name), nodata (it has no PTR record), servfail,\n"
	"timeout, refused (or nobody listens). JSON is one object a line.\n"
	"\n"
	"Examples:\n"
	"  postern dns 192.0.2.7 2001:db8::7\n"
	"  postern report clients --format csv mail.log | tail -n +2 | cut -d, -f1 |\n"
	"      postern dns --deadline 10 -\n"
	"  postern dns --server 192.0.2.53 --no-cache --format json 198.51.100.25\n",
	.options = TAKES(format) | TAKES(server) | TAKES(deadline) | TAKES(parallel) |
	    TAKES(no_confirm) | TAKES(no_cache) | TAKES(help),
	.formats = formats,
	.run = run_dns,
};
