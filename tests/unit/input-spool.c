/* SPDX-License-Identifier: Apache-2.0
 *
 * Standard input and other pipes: read once, and yet twice.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "input-kit.h"

/* Makes TEXT come through a pipe on standard input. */
static pid_t
feed(struct str text)
{
	int pipes[2];
	pid_t child;

	if (pipe(pipes) != 0 || (child = fork()) < 0)
		exit(1);
	if (child == 0) {
		close(pipes[0]);
		while (text.len) {
			ssize_t n = write(pipes[1], text.p, text.len);

			if (n <= 0)
				_exit(1);
			text = str_from(text, (size_t)n);
		}
		_exit(0);
	}
	close(pipes[1]);
	if (pipes[0] != STDIN_FILENO) {
		dup2(pipes[0], STDIN_FILENO);
		close(pipes[0]);
	}
	return child;
}

static void
reap(pid_t child)
{
	close(STDIN_FILENO);
	waitpid(child, NULL, 0);
}

static void
make_text(struct buf *text)
{
	for (int i = 1; i <= 100000; i++)
		buf_printf(text, "@%d mx postfix/smtpd[1]: connect\n", i);
}

static void
test_pipe(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	struct input_reader *reader;
	struct input_set *set;
	const struct input_file *file;
	struct err err = {""};
	char bytes[1000];
	pid_t child;

	make_text(&text);
	child = feed(buf_view(&text));
	set = KIT_OPEN(&err, "-");
	kit_is_set(set, "-", "a pipe");
	file = &set->streams[0].files[0];
	ok(!file->seekable && file->size == 0 && file->first == 1 && file->mtime > 0,
	    "has a head, but no size");
	ok(input_reader_open(file, &reader, &err) == 0 &&
	    input_reader_read(reader, bytes, sizeof(bytes), &err) == sizeof(bytes) &&
	    input_reader_position(reader) == 1000, "begun");
	input_reader_close(reader);
	ok(kit_text(file, &got, &err) == 0 && str_eq(buf_view(&got), buf_view(&text)),
	    "read from its beginning");
	ok(kit_text(file, &got, &err) == 0 && str_eq(buf_view(&got), buf_view(&text)),
	    "and again");
	input_close(set);
	reap(child);
	buf_done(&text);
	buf_done(&got);
}

static void
test_compressed_pipe(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};
	pid_t child;

	make_text(&text);
	kit_gzip(&gz, buf_view(&text));
	child = feed(buf_view(&gz));
	set = KIT_OPEN(&err, "-", "/dev/stdin");
	kit_is_set(set, "-", "a pipe that is named twice is read once");
	ok(kit_text(&set->streams[0].files[0], &got, &err) == 0 &&
	    str_eq(buf_view(&got), buf_view(&text)), "a compressed pipe");
	input_close(set);
	reap(child);
	buf_done(&text);
	buf_done(&gz);
	buf_done(&got);
}

/* A temporary file that cannot grow: the text still passes once. */
static void
test_full_disk(void)
{
	struct rlimit old, none = {512 * 1024, 0};
	struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};
	pid_t child;

	make_text(&text);
	child = feed(buf_view(&text));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	set = KIT_OPEN(&err, "-");
	ok(kit_text(&set->streams[0].files[0], &got, &err) == 0 &&
	    str_eq(buf_view(&got), buf_view(&text)), "with a full disk it is read once");
	ok(kit_text(&set->streams[0].files[0], &got, &err) < 0, "then no more: %s", err.text);
	setrlimit(RLIMIT_FSIZE, &old);
	input_close(set);
	reap(child);
	buf_done(&text);
	buf_done(&got);
}

/* No temporary file can be made: no descriptor is left for it. */
static void
test_no_temporary_file(void)
{
	struct rlimit old, few;
	struct buf text = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};
	pid_t child;
	int next;

	make_text(&text);
	getrlimit(RLIMIT_NOFILE, &old);
	for (int i = 0; i < 2; i++) {
		struct str part = i ? buf_view(&text) : str_head(buf_view(&text), 1000000);

		child = feed(part);
		next = dup(STDIN_FILENO);
		close(next);
		few = (struct rlimit){(rlim_t)next + 1, old.rlim_max};
		setrlimit(RLIMIT_NOFILE, &few);
		set = KIT_OPEN(&err, "-");
		setrlimit(RLIMIT_NOFILE, &old);
		ok(kit_text(&set->streams[0].files[0], &got, &err) == 0 &&
		    str_eq(buf_view(&got), part), "without temporary file: read once");
		ok((kit_text(&set->streams[0].files[0], &got, &err) == 0) == (i == 0),
		    i ? "a long text only once" : "a short text also twice");
		input_close(set);
		reap(child);
	}
	buf_done(&text);
	buf_done(&got);
}

static void
test_regular_stdin(void)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	const struct input_file *file;
	struct err err = {""};
	char bytes[16];
	int fd;

	kit_write("mail.log", STR("@7 first\n@8 second\n"));
	fd = open("mail.log", O_RDONLY);
	ok(read(fd, bytes, 9) == 9 && dup2(fd, STDIN_FILENO) == 0, "a file, a line taken");
	set = KIT_OPEN(&err, "-");
	file = &set->streams[0].files[0];
	ok(file->seekable && file->size == 10 && strcmp(file->name, "-") == 0 &&
	    input_read_at(file, bytes, sizeof(bytes), 3, &err) == 7,
	    "standard input from a file is seekable, from where it stands");
	ok(kit_text(file, &got, &err) == 0 && str_eq(buf_view(&got), STR("@8 second\n")),
	    "and read from there");
	input_close(set);
	close(fd);
	buf_done(&got);
}

int
main(void)
{
	kit_enter();
	test_pipe();
	test_compressed_pipe();
	test_full_disk();
	test_no_temporary_file();
	test_regular_stdin();
	kit_leave();
	return tap_done();
}
