/* SPDX-License-Identifier: Apache-2.0
 *
 * postern postscreen: Postscreen-Stats with its options and its layout, and below
 * it, when asked for, what `postern report postscreen` says.
 */
#include "base/ip.h"
#include "base/nearest.h"
#include "cmd/room.h"

static const char *const modes[] = {"short", "full", "ip", "none"};

#define MODES (sizeof(modes) / sizeof(*modes))

static int
set_mode(const struct options *options, struct report_screen *screen, struct err *err)
{
	const char *mode = options->report ? options->report : "short";
	const char *near = nearest(str_of(mode), modes, MODES);
	size_t m = 0;

	while (m < MODES && strcmp(mode, modes[m]) != 0)
		m++;
	if (m == MODES)
		return err_set(err, "--report is short, full, ip or none, not '%s'%s%s%s",
		    mode, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	screen->summary = m <= 1;
	screen->addresses = m == 1 || m == 2;
	if (m == 3 && !options->modern && options->format &&
	    strcmp(options->format, "text") != 0)
		return err_set(err, "--report none leaves nothing for --format %s",
		    options->format);
	return 0;
}

/* One -i: "A", "A/LEN", or several with commas between. */
static int
add_addresses(struct str list, struct buf *where, struct buf *banner, struct err *err)
{
	while (list.len) {
		struct str one = str_trim(str_cut(&list, ','));
		char text[CIDR_TEXT_MAX];
		struct cidr cidr;

		if (!cidr_parse(one, &cidr))
			return err_set(err,
			    "--ip is an address or a network, as 192.0.2.1 or 2001:db8::/48, "
			    "not '%.*s'", STR_ARG(str_head(one, 60)));
		buf_printf(where, "%sip in ", where->len > 1 ? " | " : "");
		buf_add(where, text, cidr_format(&cidr, text));
		prefix_format(&cidr, text);
		buf_printf(banner, "%s%s", banner->len ? ", " : "", text);
	}
	return 0;
}

/* What -i and --where choose, as one filter; BANNER says which addresses. */
static int
set_where(struct options *options, struct buf *where, struct buf *banner, struct err *err)
{
	if (options_check_where(options, err) < 0)
		return -1;
	if (options->ips.count == 0)
		return 0;
	buf_char(where, '(');
	for (unsigned i = 0; i < options->ips.count; i++) {
		if (*options->ips.values[i] == '\0')
			return err_set(err, "--ip needs an address");
		if (add_addresses(str_of(options->ips.values[i]), where, banner, err) < 0)
			return -1;
	}
	buf_char(where, ')');
	if (options->where)
		buf_printf(where, " & (%s)", options->where);
	buf_char(where, '\0');
	buf_char(banner, '\0');
	options->where = where->p;
	return 0;
}

/* Every -f, then every word. */
static const char **
all_inputs(const struct options *options, size_t *ret_count)
{
	size_t files = options->files.count;
	const char **names = xcalloc(files + options->word_count + 1, sizeof(*names));

	memcpy(names, options->files.values, files * sizeof(*names));
	for (size_t i = 0; i < options->word_count; i++)
		names[files + i] = options->words[i];
	*ret_count = files + options->word_count;
	return names;
}

/* What -g, --geofile and -G mean, here and in Postscreen-Stats. */
static int
set_countries(const struct options *options, struct report_screen *screen, struct err *err)
{
	if (options->pygeoip && options->geo.count == 0)
		return err_set(err, "-G goes with --geofile FILE; -g asks the databases that "
		    "are installed");
	screen->countries = options->geoloc || options->geo.count;
	if (screen->countries && screen->addresses && !screen->summary)
		complain("countries are in the summary, which --report ip leaves out");
	else if (options->geoloc && options->geo.count == 0 && !places_installed())
		complain("-g asks nobody over the network: the service that Postscreen-Stats "
		    "asked is gone");
	return 0;
}

/* The report that --mapdest asks for, or NULL; --map-min-conn. */
static int
set_map(const struct options *options, struct report *report, struct report **ret,
    struct err *err)
{
	struct report_screen screen = {.actions = options->action};

	*ret = NULL;
	if (options->mapdest == NULL) {
		if (options->map_min_conn >= 0 && !report_has_map(report))
			return err_set(err, "--map-min-conn goes with --mapdest");
		report_set_map_least(report, options->map_min_conn);
		return 0;
	}
	if (*options->mapdest == '\0')
		return err_set(err, "--mapdest needs the name of a file");
	*ret = report_new(report_format_named(STR("html")));
	report_add(*ret, STR("postscreen_map"));
	report_set_map_least(*ret, options->map_min_conn);
	return report_add_screen(*ret, &screen, err);
}

static int
run(struct options *options, struct report *report)
{
	struct report_screen screen = {.modern = options->modern, .actions = options->action};
	struct buf where = BUF_INIT(BUF_UNLIMITED), banner = BUF_INIT(BUF_UNLIMITED);
	struct run_settings settings;
	struct report *map = NULL;
	const char **names = NULL;
	struct err err;
	int status;

	if (set_mode(options, &screen, &err) < 0 ||
	    take_sections(options, report, &err) < 0 ||
	    set_countries(options, &screen, &err) < 0 ||
	    set_where(options, &where, &banner, &err) < 0 ||
	    set_map(options, report, &map, &err) < 0) {
		status = usage_error(&command_postscreen, &err);
	} else {
		screen.banner = banner.len ? banner.p : NULL;
		if (report_add_screen(report, &screen, &err) < 0) {
			err_wrap(&err, "--action");
			status = usage_error(&command_postscreen, &err);
		} else {
			if (options->has_top)
				report_set_top(report, options->top);
			settings = options_run(options, 0);
			names = all_inputs(options, &settings.name_count);
			settings.names = names;
			status = answer(&command_postscreen, report, map, options, settings);
		}
	}
	report_free(map);
	free(names);
	buf_done(&where);
	buf_done(&banner);
	return status;
}

static int
run_postscreen(int argc, char **argv)
{
	struct options options;
	struct report *report;
	struct err err;
	int status;

	if (options_read(&command_postscreen, argc, argv, &options, &err) < 0)
		return usage_error(&command_postscreen, &err);
	if (options.help)
		return print_help(&command_postscreen);
	report = report_new(
	    report_format_named(str_of(options.format ? options.format : "text")));
	report_set_command(report, "postern postscreen", "postscreen_addresses");
	status = run(&options, report);
	report_free(report);
	return status;
}

const struct command command_postscreen = {
	.name = "postscreen",
	.summary = "Postscreen-Stats: what clients did at postscreen's door",
	.usage = "[SECTION...] [OPTION...] [FILE...]",
	.help =
	"Reports on Postfix's postscreen as Postscreen-Stats does: unique clients and\n"
	"totals of every action, figures, and the delay of first reconnections. In its\n"
	"modes: short, ip (a block for each client), full (both), none (only --modern).\n"
	"A SECTION is printed in place of all that: one of 'postern report postscreen',\n"
	"or postscreen_addresses, postscreen_delays, postscreen_countries.\n"
	"\n"
	"EXPR chooses clients by their actions, with & | ! ( ), and, or, not, and >= for\n"
	"how often. Actions have Postfix's names, old or new, in upper or lower case;\n"
	"NOQUEUE stands for all refusals. A wrong name is answered with the right ones.\n"
	"\n"
	"Examples:\n"
	"  postern postscreen -f /var/log/mail.log.1 -r short -y 2025\n"
	"  postern postscreen -r ip -i 2001:db8:1::/48 mail.log\n"
	"  postern postscreen -r full -a 'PREGREET & DNSBL | HANGUP >= 3' mail.log*\n"
	"  postern postscreen -r short --geofile /usr/share/GeoIP/GeoIP.dat mail.log\n"
	"  postern postscreen -r none --mapdest map.html --map-min-conn 5 mail.log\n"
	"  postern postscreen --modern --since -7d\n"
	"  postern postscreen --format csv -a '!PASS' mail.log >actions.csv\n"
	"  postern postscreen postscreen_addresses --format json mail.log\n",
	.options = TAKES_INPUT | TAKES(top) | TAKES(where) | TAKES(color) | TAKES(action) |
	    TAKES(file) | TAKES(ip) | TAKES(report) | TAKES(geoloc) | TAKES(geofile) |
	    TAKES(pygeoip) | TAKES(mapdest) | TAKES(map_min_conn) | TAKES(modern) |
	    TAKES(rfc3339),
	.letters = "afgGiry",
	.run = run_postscreen,
};
