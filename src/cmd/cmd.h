/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd: one file per subcommand. A new one is one row in COMMANDS and one file.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_FINDINGS = 3 };

struct command {
	const char *name;
	const char *summary; /* one line of `postern --help` */
	const char *help;    /* all of `postern NAME --help`, with examples */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

#define COMMANDS(ROW) ROW(report) ROW(scan) ROW(trace) ROW(version)

#define ROW(id) extern const struct command command_##id;
COMMANDS(ROW)
#undef ROW

/* Finds the command and runs it; returns the exit status. */
int cmd_main(int argc, char **argv);

#endif
