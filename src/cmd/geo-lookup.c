/* SPDX-License-Identifier: Apache-2.0
 *
 * postern geo lookup: where addresses are, as lines for a person, as one JSON object,
 * or as the objects that MailLogSentinel's ipinfo.py prints.
 */
#include <errno.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "cmd/room.h"

/* One address of the command line or of stdin. */
struct asked {
	struct str word;
	struct ip ip;
	bool valid;
	struct place place;
};

struct lookup {
	const struct geo *geo;
	struct asked *list;
	size_t count, room;
	struct arena arena;
	bool bad; /* a word was no address */
};

static void
ask(struct lookup *lookup, struct str word)
{
	struct asked asked = {.word = arena_str(&lookup->arena, word)};

	asked.valid = ip_parse(word, &asked.ip);
	if (asked.valid)
		geo_find(lookup->geo, &asked.ip, &asked.place);
	else
		lookup->bad = true;
	MEM_GROW(lookup->list, lookup->count, lookup->room);
	lookup->list[lookup->count++] = asked;
}

/* Every word of stdin; a long one breaks in two and is no address either way. */
static int
ask_stdin(struct lookup *lookup, struct err *err)
{
	struct buf text = BUF_INIT(1u << 28);
	char piece[65536];
	struct str rest;
	ssize_t n;

	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		buf_add(&text, piece, (size_t)n);
	}
	if (n < 0 || text.overflow) {
		err_set(err, "stdin: %s", n < 0 ? strerror(errno) : "more than 256 MiB");
		buf_done(&text);
		return -1;
	}
	for (rest = buf_view(&text); rest.len;) {
		struct str word = str_trim(str_cut(&rest, '\n'));

		if (word.len && word.p[word.len - 1] == '\r')
			word.len--;
		if (word.len)
			ask(lookup, word);
	}
	buf_done(&text);
	return 0;
}

static void
put_text(struct json *json, const char *key, struct str text)
{
	json_key(json, key);
	if (text.len)
		json_str(json, text);
	else
		json_null(json);
}

static void
put_position(struct json *json, const struct place *place)
{
	json_key(json, "latitude");
	if (place->has_position)
		json_real(json, place->latitude);
	else
		json_null(json);
	json_key(json, "longitude");
	if (place->has_position)
		json_real(json, place->longitude);
	else
		json_null(json);
	json_key(json, "position_of_country");
	json_bool(json, place->position_of_country);
}

static void
put_json(struct json *json, const struct asked *asked)
{
	const struct place *place = &asked->place;
	const char *name = country_name(place->country);

	json_object_begin(json);
	json_key(json, "ip");
	json_str(json, asked->word);
	if (!asked->valid) {
		put_text(json, "error", STR("not an IP address"));
		json_object_end(json);
		return;
	}
	put_text(json, "country", str_of(place->country));
	put_text(json, "country_name", name ? str_of(name) : STR(""));
	json_key(json, "asn");
	if (place->asn)
		json_int(json, place->asn);
	else
		json_null(json);
	put_text(json, "aso", place->aso);
	put_text(json, "city", place->city);
	put_text(json, "region", place->region);
	put_position(json, place);
	put_text(json, "space", place->space == SPACE_PUBLIC ? STR("public") :
	    str_of(place_space_word(place->space)));
	json_object_end(json);
}

static int64_t
now_usec(void)
{
	return (int64_t)time(NULL) * USEC_PER_SEC;
}

static void
print_json(const struct lookup *lookup, struct buf *out)
{
	const struct geo_source *sources;
	size_t count = geo_sources(lookup->geo, &sources);
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "format");
	json_int(&json, 1);
	json_key(&json, "addresses");
	json_array_begin(&json);
	for (size_t i = 0; i < lookup->count; i++)
		put_json(&json, &lookup->list[i]);
	json_array_end(&json);
	json_key(&json, "places");
	report_json_places(&json, sources, count, now_usec());
	json_object_end(&json);
	buf_char(out, '\n');
}

static void
put_or_na(struct json *json, const char *key, struct str text)
{
	json_key(json, key);
	json_str(json, text.len ? text : STR("N/A"));
}

/* The words of ipinfo.py, but where the address is nobody's that is said. */
static void
print_ipinfo(const struct lookup *lookup, struct buf *out)
{
	for (size_t i = 0; i < lookup->count; i++) {
		const struct asked *asked = &lookup->list[i];
		const struct place *place = &asked->place;
		struct json json = {.out = out};
		char asn[16] = "";

		json_object_begin(&json);
		json_key(&json, "ip");
		json_str(&json, asked->word);
		if (asked->valid) {
			if (place->asn)
				snprintf(asn, sizeof(asn), "%u", place->asn);
			put_or_na(&json, "country_code",
			    place->space == SPACE_PUBLIC ? str_of(place->country) :
			    str_of(place_word(place)));
			put_or_na(&json, "asn", str_of(asn));
			put_or_na(&json, "aso", place->aso);
		} else {
			put_text(&json, "error", STR("Invalid IP address format."));
		}
		json_object_end(&json);
		buf_char(out, '\n');
	}
}

