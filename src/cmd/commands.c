/* SPDX-License-Identifier: Apache-2.0
 *
 * commands: the table of commands, and the words before a command's own.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "cmd/room.h"

static const struct command *const commands[] = {
#define ROW(id) &command_##id,
	COMMANDS(ROW)
#undef ROW
};

#define COMMANDS_COUNT (sizeof(commands) / sizeof(*commands))

static const char *const command_names[] = {
#define ROW(id) #id,
	COMMANDS(ROW)
#undef ROW
};

static const struct command *
command_named(const char *name)
{
	for (size_t i = 0; i < COMMANDS_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
print_overview(void)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	buf_str(&out, STR("postern reads the logs of a mail server: what happened, who should"
			  " be kept\nout, what went wrong with this message, account or"
			  " client.\n\nUsage: postern COMMAND [OPTION...] [FILE...]\n\n"));
	for (size_t i = 0; i < COMMANDS_COUNT; i++)
		buf_printf(&out, "  %-10s  %s\n", commands[i]->name, commands[i]->summary);
	buf_str(&out,
	    STR("\nWithout FILE the system's mail log or journal is read; - is stdin.\n"
		"\n  postern report                     the first screen\n"
		"  postern report auth --since -7d    one section, the last seven days\n"
		"  postern trace alice@shop.example   the story of an address\n"
		"  postern scan mail.log              events as JSON lines\n"
		"\nMore: postern help COMMAND, man postern\n"));
	return output_all(&out);
}

/* A file's NAME in a command's place: what to type, so that a shell takes it as it is. */
static void
complain_of_file(const char *name)
{
	struct buf word = BUF_INIT(BUF_UNLIMITED);

	escape_shell(&word, str_of(name));
	complain("%s is a file: postern report %.*s tells what is in it", name,
	    STR_ARG(buf_view(&word)));
	buf_done(&word);
}

static int
unknown_command(const char *name)
{
	const char *near = nearest(str_of(name), command_names, COMMANDS_COUNT);

	if (near)
		complain("there is no command %s; did you mean %s?", name, near);
	else if (access(name, F_OK) == 0)
		complain_of_file(name);
	else
		complain("there is no command %s; see postern --help", name);
	return EXIT_USAGE;
}

static int
help_command(int argc, char **argv)
{
	const struct command *command;
	char help[] = "--help";

	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return print_overview();
	command = command_named(argv[1]);
	if (command == NULL)
		return unknown_command(argv[1]);
	if (argc == 2)
		return print_help(command);
	return command->run(3, (char *[]){argv[1], argv[2], help, NULL}); /* of a verb */
}

int
print_help(const struct command *command)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	buf_printf(&out, "Usage: postern %s%s%s\n\n%s", command->name,
	    *command->usage ? " " : "", command->usage, command->help);
	options_help(command, &out);
	if (command->more_help)
		command->more_help(&out);
	return output_all(&out);
}

/*
 * What is closed when we start would be the next file that is opened, and what is said go into
 * it. Reading from it and writing to it fail as they would.
 */
static void
hold_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_FAILED);
}

int
cmd_main(int argc, char **argv)
{
	const struct command *command;

	hold_standard_files();
	hash_init();
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN); /* a reader that went away is seen as EPIPE */
	/* Who started us may ignore it; then no end of a process of ours would be told. */
	signal(SIGCHLD, SIG_DFL);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		int status = print_overview();

		return argc < 2 ? EXIT_USAGE : status;
	}
	if (strcmp(argv[1], "help") == 0)
		return help_command(argc - 1, argv + 1);
	if (strcmp(argv[1], "--version") == 0)
		argv[1] = (char *)(uintptr_t) "version";
	command = command_named(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}
