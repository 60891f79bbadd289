/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd: one file per subcommand. A new one is one row in COMMANDS and one file.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdint.h>

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_FINDINGS = 3 };

struct buf;

struct command {
	const char *name;
	const char *summary;  /* one line of `postern --help` */
	const char *usage;    /* what follows the name */
	const char *help;     /* what it does, with examples; its options follow */
	uint64_t options;     /* a bit set: see cmd/room.h */
	const char *letters;  /* options by one letter, beside h; NULL: none */
	const char *const *formats; /* values of --format; NULL: the report's */
	void (*more_help)(struct buf *out); /* NULL, or lists behind the options */
	int (*run)(int argc, char **argv);  /* argv[0] is the command's name */
};

#define COMMANDS(ROW)                                                                       \
	ROW(report) ROW(scan) ROW(trace) ROW(postscreen) ROW(dns) ROW(geo) ROW(guard)       \
	ROW(bans) ROW(replay) ROW(config) ROW(version)

#define ROW(id) extern const struct command command_##id;
COMMANDS(ROW)
#undef ROW

/* Finds the command and runs it; returns the exit status. */
int cmd_main(int argc, char **argv);

#endif