static void
put_place(const struct place *place, struct buf *out)
{
	const char *name = country_name(place->country);

	buf_str(out, str_of(place_word(place)));
	if (name)
		buf_printf(out, " %s", name);
	if (place->region.len) {
		buf_str(out, STR(", "));
		escape_terminal(out, place->region);
	}
	if (place->city.len) {
		buf_str(out, STR(", "));
		escape_terminal(out, place->city);
	}
	if (*place->country && place->space != SPACE_PUBLIC)
		buf_printf(out, " (%s)", place_space_word(place->space));
	if (place->asn) {
		buf_printf(out, "  AS%u ", place->asn);
		escape_terminal(out, place->aso);
	}
}

static void
print_text(const struct lookup *lookup, struct buf *out, unsigned width)
{
	const struct geo_source *sources;
	size_t count = geo_sources(lookup->geo, &sources);
	int widest = 0;

	for (size_t i = 0; i < lookup->count; i++)
		if (lookup->list[i].valid && (int)lookup->list[i].word.len > widest)
			widest = (int)lookup->list[i].word.len;
	for (size_t i = 0; i < lookup->count; i++) {
		const struct asked *asked = &lookup->list[i];

		if (!asked->valid)
			continue;
		buf_printf(out, "%-*.*s  ", widest, STR_ARG(asked->word));
		put_place(&asked->place, out);
		buf_char(out, '\n');
	}
	if (count)
		buf_char(out, '\n');
	report_put_places(out, sources, count, now_usec(), width);
}

static void
print_lookup(const struct lookup *lookup, const struct options *options, struct buf *out)
{
	if (options->json) {
		print_ipinfo(lookup, out);
		return;
	}
	if (options->format && strcmp(options->format, "json") == 0) {
		print_json(lookup, out);
		return;
	}
	print_text(lookup, out, options_style(options).width);
	for (size_t i = 0; i < lookup->count; i++)
		if (!lookup->list[i].valid)
			complain("'%.*s' is not an IP address",
			    STR_ARG(lookup->list[i].word));
}

static int
look_up(const struct options *options)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct lookup lookup = {.bad = false};
	struct geo *geo;
	struct err err;
	int failed = 0, status = EXIT_FAILED;

	if (options_geo(options, &geo, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	lookup.geo = geo;
	for (size_t i = 0; i < options->word_count && !failed; i++) {
		if (strcmp(options->words[i], "-") == 0)
			failed = ask_stdin(&lookup, &err);
		else
			ask(&lookup, str_of(options->words[i]));
	}
	if (failed) {
		complain("%s", err.text);
	} else {
		print_lookup(&lookup, options, &out);
		status = output_all(&out);
	}
	free(lookup.list);
	arena_free(&lookup.arena);
	geo_free(geo);
	return lookup.bad ? EXIT_FAILED : status;
}

static int
run_lookup(int argc, char **argv)
{
	struct options options;
	struct err err;

	if (options_read(&command_geo_lookup, argc, argv, &options, &err) < 0)
		return usage_error(&command_geo_lookup, &err);
	if (options.help)
		return print_help(&command_geo_lookup);
	if (options.word_count == 0) {
		err_set(&err, "geo lookup needs an address, as in: postern geo lookup "
		    "192.0.2.1");
		return usage_error(&command_geo_lookup, &err);
	}
	return look_up(&options);
}

static const char *const formats[] = {"text", "json", NULL};

const struct command command_geo_lookup = {
	.name = "geo lookup",
	.summary = "country, network and city of addresses",
	.usage = "[OPTION...] IP...",
	.help =
	"Says where addresses are by the installed databases, or those of --geo: an\n"
	"earlier one before a later one. - stands for the addresses on stdin, one a line.\n"
	"Private, documentation and other special addresses are named as such.\n"
	"\n"
	"Exit status 1 if a word was no address.\n"
	"\n"
	"Examples:\n"
	"  postern geo lookup 192.0.2.1 2001:db8::1\n"
	"  postern geo lookup --format json 198.51.100.7 | jq .addresses[0].country\n"
	"  postern geo lookup --geo dbip-country.mmdb --geo asn.pgeo - <addresses\n"
	"  postern geo lookup --json 198.51.100.7       as ipinfo.py\n",
	.options = TAKES(format) | TAKES(geo) | TAKES(json) | TAKES(help),
	.formats = formats,
	.run = run_lookup,
};
