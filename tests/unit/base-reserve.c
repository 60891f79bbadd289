/* SPDX-License-Identifier: Apache-2.0
 *
 * What is put into a reserve is there for who opens it next, on a full disk, too; what was
 * cut short or damaged is not, and nothing behind it.
 */
#include "base/reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char path[] = "/tmp/postern-reserve-XXXXXX";
static char told[8192];

static void
take(void *context, struct str text)
{
	size_t len = strlen(told);

	(void)context;
	snprintf(told + len, sizeof(told) - len, "%.*s;", STR_ARG(text));
}

/* Opens it; `told` is what it has. */
static struct reserve
reopen(struct reserve *before)
{
	struct reserve reserve;
	struct err err;

	if (before)
		reserve_close(before);
	*told = '\0';
	if (reserve_open(path, take, NULL, &reserve, &err) < 0)
		printf("# %s\n", err.text);
	return reserve;
}

static void
keeps(void)
{
	struct reserve reserve = reopen(NULL);
	struct stat st;
	struct err err;

	ok(stat(path, &st) == 0 && st.st_size == 512 * RESERVE_TEXTS &&
	    st.st_blocks * 512 >= st.st_size, "its room is taken at once");
	ok(reserve_put(&reserve, STR("one"), &err) == 0 &&
	    reserve_put(&reserve, (struct str){"t\0o", 3}, &err) == 0 &&
	    reserve_put(&reserve, STR("three"), &err) == 0, "texts are put");
	*told = '\0';
	ok(reserve_read(path, take, NULL, &err) == 0 && strncmp(told, "one;t", 5) == 0,
	    "who only reads is told them, too");
	reserve = reopen(&reserve);
	ok(reserve.count == 3 && strncmp(told, "one;t", 5) == 0, "and are there: %s", told);
	reserve_clear(&reserve);
	reserve = reopen(&reserve);
	ok(reserve.count == 0 && !*told, "or forgotten");
	reserve_close(&reserve);
	ok(reserve_put(&reserve, STR("x"), &err) < 0, "nothing can be put where none is open");
}

static void
full(void)
{
	struct rlimit none = {0, RLIM_INFINITY}, before;
	struct reserve reserve = reopen(NULL);
	char text[RESERVE_TEXT_MAX + 1];
	struct err err;
	unsigned n = 0;

	memset(text, 'x', sizeof(text));
	ok(reserve_put(&reserve, (struct str){text, sizeof(text)}, &err) < 0 &&
	    reserve_put(&reserve, STR(""), &err) < 0, "none too long, and none empty");
	while (n < 2 * RESERVE_TEXTS &&
	    reserve_put(&reserve, (struct str){text, RESERVE_TEXT_MAX}, &err) == 0)
		n++;
	ok(n == RESERVE_TEXTS, "as many as there is room for: %s", err.text);
	reserve_clear(&reserve);
	/* No file may grow any more: nor does this one. */
	getrlimit(RLIMIT_FSIZE, &before);
	none.rlim_cur = 512 * RESERVE_TEXTS;
	setrlimit(RLIMIT_FSIZE, &none);
	ok(reserve_put(&reserve, STR("full"), &err) == 0, "on a full disk, too");
	setrlimit(RLIMIT_FSIZE, &before);
	reserve = reopen(&reserve);
	ok(strcmp(told, "full;") == 0, "it is there");
	reserve_clear(&reserve);
	reserve_close(&reserve);
}

static void
damaged(void)
{
	struct reserve reserve = reopen(NULL);
	struct err err;

	for (int i = 0; i < 4; i++)
		reserve_put(&reserve, STR("text"), &err);
	ok(pwrite(reserve.fd, "T", 1, 2 * 512 + 12) == 1, "one is damaged");
	reserve = reopen(&reserve);
	ok(strcmp(told, "text;text;") == 0, "it is not there, nor those behind: %s", told);
	ok(reserve_put(&reserve, STR("new"), &err) == 0, "its place is taken");
	ok(ftruncate(reserve.fd, 700) == 0, "cut short");
	reserve = reopen(&reserve);
	ok(reserve.count == 1 && strcmp(told, "text;") == 0, "what is whole is there: %s",
	    told);
	reserve_close(&reserve);
}

int
main(void)
{
	struct reserve reserve;
	struct err err;

	ok(reserve_read("/nonexistent/x", take, NULL, &err) == 0 && !*told,
	    "no file has no texts");
	close(mkstemp(path));
	keeps();
	full();
	damaged();
	unlink(path);
	ok(symlink("/dev/null", path) == 0 &&
	    reserve_open(path, NULL, NULL, &reserve, &err) < 0 && reserve.fd < 0,
	    "a link is not followed: %s", err.text);
	unlink(path);
	ok(reserve_open("/nonexistent/x", NULL, NULL, &reserve, &err) < 0, "%s", err.text);
	return tap_done();
}
