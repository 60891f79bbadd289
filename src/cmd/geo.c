/* SPDX-License-Identifier: Apache-2.0
 *
 * postern geo: the databases that say where addresses are: asked by hand, renewed,
 * made. Each is a command of its own.
 */
#include "base/nearest.h"
#include "cmd/room.h"

static const struct command *const subcommands[] = {
	&command_geo_lookup, &command_geo_update, &command_geo_build};

static const char *const names[] = {"lookup", "update", "build"};

#define COUNT (sizeof(names) / sizeof(*names))

static int
run_geo(int argc, char **argv)
{
	struct options options;
	const char *near;
	struct err err;

	for (size_t i = 0; argc > 1 && i < COUNT; i++)
		if (strcmp(argv[1], names[i]) == 0)
			return subcommands[i]->run(argc - 1, argv + 1);
	if (options_read(&command_geo, argc, argv, &options, &err) < 0)
		return usage_error(&command_geo, &err);
	if (options.help)
		return print_help(&command_geo);
	near = options.word_count ? nearest(str_of(options.words[0]), names, COUNT) : NULL;
	err_set(&err, "geo takes lookup, update or build%s%s%s%s%s",
	    options.word_count ? ", not " : "", options.word_count ? options.words[0] : "",
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return usage_error(&command_geo, &err);
}

static void
help_subcommands(struct buf *out)
{
	buf_char(out, '\n');
	for (size_t i = 0; i < COUNT; i++)
		buf_printf(out, "  geo %-8s  %s\n", names[i], subcommands[i]->summary);
}

static const char *const no_formats[] = {NULL};

const struct command command_geo = {
	.name = "geo",
	.summary = "where addresses are: look up, fetch or make a database",
	.usage = "lookup|update|build [OPTION...]",
	.help = "Databases of places say in which country an address is and which network it\n"
		"belongs to. They are files on this machine: reports and lookups ask nobody.\n"
		"Reports use them when they are asked for places: the section places, --by\n"
		"country, --by asn,aso, --where 'country=DE'.\n"
		"\n"
		"Examples:\n"
		"  postern geo update\n"
		"  postern geo lookup 192.0.2.1 2001:db8::1\n"
		"  postern report places\n"
		"\n"
		"More: postern geo lookup --help, and so on.\n",
	.options = TAKES(help),
	.formats = no_formats,
	.more_help = help_subcommands,
	.run = run_geo,
};
