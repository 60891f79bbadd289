/* SPDX-License-Identifier: Apache-2.0
 *
 * control-call: asks the guard that runs, and says in a person's words why it could not.
 */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/room.h"
#include "base/civil.h"
#include "base/now.h"

/* 1: nobody listens at PATH; else -1. */
static int
cannot_connect(const char *path, int why, struct err *err)
{
	const struct passwd *user = NULL;
	struct stat status;

	if (why == EAGAIN)
		return err_set(err, "the guard is busy: %s: too many wait", path);
	if (why != EACCES && why != EPERM) {
		err_set(err, "no guard is running: %s: %s", path, strerror(why));
		return 1;
	}
	if (stat(path, &status) == 0 && status.st_uid != 0)
		user = getpwuid(status.st_uid);
	return err_set(err, "not allowed: must be root%s%s: %s", user ? " or user " : "",
	    user ? user->pw_name : "", path);
}

/* As control_call(); *RET_FD is connected. */
static int
connect_to(const char *path, int *ret_fd, struct err *err)
{
	struct listen_address address;
	int fd, result;

	if (listen_address_unix(path, &address, err) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_no_descriptor(err, "to ask the guard");
	if (connect(fd, (const struct sockaddr *)&address.socket, address.len) < 0) {
		result = cannot_connect(path, errno, err);
		close(fd);
		return result;
	}
	*ret_fd = fd;
	return 0;
}

static int
wait_until(int fd, short what, int64_t until, struct err *err)
{
	struct pollfd poller = {.fd = fd, .events = what};

	for (;;) {
		int64_t left = until - now_monotonic();
		int n;

		if (left <= 0)
			return err_set(err, "the guard has not answered");
		n = poll(&poller, 1, left > 60000000 ? 60000 : (int)(left / 1000) + 1);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return err_set(err, "cannot wait for the guard: %s", strerror(errno));
	}
}

/*
 * False when not all of it went. That is no error yet: who refuses us says so without
 * reading what we ask.
 */
static bool
send_all(int fd, struct str bytes, int64_t until, struct err *err)
{
	while (bytes.len) {
		ssize_t n = send(fd, bytes.p, bytes.len, MSG_NOSIGNAL);

		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
		else if ((errno != EAGAIN && errno != EINTR) ||
		    wait_until(fd, POLLOUT, until, err) < 0)
			return false;
	}
	return true;
}

static int
read_line(int fd, int64_t until, struct buf *answer, struct err *err)
{
	char bytes[16384];

	for (;;) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
		size_t end;

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (wait_until(fd, POLLIN, until, err) < 0)
				return -1;
			continue;
		}
		if (n <= 0)
			return err_set(err, "the guard closed the connection and did not "
			    "answer");
		end = str_index((struct str){bytes, (size_t)n}, '\n');
		buf_add(answer, bytes, end);
		if (answer->overflow)
			return err_set(err, "the guard's answer is too long");
		if (end < (size_t)n)
			return 0;
	}
}

/* Is the answer good? If not, ERR is what it says. */
static int
judge(struct str line, struct err *err)
{
	json_t *object = json_loadb(line.p ? line.p : "", line.len, 0, NULL);
	const char *text = json_string_value(json_object_get(object, "error"));
	int result = 0;

	if (!json_is_object(object))
		result = err_set(err, "the guard's answer makes no sense");
	else if (!json_is_true(json_object_get(object, "ok")))
		result = err_set(err, "%s", text ? text : "the guard refused, and not why");
	json_decref(object);
	return result;
}

int
control_call(const char *path, struct str request, int64_t timeout_usec, struct buf *answer,
    struct err *err)
{
	int64_t until = now_monotonic() + timeout_usec;
	int fd, result = connect_to(path, &fd, err);

	if (result)
		return result;
	if (send_all(fd, request, until, err))
		send_all(fd, STR("\n"), until, err);
	buf_clear(answer);
	result = read_line(fd, until, answer, err);
	close(fd);
	if (result < 0 && until <= now_monotonic())
		err_set(err, "the guard has not answered in %g s",
		    (double)timeout_usec / USEC_PER_SEC);
	return result < 0 ? -2 : judge(buf_view(answer), err);
}

void
control_list(struct str answer, const char *name,
    void (*each)(void *context, struct str item), void *context)
{
	json_t *object = json_loadb(answer.p ? answer.p : "", answer.len, 0, NULL), *item;
	size_t i;

	json_array_foreach(json_object_get(object, name), i, item)
		if (json_is_string(item))
			each(context, (struct str){json_string_value(item),
			    json_string_length(item)});
	json_decref(object);
}

int64_t
control_number(struct str answer, const char *name)
{
	json_t *object = json_loadb(answer.p ? answer.p : "", answer.len, 0, NULL);
	int64_t n = json_integer_value(json_object_get(object, name));

	json_decref(object);
	return n;
}
