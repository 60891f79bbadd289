/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal where a build has no libsystemd: a journalctl of ours in its place, what it
 * is asked for, what it prints, and that one which fails is told of. What is tested comes
 * first, in front of the library, whichever of the two the build has.
 */
#include "input/journalctl.c"

#include <sys/stat.h>

#include "input-kit.h"

#define RECORD "__REALTIME_TIMESTAMP=1795175893587668\n_HOSTNAME=mx\nMESSAGE=x\n\n"

/* Puts a journalctl that does what SCRIPT says in front of all others. */
static void
install(const char *script)
{
	char *text = xasprintf("#!/bin/sh\necho \"$@\" >asked\n%s\n", script);

	kit_write("journalctl", str_of(text));
	chmod("journalctl", 0755);
	free(text);
}

/*
 * What journalctl gives, as it is or as lines, is WANT; then comes FAULT, if it is not NULL.
 */
static void
is_read(bool lines, const char *want, const char *fault, const char *what)
{
	struct buf got = BUF_INIT(BUF_UNLIMITED);
	struct err err = {""};
	struct input_file file;
	struct layer *layer;
	int result = -1;

	source_journal("some/where", INT64_C(1795175893587668), &file);
	layer = journal_open(&file, &err);
	if (layer && lines)
		layer = decoder_open(&decoder_journal_export, layer, 0);
	if (layer)
		result = kit_drain(layer, 4096, &got, &err);
	is_text(got.p ? got.p : "", got.len, want, what);
	ok(result == (fault ? -1 : 0) && (!fault || strstr(err.text, fault)), "%s: %s", what,
	    fault ? err.text : "no fault");
	buf_done(&got);
	source_close(&file);
}

static void
check_asked(void)
{
	char asked[4096] = "";
	int fd;

	install("printf '" RECORD "'");
	is_read(true, "2026-11-20T11:58:13.587668+00:00 mx unknown: x\n", NULL, "an entry");
	fd = open("asked", O_RDONLY);
	ok(fd >= 0 && read(fd, asked, sizeof(asked) - 1) > 0, "journalctl was asked");
	close(fd);
	ok(strstr(asked, "-q -o export --no-pager --directory=some/where --since=@1795175893 "
			 "SYSLOG_FACILITY=2 + ") == asked, "for mail of that time, there");
}

static void
check_faults(void)
{
	install("printf '" RECORD "'; exit 1");
	is_read(true, "2026-11-20T11:58:13.587668+00:00 mx unknown: x\n",
	    "journalctl ended with status 1", "one that fails later");
	install("kill -9 $$");
	is_read(false, "", "journalctl was ended by signal 9", "one that is killed");
	remove("journalctl");
	setenv("PATH", kit_directory, 1);
	is_read(false, "", "journalctl: No such file", "none at all");
}

/* Who has read enough closes it, and waits for nobody. */
static void
check_closed_early(void)
{
	struct err err = {""};
	struct input_file file;
	struct layer *layer;
	char byte;

	install("while printf '" RECORD "'; do :; done 2>/dev/null");
	source_journal(NULL, INT64_MIN, &file);
	layer = journal_open(&file, &err);
	ok(layer && layer_read(layer, &byte, 1, &err) == 1, "a byte of many");
	layer_close(layer);
	source_close(&file);
	ok(waitpid(-1, NULL, WNOHANG) < 0, "no process is left");
}

int
main(void)
{
	char *path;

	kit_enter();
	path = xasprintf("%s:%s", kit_directory, getenv("PATH"));
	setenv("PATH", path, 1);
	free(path);
	check_asked();
	check_closed_early();
	check_faults();
	kit_leave();
	return tap_done();
}
