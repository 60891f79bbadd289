/* SPDX-License-Identifier: Apache-2.0
 *
 * postern geo update: fetches databases of places and puts them in place.
 */
#include "base/civil.h"
#include "base/escape.h"
#include "cmd/room.h"

static void
put_updated(const struct geo_updated *updated, struct buf *out)
{
	escape_terminal(out, str_of(updated->path));
	buf_str(out, STR(": "));
	report_put_bytes(out, (int64_t)updated->bytes);
	if (updated->before) {
		buf_str(out, STR(", was "));
		report_put_bytes(out, (int64_t)updated->before);
	}
	buf_char(out, '\n');
}

/* The end of the month before NOW. */
static int64_t
month_before(int64_t now)
{
	return now - civil_of(now).day * USEC_PER_DAY;
}

/* Updates from URL as it is at NOW. */
static int
update_dated(const char *url, int64_t now, const struct options *options,
    struct geo_updated *ret, struct err *err)
{
	char *dated = geo_dated_url(url, now);
	struct geo_update update = {.url = dated, .directory = options->directory};
	int failed = geo_update(&update, ret, err);

	free(dated);
	return failed;
}

/* A month's file may come some days late: then the one before is the newest. */
static int
update_one(const char *url, const struct options *options, struct buf *out)
{
	int64_t now = (int64_t)time(NULL) * USEC_PER_SEC;
	struct geo_updated updated;
	struct err err, second;

	if (update_dated(url, now, options, &updated, &err) < 0 &&
	    (strstr(url, "%m") == NULL ||
	        update_dated(url, month_before(now), options, &updated, &second) < 0)) {
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	put_updated(&updated, out);
	free(updated.path);
	return EXIT_DONE;
}

static int
update_all(const struct options *options)
{
	const char *const *urls = options->url.count ? options->url.values : geo_default_urls;
	size_t count = options->url.count ? options->url.count : geo_default_url_count;
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	int status = EXIT_DONE, printed;

	for (size_t i = 0; i < count; i++)
		if (update_one(urls[i], options, &out) != EXIT_DONE)
			status = EXIT_FAILED;
	if (status != EXIT_DONE)
		complain("what was installed before is still in place");
	printed = output_all(&out);
	return status != EXIT_DONE ? status : printed;
}

static int
run_update(int argc, char **argv)
{
	struct options options;
	struct err err;

	if (options_read(&command_geo_update, argc, argv, &options, &err) < 0)
		return usage_error(&command_geo_update, &err);
	if (options.help)
		return print_help(&command_geo_update);
	if (options.word_count) {
		err_set(&err, "geo update takes what to fetch with --url: %s",
		    options.words[0]);
		return usage_error(&command_geo_update, &err);
	}
	return update_all(&options);
}

static void
help_urls(struct buf *out)
{
	buf_str(out, STR("\nFetched when no --url is given (CC BY 4.0; IP Geolocation by"
			 " DB-IP,\nhttps://db-ip.com):\n"));
	for (size_t i = 0; i < geo_default_url_count; i++)
		buf_printf(out, "  %s\n", geo_default_urls[i]);
}

static const char *const no_formats[] = {NULL};

const struct command command_geo_update = {
	.name = "geo update",
	.summary = "fetch databases, or renew them",
	.usage = "[--url URL]... [--directory DIR]",
	.help =
	"Fetches databases of places into " GEO_DIRECTORY ". What comes is unpacked\n"
	"(.gz), compiled (CSV), opened and checked before it takes the place of the one\n"
	"of the same name, all at once. A file that is cut short, no database, or less\n"
	"than half as big as the old one is refused, and the old one stays: exit\n"
	"status 1.\n"
	"%Y and %m in a URL stand for the year and the month.\n"
	"\n"
	"Examples:\n"
	"  postern geo update\n"
	"  postern geo update --url /tmp/GeoLite2-City.mmdb\n"
	"  postern geo update --url https://mirror.example/asn-ipv4.csv.gz \\\n"
	"      --url https://mirror.example/asn-ipv6.csv.gz\n",
	.options = TAKES(url) | TAKES(directory) | TAKES(help),
	.formats = no_formats,
	.more_help = help_urls,
	.run = run_update,
};
