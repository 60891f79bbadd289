/* SPDX-License-Identifier: Apache-2.0
 *
 * fetch: libcurl for what is far away, plain reading for what is near.
 */
#include "enrich/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/host.h"

#ifdef HAVE_LIBCURL
#include "base/curl.h"
#endif

/* Gives TO the time SECONDS. */
static void
set_time(const struct replacement *to, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};

	futimens(to->fd, times);
}

int
fetch_check(const char *url, struct err *err)
{
	struct str rest = str_of(url), scheme = STR("://");
	size_t at = str_find(rest, scheme);

	if (at == rest.len || str_skip(&rest, STR("https://")) ||
	    str_skip(&rest, STR("file:///")))
		return 0;
	if (str_skip(&rest, STR("http://")) && host_is_this(rest))
		return 0;
	return err_set(err, "%s: expected https://, file:///path or a path; http:// would let "
	    "anybody on the way change it", url);
}

#ifdef HAVE_LIBCURL
struct writing {
	const struct replacement *to;
	uint64_t bytes;
	struct err err;
	bool failed;
};

static size_t
take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct writing *writing = context;
	struct str text = {bytes, size * count};

	writing->bytes += text.len;
	if (writing->bytes > FETCH_MAX)
		writing->failed = err_set(&writing->err, "more than 2 GiB") < 0;
	else
		writing->failed = replace_write(writing->to, text, &writing->err) < 0;
	return writing->failed ? 0 : text.len;
}

/* http:// is of this host: neither a proxy nor another place is asked for it. */
static void
set_options(const struct curl_library *lib, CURL *curl, const char *url,
    struct writing *writing, char *fault)
{
	bool far = strncmp(url, "https:", 6) == 0;

	lib->easy_setopt(curl, CURLOPT_URL, url);
	lib->easy_setopt(curl, CURLOPT_PROTOCOLS_STR, far ? "https" : "http");
	lib->easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	lib->easy_setopt(curl, CURLOPT_FOLLOWLOCATION, far ? 1L : 0L);
	lib->easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
	if (!far)
		lib->easy_setopt(curl, CURLOPT_NOPROXY, "*");
	lib->easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	lib->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	lib->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
	lib->easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);
	lib->easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
	lib->easy_setopt(curl, CURLOPT_FILETIME, 1L);
	lib->easy_setopt(curl, CURLOPT_USERAGENT, "postern/" POSTERN_VERSION);
	lib->easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
	lib->easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	lib->easy_setopt(curl, CURLOPT_WRITEDATA, writing);
}

static int
fetch_far(const char *url, const struct replacement *to, struct err *err)
{
	struct writing writing = {.to = to};
	char fault[CURL_ERROR_SIZE] = "";
	curl_off_t written = -1;
	long status = 0;
	struct curl_library lib;
	CURLcode code;
	CURL *curl;

	if (curl_load(&lib, err) < 0)
		return -1;
	lib.global_init(CURL_GLOBAL_DEFAULT);
	curl = lib.easy_init();
	if (curl == NULL)
		return err_set(err, "%s: libcurl does not start", url);
	set_options(&lib, curl, url, &writing, fault);
	code = lib.easy_perform(curl);
	lib.easy_getinfo(curl, CURLINFO_FILETIME_T, &written);
	lib.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	lib.easy_cleanup(curl);
	lib.global_cleanup();
	if (writing.failed)
		return err_set(err, "%s: %s", url, writing.err.text);
	if (code != CURLE_OK)
		return err_set(err, "%s: %s", url, *fault ? fault : lib.easy_strerror(code));
	if (status != 200)
		return err_set(err, "%s: the server answers %ld", url, status);
	if (written > 0)
		set_time(to, written);
	return 0;
}
#else
static int
fetch_far(const char *url, const struct replacement *to, struct err *err)
{
	(void)to;
	return err_set(err, "%s: this program was built without libcurl; fetch it by other "
	    "means, then: postern geo update --url FILE", url);
}
#endif

/* The path in file:///PATH, its %XX decoded, or PATH itself; the caller frees it. */
static char *
path_of(const char *url)
{
	struct str rest = str_of(url);
	char *path = xstrdup(url);
	size_t len = 0;

	if (!str_skip(&rest, STR("file://")))
		return path;
	while (rest.len) {
		char hex[3] = {rest.len > 2 ? rest.p[1] : '\0',
		    rest.len > 2 ? rest.p[2] : '\0'};
		char *end;
		unsigned long byte = strtoul(hex, &end, 16);
		bool coded = *rest.p == '%' && end == hex + 2 && byte;

		path[len++] = coded ? (char)byte : *rest.p;
		rest = str_from(rest, coded ? 3 : 1);
	}
	path[len] = '\0';
	return path;
}

/* Appends FD's bytes to TO. */
static int
copy(int fd, const char *path, const struct replacement *to, struct err *err)
{
	char bytes[65536];
	uint64_t sum = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, "%s: %s", path, strerror(errno));
		sum += (uint64_t)n;
		if (sum > FETCH_MAX)
			return err_set(err, "%s: more than 2 GiB", path);
		if (replace_write(to, (struct str){bytes, (size_t)n}, err) < 0)
			return -1;
	}
	return 0;
}

static int
fetch_near(const char *url, const struct replacement *to, struct err *err)
{
	char *path = path_of(url);
	int fd = open(path, O_RDONLY | O_CLOEXEC), failed;
	struct stat st;

	if (fd < 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		free(path);
		return -1;
	}
	failed = copy(fd, path, to, err);
	if (failed == 0 && fstat(fd, &st) == 0)
		set_time(to, st.st_mtime);
	close(fd);
	free(path);
	return failed;
}

int
fetch(const char *url, const struct replacement *to, struct err *err)
{
	if (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0)
		return fetch_far(url, to, err);
	return fetch_near(url, to, err);
}

/* All that GZ unpacks to; a fault in it, a missing end too, is an error. */
static int
unpack(gzFile gz, const struct replacement *to, struct err *err)
{
	char bytes[65536];
	uint64_t sum = 0;
	int n, fault;

	while ((n = gzread(gz, bytes, sizeof(bytes))) > 0) {
		sum += (uint64_t)n;
		if (sum > FETCH_MAX)
			return err_set(err, "more than 2 GiB when unpacked");
		if (replace_write(to, (struct str){bytes, (size_t)n}, err) < 0)
			return -1;
	}
	gzerror(gz, &fault);
	if (n < 0 || fault != Z_OK)
		return err_set(err, fault == Z_BUF_ERROR ? "cut short" :
							    "damaged compression");
	return 0;
}

int
fetch_unpack(const struct replacement *from, const struct replacement *to, bool *ret_packed,
    struct err *err)
{
	unsigned char magic[2] = {0, 0};
	struct stat st;
	int failed;
	gzFile gz;

	*ret_packed = pread(from->fd, magic, 2, 0) == 2 && magic[0] == 0x1f &&
	    magic[1] == 0x8b;
	if (!*ret_packed)
		return 0;
	gz = gzopen(from->temp, "rbe");
	if (gz == NULL)
		return err_set(err, "%s", strerror(errno ? errno : ENOMEM));
	failed = unpack(gz, to, err);
	gzclose(gz);
	if (failed == 0 && fstat(from->fd, &st) == 0)
		set_time(to, st.st_mtime);
	return failed;
}
