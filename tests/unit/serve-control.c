/* SPDX-License-Identifier: Apache-2.0
 *
 * The control socket from both sides: a server in a process of its own, asked by
 * control_call() and by hand, with sense and without, by who may and by who may not.
 */
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/json.h"
#include "serve-kit.h"

static int
ask(void *context, const struct control_request *request, struct json *answer,
    struct err *err)
{
	(void)context;
	if (str_eq(request->op, STR("sleep")))
		sleep(5);
	if (str_eq(request->op, STR("unban")))
		return err_set(err, "192.0.2.1 is not banned");
	if (str_eq(request->op, STR("large"))) {
		static char much[3 << 20];

		memset(much, 'x', sizeof(much));
		json_key(answer, "text");
		json_str(answer, (struct str){much, (size_t)request->seconds});
		return 0;
	}
	json_key(answer, "did");
	json_str(answer, request->op);
	json_key(answer, "to");
	json_str(answer, request->address);
	json_key(answer, "by");
	json_str(answer, request->rule);
	json_key(answer, "for");
	json_int(answer, request->seconds);
	json_key(answer, "as");
	json_str(answer, request->reason);
	return 0;
}

/* The server, as UID; returns its process once it listens. */
static pid_t
serve(uid_t uid)
{
	struct control_server *server;
	struct err err;
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) < 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		signal(SIGALRM, SIG_DFL);
		alarm(60);
		if ((uid && setuid(uid) < 0) ||
		    control_open(socket_path, ask, NULL, &server, &err) < 0) {
			printf("Bail out! %s\n", err.text);
			_exit(1);
		}
		close(ready[0]);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			if (readable(control_fd(server), -1))
				control_process(server, NULL, NULL);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		exit(1);
	close(ready[0]);
	return pid;
}

static void
stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Before a part of the error: what of that sort is returned. */
static int
sort_of(char sign)
{
	return sign == '!' ? -1 : sign == '?' ? 1 : sign == '~' ? -2 : 0;
}

/*
 * WANT: the answer, or, with "!" before it, a part of the error; "?": nobody listens; "~":
 * no answer came.
 */
static void
calls(const char *request, const char *want)
{
	struct buf answer = BUF_INIT(4 << 20);
	struct err err = {""};
	int result = control_call(socket_path, str_of(request), 1000000, &answer, &err);

	if (sort_of(want[0])) {
		if (!ok(result == sort_of(want[0]) && strstr(err.text, want + 1),
			"%.60s: %s", request, want))
			printf("# got: %s\n", result ? err.text : answer.p);
	} else if (ok(result == 0, "%.60s", request)) {
		is_text(answer.p, answer.len, want, "its answer");
	} else {
		printf("# got: %s\n", err.text);
	}
	buf_done(&answer);
}

static void
test_calls(void)
{
	pid_t pid = serve(0);

	calls("{\"op\":\"ban\",\"address\":\"192.0.2.1\",\"rule\":\"hand\",\"seconds\":60,"
	      "\"reason\":\"a \\u00e9\\n b\"}",
	    "{\"ok\":true,\"did\":\"ban\",\"to\":\"192.0.2.1\",\"by\":\"hand\",\"for\":60,"
	    "\"as\":\"a \xc3\xa9\\n b\"}");
	calls("{\"op\":\"status\"}", "{\"ok\":true,\"did\":\"status\",\"to\":\"\",\"by\":\"\","
	    "\"for\":-1,\"as\":\"\"}");
	calls("{\"op\":\"unban\"}", "!192.0.2.1 is not banned");
	calls("{\"op\":\"large\",\"seconds\":3000000}", "!longer than 1 MiB");
	calls("{\"op\":\"sleep\"}", "~the guard has not answered in 1 s");
	stop(pid);
	calls("{\"op\":\"status\"}", "?no guard is running: /tmp/postern-serve-");
	unlink(socket_path);
	calls("{\"op\":\"status\"}", "?No such file or directory");
}

