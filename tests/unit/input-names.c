/* SPDX-License-Identifier: Apache-2.0
 *
 * What names mean: files, patterns, directories, the system's usual log; what
 * is said when there is nothing to read.
 */
#include <grp.h>

#include "base/stable-hash.h"
#include "input-kit.h"

static bool
says(const struct err *err, const char *words)
{
	bool found = strstr(err->text, words) != NULL;

	if (!found)
		printf("#      got: %s\n", err->text);
	return found;
}

static void
test_names(void)
{
	struct input_set *set;
	struct err err = {""};

	mkdir("logs", 0755);
	mkdir("logs/mail.d", 0755);
	mkdir("none", 0755);
	kit_write("logs/mx.mail", STR("@3 a\n"));
	kit_write("logs/postfix.1", STR("@1 b\n"));
	kit_write("logs/postfix", STR("@2 c\n"));
	kit_write("logs/x.log", (struct str){"\0\0binary", 8});
	kit_write("logs/notes", STR("@9 d\n"));
	kit_write("logs/.mail.log.swp", STR("@9 e\n"));
	kit_write("logs/mail.log~", STR("@9 h\n"));
	kit_write("logs/dpkg.log.1", STR("@9 i\n"));
	kit_write("logs/mainlog", STR("@5 j\n"));
	kit_write("a[1].log", STR("@4 f\n"));
	kit_write("none/file", STR("@4 g\n"));
	set = KIT_OPEN(&err, "logs", "a[1].log");
	kit_is_set(set, "logs/mainlog | logs/mx.mail | logs/postfix.1 logs/postfix | a[1].log",
	    "a directory's logs, sorted; a name that is there is no pattern");
	ok(set->fault_count == 1 && set->faults[0].warning &&
	    strcmp(set->faults[0].text, "logs/x.log: not text; left out") == 0,
	    "what is no text is left out, and told");
	input_close(set);
	set = KIT_OPEN(&err, "logs/x.log", "log*/post*[0-9]", "missing.log", "no*such",
	    "none");
	kit_is_set(set, "logs/x.log | logs/postfix.1", "named, it is read; patterns");
	ok(set->fault_count == 3 && !set->faults[0].warning, "three faults");
	for (size_t i = 0; i < set->fault_count; i++)
		printf("# %s\n", set->faults[i].text);
	input_close(set);
	ok(!KIT_OPEN(&err, "missing.log", "no*such"), "nothing to read is an error");
	ok(says(&err, "missing.log: No such file") && says(&err, "no*such: no file matches"),
	    "that tells all reasons");
}

static void
test_file(void)
{
	struct input_set *set;
	const struct input_file *file;
	struct err err = {""};
	char bytes[64];

	kit_write("mail.log", STR("@7 first line\n@8 second\n"));
	set = KIT_OPEN(&err, "mail.log");
	file = &set->streams[0].files[0];
	ok(file->seekable && file->size == 24, "a plain file is seekable");
	ok(file->head_hash == stable_hash(STABLE_HASH_START, STR("@7 first line")),
	    "the hash is of the first line");
	ok(stable_hash(STABLE_HASH_START, STR("foobar")) == 0x85944171f73967e8ull,
	    "the hash is FNV-1a");
	kit_write("mail.log", STR("@7 first line\n@8 second\n@9 later\n"));
	ok(input_read_at(file, bytes, sizeof(bytes), 14, &err) == 10 &&
	    memcmp(bytes, "@8 second\n", 10) == 0, "read at an offset, to the end there was");
	ok(input_read_at(file, bytes, sizeof(bytes), 24, &err) == 0, "at the end");
	kit_write("mail.log", STR("@7 first\n"));
	ok(input_read_at(file, bytes, sizeof(bytes), 14, &err) < 0 &&
	    says(&err, "mail.log: ends at byte 14, it was 24 bytes long"),
	    "a file that became shorter is a fault");
	input_close(set);
}

static void
test_forbidden(void)
{
	const struct group *adm = getgrnam("adm");
	bool root = geteuid() == 0;
	struct err err = {""};

	kit_write("forbidden.log", STR("@1 x\n"));
	chmod(kit_directory, 0755);
	chmod("forbidden.log", root ? 0640 : 0);
	if (root && (!adm || chown("forbidden.log", 0, adm->gr_gid) != 0 ||
	    seteuid(65534) != 0)) {
		ok(true, "forbidden files # SKIP no group adm");
		return;
	}
	ok(!KIT_OPEN(&err, "forbidden.log") && says(&err, "run it with sudo"),
	    "a forbidden file: %s", err.text);
	ok(!root || says(&err, "for user nobody; run it with sudo, or: adduser nobody adm"),
	    "and what to do");
	if (root && seteuid(0) != 0)
		exit(1);
}

static void
test_usual(void)
{
	struct input_set *set;
	struct err err = {""};

	ok(!KIT_OPEN(&err, NULL) && says(&err, "looked for /var/log/mail.log, "
	    "/var/log/maillog, /var/log/mail.info, and mail in the journal"),
	    "no log at all: %s", err.text);
	mkdir("root", 0755);
	mkdir("root/var", 0755);
	mkdir("root/var/log", 0755);
	kit_write("root/var/log/mail.info", STR("@1 x\n"));
	kit_write("root/var/log/mail.info.1", STR("@0 x\n"));
	set = KIT_OPEN(&err, NULL);
	kit_is_set(set, "root/var/log/mail.info.1 root/var/log/mail.info",
	    "the usual log with its rotated files");
	input_close(set);
	kit_write("root/var/log/mail.log", STR("@2 x\n"));
	kit_write("root/var/log/mail.log.old", STR("@2 x\n"));
	set = KIT_OPEN(&err, NULL);
	kit_is_set(set, "root/var/log/mail.log", "the first of the usual ones");
	input_close(set);
}

int
main(void)
{
	kit_enter();
	test_names();
	test_file();
	test_forbidden();
	test_usual();
	kit_leave();
	return tap_done();
}
