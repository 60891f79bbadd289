/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody was told of yet, on a disk that fails behind the file's name: it is there,
 * and gone when the letter went.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/mail.h"
#include "tap.h"

static int folder_error;

/* Seen by all that is linked here, in place of the system's. */
int
fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		return (int)syscall(SYS_fsync, fd);
	errno = folder_error;
	return folder_error ? -1 : 0;
}

/* A letter of one ban goes by the program VIA, its ban kept in PATH. */
static void
tell(const char *via, const char *path)
{
	static const char *const to[] = {"root@example.test"};
	struct act_settings settings = {.name = "told", .via = via,
	    .from = "a@mx.example.test", .to = to, .to_count = 1, .unsent = path,
	    .every_usec = 1000000, .timeout_usec = 10000000};
	struct change change = {.ban = {.id = 7, .until = 9,
	    .prefix = {.base = {.byte = {192, 0, 2, 1}, .family = 4}, .bits = 32}}};
	void *mail = sort_mail.open(&settings);
	struct err err = {""};

	ok(sort_mail.apply(mail, &change, 1, false, 1, &err) == 0 &&
	    sort_mail.tick(mail, 1, &err) == 0, "%s: %s", via, err.text);
	sort_mail.close(mail);
}

int
main(void)
{
	char folder[] = "/tmp/postern-mail-XXXXXX", path[64];
	struct unsent unsent;
	struct err err;

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/unsent", folder);
	tell("/bin/false", path);
	ok(unsent_read(path, &unsent, &err) == 0 && unsent.bans == 1,
	    "what did not go is kept");
	tell("/bin/true", path);
	ok(access(path, F_OK) < 0, "and gone when it went");
	folder_error = EIO;
	tell("/bin/false", path);
	ok(unsent_read(path, &unsent, &err) == 0 && unsent.bans == 1,
	    "it is kept where the folder does not get to the disk");
	unlink(path);
	tell("/bin/true", path);
	ok(access(path, F_OK) < 0, "and gone when it went, or it would be told twice");
	unlink(path);
	rmdir(folder);
	return tap_done();
}
