/* SPDX-License-Identifier: Apache-2.0
 *
 * postern geo build: CSVs of ranges to one file that is mapped and asked.
 */
#include "base/escape.h"
#include "cmd/room.h"

static void
put_built(const struct geo_built *built, const char *path, struct buf *out)
{
	escape_terminal(out, str_of(path));
	buf_str(out, STR(": "));
	report_put_things(out, built->rows, "row");
	buf_str(out, STR("; borders of countries "));
	report_put_count(out, built->country_ranges);
	buf_str(out, STR(", of networks "));
	report_put_count(out, built->asn_ranges);
	buf_str(out, STR(" ("));
	report_put_count(out, built->networks);
	buf_str(out, STR(" AS); "));
	report_put_bytes(out, (int64_t)built->bytes);
	buf_char(out, '\n');
}

static int
build(const struct options *options)
{
	struct geo_build settings = {.country_csv = options->country.values,
	    .country_count = options->country.count, .asn_csv = options->asn.values,
	    .asn_count = options->asn.count, .source = options->source,
	    .licence = options->licence, .date = options->date, .output = options->output};
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct geo_built built;
	struct err err;

	if (geo_build(&settings, &built, &err) < 0) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	put_built(&built, options->output, &out);
	return output_all(&out);
}

static int
run_build(int argc, char **argv)
{
	struct options options;
	struct err err;

	if (options_read(&command_geo_build, argc, argv, &options, &err) < 0)
		return usage_error(&command_geo_build, &err);
	if (options.help)
		return print_help(&command_geo_build);
	if (options.word_count)
		err_set(&err, "geo build takes its files with --country and --asn, not as "
		    "words: %s", options.words[0]);
	else if (options.output == NULL)
		err_set(&err, "geo build needs -o FILE");
	else if (options.country.count + options.asn.count == 0)
		err_set(&err, "geo build needs --country CSV or --asn CSV");
	else
		return build(&options);
	return usage_error(&command_geo_build, &err);
}

static const char *const no_formats[] = {NULL};

const struct command command_geo_build = {
	.name = "geo build",
	.summary = "one database of CSV files of ranges",
	.usage = "-o FILE [--country CSV] [--asn CSV] [OPTION...]",
	.help =
	"Makes one file for --geo, or for " GEO_DIRECTORY ", of CSVs as ip-location-db\n"
	"publishes them, plain or .gz: start,end,country or start,end,AS number,name,\n"
	"with addresses in text or in decimal, IPv4 and IPv6, with or without a heading.\n"
	"Where ranges overlap the smaller one wins. What is in the file, whose it is, on\n"
	"what terms and of what day is kept in it and said in reports; of well-known data\n"
	"the files' names tell.\n"
	"\n"
	"Examples:\n"
	"  postern geo build -o places.pgeo --country dbip-country-ipv4.csv \\\n"
	"      --country dbip-country-ipv6.csv --asn asn-ipv4.csv --asn asn-ipv6.csv\n"
	"  postern geo build -o offices.pgeo --country offices.csv \\\n"
	"      --source 'our offices' --date 2026-01-31\n",
	.options = TAKES(output) | TAKES(country) | TAKES(asn) | TAKES(source) |
	    TAKES(licence) | TAKES(date) | TAKES(help),
	.letters = "o",
	.formats = no_formats,
	.run = run_build,
};
