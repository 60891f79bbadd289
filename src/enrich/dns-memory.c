/* SPDX-License-Identifier: Apache-2.0 */
#include "enrich/dns-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/civil.h"
#include "base/mem.h"
#include "base/replace.h"
#include "enrich/dns-reply.h"

#define HEADER_LINE "postern-rdns 1"
#define FILE_MAX_BYTES ((off_t)256 << 20)

/* The next word of LINE as a number of 0 to MOST. */
static bool
take_number(struct str *line, int64_t most, int64_t *ret)
{
	return str_number(str_cut(line, ' '), ret) && *ret >= 0 && *ret <= most;
}

static bool
take_status(struct str word, enum dns_status *ret)
{
	for (unsigned i = 0; i < DNS_STATUS_COUNT; i++)
		if (str_eq(word, str_of(dns_status_name(i)))) {
			*ret = i;
			return true;
		}
	return false;
}

/* One line; its names go into NAMES. */
static bool
read_line(struct str line, char names[DNS_NAMES][DNS_NAME_MAX + 1], struct dns_answer *ret)
{
	int64_t checked, confirmed, bad, when, expires;

	*ret = (struct dns_answer){0};
	if (!ip_parse(str_cut(&line, ' '), &ret->ip) ||
	    !take_status(str_cut(&line, ' '), &ret->status) ||
	    !take_number(&line, 2, &checked) ||
	    !take_number(&line, DNS_NAMES, &confirmed) ||
	    !take_number(&line, UINT16_MAX, &bad) ||
	    !take_number(&line, INT64_MAX / USEC_PER_SEC, &when) ||
	    !take_number(&line, INT64_MAX / USEC_PER_SEC, &expires))
		return false;
	while (line.len) {
		char *name = names[ret->name_count];

		if (ret->name_count == DNS_NAMES ||
		    !dns_host_name(str_cut(&line, ' '), name))
			return false;
		ret->names[ret->name_count++] = name;
	}
	ret->checked = checked > 0;
	ret->unsure = checked == 2;
	ret->confirmed = (unsigned)confirmed;
	ret->bad_names = (unsigned)bad;
	ret->when = when * USEC_PER_SEC;
	ret->expires = expires * USEC_PER_SEC;
	return ret->confirmed <= ret->name_count && (ret->checked || !ret->confirmed) &&
	    (ret->status == DNS_ok) == (ret->name_count > 0);
}

int
dns_memory_read(struct str text, struct dns *dns, struct err *err)
{
	char names[DNS_NAMES][DNS_NAME_MAX + 1];
	struct dns_answer answer;

	if (!str_eq(str_cut(&text, '\n'), STR(HEADER_LINE)))
		return err_set(err, "not a file of names: its first line is not '%s'",
		    HEADER_LINE);
	while (text.len)
		if (read_line(str_cut(&text, '\n'), names, &answer))
			dns_learn(dns, &answer);
	return 0;
}

/* All of an open file into a new string; -1 with errno. */
static int
read_all(int fd, char **ret, size_t *ret_len)
{
	struct stat status;
	size_t len = 0;
	char *text;

	if (fstat(fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_MAX_BYTES) {
		errno = S_ISREG(status.st_mode) ? EFBIG : EINVAL;
		return -1;
	}
	text = xmalloc((size_t)status.st_size);
	while (len < (size_t)status.st_size) {
		ssize_t n = read(fd, text + len, (size_t)status.st_size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(text);
			return -1;
		}
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret = text;
	*ret_len = len;
	return 0;
}

static int
load_file(const char *place, struct dns *dns, struct err *err)
{
	int fd = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), failed;
	char *text;
	size_t len;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || read_all(fd, &text, &len) < 0) {
		err_set(err, "%s: %s", place, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	failed = dns_memory_read((struct str){text, len}, dns, err);
	free(text);
	return failed ? err_wrap(err, "%s", place) : 0;
}

static void
put_answer(void *context, const struct dns_answer *answer)
{
	struct buf *out = context;
	char ip[IP_TEXT_MAX];

	ip_format(&answer->ip, ip);
	buf_printf(out, "%s %s %d %u %u %lld %lld", ip, dns_status_name(answer->status),
	    answer->checked + answer->unsure, answer->confirmed, answer->bad_names,
	    (long long)(answer->when / USEC_PER_SEC),
	    (long long)(answer->expires / USEC_PER_SEC));
	for (unsigned i = 0; i < answer->name_count; i++)
		buf_printf(out, " %s", answer->names[i]);
	buf_char(out, '\n');
}

/* Makes the folders of PLACE that are missing. */
static void
make_folders(const char *place)
{
	char *path = xstrdup(place);

	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (access(path, F_OK) < 0)
			mkdir(path, 0755); /* what is wrong is seen when the file is made */
		*slash = '/';
	}
	free(path);
}

static int
save_file(const char *place, const struct dns *dns, struct err *err)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED); /* bounded by the cache */
	int failed;

	buf_str(&text, STR(HEADER_LINE "\n"));
	dns_walk(dns, put_answer, &text);
	make_folders(place);
	failed = replace_file(place, buf_view(&text), 0600, err);
	buf_done(&text);
	return failed;
}

const struct dns_memory_ops dns_memory_file = {
	.name = "file",
	.load = load_file,
	.save = save_file,
};

char *
dns_memory_place(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (geteuid() == 0)
		return xstrdup("/var/cache/postern/rdns");
	if (cache && *cache == '/')
		return xasprintf("%s/postern/rdns", cache);
	if (home && *home == '/')
		return xasprintf("%s/.cache/postern/rdns", home);
	return NULL;
}
