/* SPDX-License-Identifier: Apache-2.0
 *
 * mail-smtp: letters to a server, by libcurl. What a server answers is told to whoever
 * looks for the fault, in its own words. The password is read as root; what then talks to
 * the network is the user who judges.
 */
#include "act/mail.h"

#ifdef HAVE_LIBCURL
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/become.h"
#include "base/curl.h"

struct smtp {
	struct curl_library lib;
	char password[PASSWORD_MAX];
};

static int
drop_privileges(const char *name, struct err *err)
{
	const struct passwd *user;

	if (geteuid() != 0) {
		become_private();
		return 0;
	}
	user = getpwnam(name);
	if (!user)
		return err_set(err, "there is no user '%s', [guard] user", name);
	return become_user(user, err);
}

/* The server itself is not asked: it may be away, and would wonder. */
static int
smtp_try(const struct act_settings *settings, struct err *err)
{
	struct curl_library lib;

	if (curl_load(&lib, err) < 0)
		return -1;
	if (*settings->ca_file && access(settings->ca_file, R_OK) < 0)
		return err_set(err, "ca_file: %s: %s", settings->ca_file, strerror(errno));
	return 0;
}

static int
smtp_start(const struct act_settings *settings, void **state, struct err *err)
{
	struct smtp *smtp = xcalloc(1, sizeof(*smtp));

	if (curl_load(&smtp->lib, err) < 0 ||
	    (*settings->user && mail_password(settings->password_file, smtp->password,
		sizeof(smtp->password), err) < 0) ||
	    drop_privileges(settings->become, err) < 0) {
		explicit_bzero(smtp, sizeof(*smtp));
		free(smtp);
		return -1;
	}
	smtp->lib.global_init(CURL_GLOBAL_DEFAULT);
	*state = smtp;
	return 0;
}

static void
smtp_close(void *state)
{
	struct smtp *smtp = state;

	smtp->lib.global_cleanup();
	explicit_bzero(smtp, sizeof(*smtp));
	free(smtp);
}

#define REPLY_MOST 120

/* One letter on its way. */
struct trip {
	struct str left;         /* of it, to be sent */
	char reply[REPLY_MOST];  /* the last line of the server's */
	char refusal[REPLY_MOST]; /* its first refusal of a recipient */
	unsigned refused;        /* recipients */
	bool at_recipient;       /* what was sent last named one */
	int socket;              /* to the server */
	int line;                /* who hangs up there wants an end */
	bool over;               /* whatever came of it, what follows is a farewell */
};

static size_t
give_bytes(char *room, size_t size, size_t count, void *context)
{
	struct trip *trip = context;
	size_t n = size * count < trip->left.len ? size * count : trip->left.len;

	if (n)
		memcpy(room, trip->left.p, n);
	trip->left = str_from(trip->left, n);
	return n;
}

static bool
is_refusal(const char *reply)
{
	return (*reply == '4' || *reply == '5') && char_is_digit(reply[1]);
}

/* libcurl's own fault text has the number of a reply at most; this sees it whole. */
static int
overhear(CURL *curl, curl_infotype type, char *bytes, size_t count, void *context)
{
	struct str text = {bytes, count};
	struct trip *trip = context;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT) {
		trip->at_recipient = str_starts(text, STR("RCPT "));
		trip->over |= str_starts(text, STR("QUIT"));
	}
	if (type != CURLINFO_HEADER_IN || trip->over)
		return 0;
	while (text.len && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r'))
		text.len--;
	snprintf(trip->reply, sizeof(trip->reply), "%.*s", STR_ARG(text));
	if (trip->at_recipient && is_refusal(trip->reply) && trip->refused++ == 0)
		memcpy(trip->refusal, trip->reply, sizeof(trip->refusal));
	return 0;
}

static int
note_socket(void *context, curl_socket_t socket, curlsocktype type)
{
	struct trip *trip = context;

	(void)type;
	trip->socket = socket;
	return CURL_SOCKOPT_OK;
}

/*
 * Called once a second at least: is there still somebody who wants it? If not, the socket
 * must go as well, or the answer to QUIT is waited for as long as any.
 */
static int
go_on(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct trip *trip = context;
	struct pollfd line = {.fd = trip->line};

	(void)a, (void)b, (void)c, (void)d;
	if (poll(&line, 1, 0) <= 0 || !(line.revents & POLLHUP))
		return 0;
	shutdown(trip->socket, SHUT_RDWR);
	return 1;
}

/*
 * Without required TLS nothing is gained by asking for a good certificate: who is in the
 * way would leave it out altogether (RFC 7435).
 */
static void
set_tls(const struct smtp *smtp, CURL *curl, const struct act_settings *settings)
{
	static const long levels[] = {[ACT_TLS_REQUIRED] = CURLUSESSL_ALL,
	    [ACT_TLS_OPPORTUNISTIC] = CURLUSESSL_TRY, [ACT_TLS_NEVER] = CURLUSESSL_NONE};
	bool sure = settings->tls == ACT_TLS_REQUIRED;

	smtp->lib.easy_setopt(curl, CURLOPT_USE_SSL, levels[settings->tls]);
	smtp->lib.easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, sure ? 1L : 0L);
	smtp->lib.easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, sure ? 2L : 0L);
	if (*settings->ca_file)
		smtp->lib.easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
}

