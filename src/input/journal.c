/* SPDX-License-Identifier: Apache-2.0
 *
 * journal: the system's journal, what mail programs wrote there. Through libsystemd
 * if the build has it, as lines at once; else what journalctl prints in its
 * export format, which a decoder turns into lines.
 */
#include <errno.h>
#include <inttypes.h>

#include "base/civil.h"
#include "base/mem.h"
#include "input/room.h"

/* Syslog's facility mail (RFC 5424, 6.2.1): Postfix, Dovecot, Exim, ... by default. */
static const char mail_facility[] = "SYSLOG_FACILITY=2";

/* P(name): programs that may log to their standard output instead, by the names they bear. */
#define MAIL_PROGRAMS(P)                                                                    \
	P("amavis") P("amavisd") P("amavisd-new") P("clamav-milter") P("dovecot") P("exim") \
	P("exim4") P("opendkim") P("opendmarc") P("policyd-spf") P("postfix")               \
	P("postgrey") P("postsrsd") P("rspamd") P("saslauthd") P("sendmail") P("spamd")

static const char *const program_matches[] = {
#define P(name) "SYSLOG_IDENTIFIER=" name, "_COMM=" name,
	MAIL_PROGRAMS(P)
#undef P
};

#define MATCHES (sizeof(program_matches) / sizeof(program_matches[0]))

#ifdef HAVE_LIBSYSTEMD

#include <systemd/sd-journal.h>

struct journal_layer {
	struct layer layer;
	sd_journal *journal;
	struct buf fields[JOURNAL_COUNT];
	struct buf out;
	size_t given; /* of `out` */
};

/* What the field is in this entry, without its name. The library's copy does not last. */
static void
get_field(struct journal_layer *j, enum journal_field field)
{
	const char *name = journal_field_names[field];
	const void *data;
	size_t len, skip = strlen(name) + 1;

	buf_clear(&j->fields[field]);
	if (sd_journal_get_data(j->journal, name, &data, &len) < 0 || len < skip)
		return;
	len -= skip;
	buf_add(&j->fields[field], (const char *)data + skip,
	    len < RECORD_MAX ? len : RECORD_MAX);
}

static void
read_entry(struct journal_layer *j)
{
	struct str fields[JOURNAL_COUNT];
	struct buf *time = &j->fields[JOURNAL___REALTIME_TIMESTAMP];
	uint64_t usec;

	for (enum journal_field i = 0; i < JOURNAL_COUNT; i++)
		get_field(j, i);
	if (sd_journal_get_realtime_usec(j->journal, &usec) >= 0)
		buf_printf(time, "%" PRIu64, usec);
	for (enum journal_field i = 0; i < JOURNAL_COUNT; i++)
		fields[i] = buf_view(&j->fields[i]);
	record_line(fields, &j->out);
}

static ssize_t
journal_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	if (j->given == j->out.len) {
		int more = sd_journal_next(j->journal);

		if (more < 0)
			return err_set(err, "%s", strerror(-more));
		if (more == 0)
			return 0;
		buf_clear(&j->out);
		j->given = 0;
		read_entry(j);
	}
	if (room > j->out.len - j->given)
		room = j->out.len - j->given;
	memcpy(to, j->out.p + j->given, room);
	j->given += room;
	return (ssize_t)room;
}

static void
journal_close(struct layer *layer)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	sd_journal_close(j->journal);
	for (int i = 0; i < JOURNAL_COUNT; i++)
		buf_done(&j->fields[i]);
	buf_done(&j->out);
	free(j);
}

/* Only mail, and from `since` on. */
static int
select_entries(sd_journal *journal, int64_t since)
{
	int result = sd_journal_add_match(journal, mail_facility, 0);

	for (size_t i = 0; i < MATCHES && result >= 0; i++) {
		result = sd_journal_add_disjunction(journal);
		if (result >= 0)
			result = sd_journal_add_match(journal, program_matches[i], 0);
	}
	if (result >= 0)
		result = sd_journal_set_data_threshold(journal, RECORD_MAX);
	if (result < 0)
		return result;
	if (since > 0)
		return sd_journal_seek_realtime_usec(journal, (uint64_t)since);
	return sd_journal_seek_head(journal);
}

struct layer *
journal_open(const struct input_file *file, struct err *err)
{
	const struct journal *where = &file->private->journal;
	struct journal_layer *j;
	sd_journal *journal;
	int result = where->directory ?
	    sd_journal_open_directory(&journal, where->directory, 0) :
	    sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);

	if (result >= 0) {
		result = select_entries(journal, where->since);
		if (result < 0)
			sd_journal_close(journal);
	}
	if (result < 0) {
		err_set(err, "%s", strerror(-result));
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	j->layer = (struct layer){.read = journal_read, .close = journal_close};
	j->journal = journal;
	for (int i = 0; i < JOURNAL_COUNT; i++)
		j->fields[i].max = RECORD_MAX;
	j->out.max = BUF_UNLIMITED;
	return &j->layer;
}

#else

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

struct journal_layer {
	struct layer layer;
	pid_t child;
	int from;
};

static ssize_t
journal_read(struct layer *layer, char *to, size_t room, struct err *err)
{
	struct journal_layer *j = (struct journal_layer *)layer;
	ssize_t n;

	do {
		n = read(j->from, to, room);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? err_set(err, "%s", strerror(errno)) : n;
}

static void
journal_close(struct layer *layer)
{
	struct journal_layer *j = (struct journal_layer *)layer;

	close(j->from);
	while (waitpid(j->child, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(j);
}

/* journalctl's arguments: the options, then its matches with "+" (or) between. */
static char **
arguments(const struct journal *where)
{
	static const char *const always[] = {"journalctl", "-q", "-o", "export", "--no-pager"};
	size_t count = 0;
	char **list = xcalloc(sizeof(always) / sizeof(always[0]) + 4 + 2 * MATCHES,
	    sizeof(*list));

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		list[count++] = xstrdup(always[i]);
	if (where->directory)
		list[count++] = xasprintf("--directory=%s", where->directory);
	if (where->since > 0)
		list[count++] = xasprintf("--since=@%" PRId64, where->since / USEC_PER_SEC);
	list[count++] = xstrdup(mail_facility);
	for (size_t i = 0; i < MATCHES; i++) {
		list[count++] = xstrdup("+");
		list[count++] = xstrdup(program_matches[i]);
	}
	return list;
}

/* Starts journalctl with its output going TO; an errno. */
static int
start_journalctl(const struct journal *where, int to, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	char **list = arguments(where);
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
	result = posix_spawnp(ret, list[0], &actions, NULL, list, environ);
	posix_spawn_file_actions_destroy(&actions);
	for (size_t i = 0; list[i]; i++)
		free(list[i]);
	free(list);
	return result;
}

struct layer *
journal_open(const struct input_file *file, struct err *err)
{
	struct journal_layer *j;
	pid_t child;
	int pipes[2], result;

	if (pipe2(pipes, O_CLOEXEC) != 0) {
		err_set(err, "%s", strerror(errno));
		return NULL;
	}
	result = start_journalctl(&file->private->journal, pipes[1], &child);
	close(pipes[1]);
	if (result != 0) {
		err_set(err, "journalctl: %s", strerror(result));
		close(pipes[0]);
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	j->layer = (struct layer){.read = journal_read, .close = journal_close};
	j->child = child;
	j->from = pipes[0];
	return &j->layer;
}

#endif
