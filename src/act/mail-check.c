/* SPDX-License-Identifier: Apache-2.0
 *
 * mail-check: is what the settings say of mail possible? Where it goes, its addresses,
 * and a password that nobody else reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/mail.h"
#include "base/host.h"

#ifdef HAVE_LIBCURL
static const bool knows_smtp = true;
#else
static const bool knows_smtp = false;
#endif

#define ADDRESS_MOST 254 /* RFC 5321, errata 1690 */

/* Letters, digits, '-' and '.'; of an address in brackets what it has. */
static bool
is_host(struct str host)
{
	struct ip ip;

	if (str_skip_char(&host, '['))
		return str_ends(host, STR("]")) &&
		    ip_parse(str_head(host, host.len - 1), &ip);
	for (size_t i = 0; i < host.len; i++)
		if (!char_is_alnum(host.p[i]) && host.p[i] != '-' && host.p[i] != '.')
			return false;
	return host.len > 0;
}

/* HOST[:PORT][/NAME] */
static int
check_server(const char *via, struct str text, struct err *err)
{
	size_t bracket = str_starts(text, STR("[")) ? str_index(text, ']') : 0;
	size_t slash = str_index(text, '/'), colon;
	struct str name = str_from(text, slash);
	int64_t port;

	if (str_index(text, '@') < text.len)
		return err_set(err, "no user or password here: everybody may read this file; "
		    "see user and password_file");
	text = str_head(text, slash);
	bracket = bracket < text.len ? bracket : 0;
	colon = bracket + str_index(str_from(text, bracket), ':');
	if (!is_host(str_head(text, colon)))
		return err_set(err, "'%s' names no host, as smtp://mail.example.test:587 does",
		    via);
	if (colon < text.len && (!str_number(str_from(text, colon + 1), &port) || port < 1 ||
	    port > 65535))
		return err_set(err, "'%.*s' is no port", STR_ARG(str_from(text, colon + 1)));
	if (str_skip_char(&name, '/') && !is_host(name))
		return err_set(err, "'%.*s' is no name to greet with", STR_ARG(name));
	return 0;
}

int
act_check_via(const char *via, enum act_tls tls, struct err *err)
{
	struct str rest = str_of(via);

	if (strcmp(via, "sendmail") == 0 || *via == '/')
		return 0;
	if (str_skip(&rest, STR("smtps://"))) {
		if (tls != ACT_TLS_REQUIRED)
			return err_set(err,
			    "smtps:// is TLS from its first byte: tls = required");
	} else if (!str_skip(&rest, STR("smtp://"))) {
		return err_set(err, "'%s': expected sendmail, the path of a program like it, "
		    "smtp://HOST:PORT or smtps://HOST", via);
	}
	if (check_server(via, rest, err) < 0)
		return -1;
	return knows_smtp ? 0 : err_set(err, "this program was built without libcurl: only "
	    "sendmail, or the path of a program like it");
}

bool
act_is_smtp(const char *via)
{
	return strncmp(via, "smtp", 4) == 0;
}

int
act_check_address(const char *address, bool whole, struct err *err)
{
	const char *at = strrchr(address, '@');

	if (!*address)
		return err_set(err, "an address is missing");
	if (*address == '-' || strpbrk(address, " <>()[]\\,;:\"\t"))
		return err_set(err, "'%s' is no mail address alone", address);
	for (const char *p = address; *p; p++)
		if (*p < '!' || *p > '~')
			return err_set(err,
			    "an address of letters that are not ASCII cannot be "
			    "written to");
	if (strlen(address) > ADDRESS_MOST)
		return err_set(err, "an address has %d characters at most", ADDRESS_MOST);
	if (whole && (!at || at == address || !at[1]))
		return err_set(err, "'%s': a server wants whole addresses, as in "
		    "postern@example.test", address);
	return 0;
}

int
act_check_login(const char *via, enum act_tls tls, struct err *err)
{
	struct str rest = str_of(via);

	if (!act_is_smtp(via))
		return err_set(err, "only a server (via = smtp://...) asks for a login");
	if (str_skip(&rest, STR("smtp://")) && tls != ACT_TLS_REQUIRED && !host_is_this(rest))
		return err_set(err,
		    "a password goes to another host only with tls = required");
	return 0;
}

/* FD's file, if nobody else can read it: its first line is the password. */
static int
read_password(int fd, char *ret, size_t room, struct err *err)
{
	struct stat st;
	size_t len = 0;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, "is no file");
	if (st.st_mode & 077 || (st.st_uid != 0 && st.st_uid != geteuid()))
		return err_set(err, "must be root's and nobody else's to read: chown root, "
		    "chmod 600");
	n = read(fd, ret, room);
	if (n < 0)
		return err_set(err, "%s", strerror(errno));
	while (len < (size_t)n && ret[len] != '\r' && ret[len] != '\n')
		len++;
	if (len == room)
		return err_set(err, "has a first line of more than %zu bytes", room - 1);
	ret[len] = '\0';
	return *ret ? 0 : err_set(err, "has no password in its first line");
}

int
mail_password(const char *path, char *ret, size_t room, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result;

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	result = read_password(fd, ret, room, err);
	close(fd);
	return result < 0 ? err_wrap(err, "%s", path) : 0;
}

int
act_check_password(const char *path, struct err *err)
{
	char password[PASSWORD_MAX];
	int result;

	if (*path != '/')
		return err_set(err, "a file is named by its whole path");
	if (access(path, R_OK) < 0 && errno == EACCES)
		return 0; /* not for us to see; who starts the actions will */
	result = mail_password(path, password, sizeof(password), err);
	explicit_bzero(password, sizeof(password));
	return result;
}