static void
test_nonsense(void)
{
	pid_t pid = serve(0);
	char long_one[5000];

	calls("ban 192.0.2.1", "!a request is one JSON object on a line");
	calls("[]", "!one JSON object on a line: this is none");
	calls("{}", "!a request needs an op");
	calls("{\"op\":1}", "!op is to be a text");
	calls("{\"op\":\"ban\",\"op\":\"unban\"}", "!duplicate");
	calls("{\"op\":\"ban\",\"adress\":\"192.0.2.1\"}",
	    "!there is no 'adress' in a request");
	calls("{\"op\":\"ban\",\"seconds\":-1}", "!seconds is to be a number, 0 or more");
	calls("{\"op\":\"ban\",\"seconds\":1.5}", "!seconds is to be a number, 0 or more");
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	calls(long_one, "~closed the connection and did not answer");
	memset(long_one, '[', 4000);
	long_one[4000] = '\0';
	calls(long_one, "!a request is one JSON object on a line");
	stop(pid);
	unlink(socket_path);
}

/* Many requests on one connection; a large answer read in pieces. */
static void
test_stream(void)
{
	static char got[2 << 20];
	pid_t pid = serve(0);
	int fd = connect_unix(socket_path);
	const char *text = "{\"op\":\"a\"}\n{\"op\":\"large\",\"seconds\":1000000}\n\n"
	    "{\"op\":\"b\"}\n";
	size_t len = 0, lines = 0;
	bool ended = false;

	send(fd, text, strlen(text), MSG_NOSIGNAL);
	for (int i = 0; i < 2000 && lines < 4 && !ended; i++) {
		readable(fd, 10);
		len += hear(fd, got + len, sizeof(got) - len, &ended);
		lines = 0;
		for (size_t c = 0; c < len; c++)
			lines += got[c] == '\n';
	}
	ok(lines == 4, "four answers");
	ok(len > 1000000 && strstr(got, "\"did\":\"a\"") && strstr(got, "\"did\":\"b\""),
	    "the first and the last, and a large one between them");
	close(fd);
	stop(pid);
	unlink(socket_path);
}

/* Runs CHECK as nobody, who is not the server's. */
static void
as_nobody(void (*check)(void), const char *what)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		tap_failed = 0;
		if (setgid(65534) < 0 || setuid(65534) < 0)
			_exit(1);
		check();
		_exit(tap_failed != 0);
	}
	waitpid(pid, &status, 0);
	tap_count += 1; /* its own line of TAP */
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", what);
}

static const char *refusal;

static void
check_refused(void)
{
	calls("{\"op\":\"status\"}", refusal);
}

static void
test_allowed(void)
{
	const struct passwd *user = getpwnam("daemon");
	char want[128];
	pid_t pid;

	if (geteuid() != 0 || !user) {
		ok(true, "who may ask # SKIP not root");
		return;
	}
	chmod(folder, 0777);
	pid = serve(0);
	refusal = "!not allowed: must be root";
	as_nobody(check_refused, "nobody may not ask root's guard");
	chmod(socket_path, 0600);
	as_nobody(check_refused, "nor if the socket is closed to it");
	stop(pid);
	unlink(socket_path);
	pid = serve(user->pw_uid);
	snprintf(want, sizeof(want), "!not allowed: must be root or user %s", user->pw_name);
	refusal = want;
	as_nobody(check_refused, "nor a user's guard");
	chmod(socket_path, 0600);
	as_nobody(check_refused, "nor that one if its socket is closed");
	calls("{\"op\":\"x\"}", "{\"ok\":true,\"did\":\"x\",\"to\":\"\",\"by\":\"\","
	    "\"for\":-1,\"as\":\"\"}");
	stop(pid);
	unlink(socket_path);
}

int
main(void)
{
	make_folder();
	test_calls();
	test_nonsense();
	test_stream();
	test_allowed();
	rmdir(folder);
	return tap_done();
}