static void
set_options(const struct smtp *smtp, CURL *curl, const struct act_settings *settings,
    int64_t timeout_usec, struct trip *trip)
{
	int64_t connect = settings->connect_usec < timeout_usec ? settings->connect_usec :
	    timeout_usec;

	smtp->lib.easy_setopt(curl, CURLOPT_URL, settings->via);
	smtp->lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	/* Neither proxies nor .netrc: only what the settings say. */
	smtp->lib.easy_setopt(curl, CURLOPT_PROXY, "");
	smtp->lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	smtp->lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect / 1000));
	smtp->lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(timeout_usec / 1000));
	/* Or the answer to QUIT, which no other limit is for, is waited for two minutes. */
	smtp->lib.easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	smtp->lib.easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (long)(timeout_usec / 1000000 + 1));
	smtp->lib.easy_setopt(curl, CURLOPT_MAIL_FROM, settings->from);
	/* One recipient who is gone does not keep it from the others. */
	smtp->lib.easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	if (*settings->user) {
		smtp->lib.easy_setopt(curl, CURLOPT_USERNAME, settings->user);
		smtp->lib.easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
	}
	set_tls(smtp, curl, settings);
	smtp->lib.easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	smtp->lib.easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
	smtp->lib.easy_setopt(curl, CURLOPT_READDATA, trip);
	smtp->lib.easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, note_socket);
	smtp->lib.easy_setopt(curl, CURLOPT_SOCKOPTDATA, trip);
	smtp->lib.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	smtp->lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
	smtp->lib.easy_setopt(curl, CURLOPT_XFERINFODATA, trip);
	smtp->lib.easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	smtp->lib.easy_setopt(curl, CURLOPT_DEBUGFUNCTION, overhear);
	smtp->lib.easy_setopt(curl, CURLOPT_DEBUGDATA, trip);
}

/* What CODE means, in a person's words where libcurl's are not. */
static enum carried
explain(CURLcode code, const char *fault, const struct trip *trip, struct err *err)
{
	enum carried carried = *trip->reply == '5' || code == CURLE_LOGIN_DENIED ?
	    CARRIED_NEVER : CARRIED_LATER;

	if (code == CURLE_OK && trip->refused)
		err_set(err, "%u recipient%s refused: %s", trip->refused,
		    plural_s(trip->refused), trip->refusal);
	else if (code == CURLE_OK)
		err->text[0] = '\0';
	else if (code == CURLE_USE_SSL_FAILED)
		err_set(err, "the server offers no STARTTLS, which tls = required wants");
	else if (is_refusal(trip->reply))
		err_set(err, "the server says: %s", trip->reply);
	else
		err_set(err, "%s", fault);
	return code == CURLE_OK ? CARRIED : carried;
}

static enum carried
smtp_carry(const struct act_settings *settings, void *state, struct str text,
    int64_t timeout_usec, int line, struct err *err)
{
	struct trip trip = {.left = text, .socket = -1, .line = line};
	struct curl_slist *recipients = NULL;
	const struct smtp *smtp = state;
	char fault[CURL_ERROR_SIZE] = "";
	CURL *curl = smtp->lib.easy_init();
	CURLcode code;

	if (!curl) {
		err_set(err, "libcurl does not start");
		return CARRIED_LATER;
	}
	for (size_t i = 0; i < settings->to_count; i++)
		recipients = smtp->lib.slist_append(recipients, settings->to[i]);
	set_options(smtp, curl, settings, timeout_usec, &trip);
	smtp->lib.easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	smtp->lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
	code = smtp->lib.easy_perform(curl);
	smtp->lib.easy_cleanup(curl);
	smtp->lib.slist_free_all(recipients);
	return explain(code, *fault ? fault : smtp->lib.easy_strerror(code), &trip, err);
}
#else
/* Settings that ask for it are refused before they come here. */
static int
smtp_try(const struct act_settings *settings, struct err *err)
{
	(void)settings;
	return err_set(err, "this program was built without libcurl");
}

static int
smtp_start(const struct act_settings *settings, void **state, struct err *err)
{
	(void)settings, (void)state;
	return err_set(err, "this program was built without libcurl");
}

static enum carried
smtp_carry(const struct act_settings *settings, void *state, struct str text,
    int64_t timeout_usec, int line, struct err *err)
{
	(void)settings, (void)state, (void)text, (void)timeout_usec, (void)line;
	err_set(err, "this program was built without libcurl");
	return CARRIED_NEVER;
}

static void
smtp_close(void *state)
{
	(void)state;
}
#endif

const struct carrier carrier_smtp = {
	.eol = "\r\n",
	.try = smtp_try,
	.start = smtp_start,
	.carry = smtp_carry,
	.close = smtp_close,
};
