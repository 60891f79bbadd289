/* SPDX-License-Identifier: Apache-2.0
 *
 * control: how postern bans reaches the guard. One JSON object on a line in, one on a
 * line out. Who may ask is told by the kernel, not by the socket's mode.
 */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "serve/room.h"

struct control_server {
	struct server_sort sort; /* with a refusal of its own */
	struct server *server;
	control_ask *ask;
	void *context;
	char *refusal;
};

static void
put_error(struct buf *out, const char *text)
{
	struct json json = {.out = out};

	json_object_begin(&json);
	json_key(&json, "ok");
	json_bool(&json, false);
	json_key(&json, "error");
	json_str(&json, str_of(text));
	json_object_end(&json);
	buf_char(out, '\n');
}

/* Nonsense is answered, too: a person may have typed it. */
static int
answer(void *context, struct str line, struct buf *out, struct err *unused)
{
	struct control_server *control = context;
	struct control_request request;
	struct json json = {.out = out};
	size_t before = out->len;
	void *hold = NULL;
	struct err err;
	int result;

	(void)unused;
	json_object_begin(&json);
	json_key(&json, "ok");
	json_bool(&json, true);
	result = control_request_read(line, &hold, &request, &err);
	if (result == 0)
		result = control->ask(control->context, &request, &json, &err);
	control_request_done(hold);
	json_object_end(&json);
	buf_char(out, '\n');
	if (result == 0 && (out->overflow || out->len - before > CONTROL_ANSWER_MAX))
		result = err_set(&err, "the answer is longer than 1 MiB");
	if (result < 0) {
		out->len = before;
		out->overflow = false;
		put_error(out, err.text);
	}
	return 0;
}

static const struct server_sort control_sort = {
	.name = "control",
	.end = {"\n", 1},
	.request_max = CONTROL_REQUEST_MAX,
	.answers_max = CONTROL_ANSWER_MAX + 65536,
	.connections = 32,
	.idle_usec = INT64_C(60) * 1000000,
	.mode = 0666,
	.answer = answer,
};

static char *
make_refusal(void)
{
	const struct passwd *user = getpwuid(geteuid());
	struct buf line = BUF_INIT(1024);
	char *text, *result;

	text = geteuid() == 0 ? xstrdup("not allowed: must be root") : user ?
	    xasprintf("not allowed: must be root or user %s", user->pw_name) :
	    xasprintf("not allowed: must be root or user %ld", (long)geteuid());
	put_error(&line, text);
	result = xstrndup(line.p, line.len);
	free(text);
	buf_done(&line);
	return result;
}

int
control_open(const char *path, control_ask *ask, void *context, struct control_server **ret,
    struct err *err)
{
	return control_go_on(path, ask, context, NULL, ret, err);
}

int
control_go_on(const char *path, control_ask *ask, void *context,
    struct serve_handed *handed, struct control_server **ret, struct err *err)
{
	struct control_server *control = xcalloc(1, sizeof(*control));
	struct listen_address address;

	*control = (struct control_server){.sort = control_sort, .ask = ask,
	    .context = context, .refusal = make_refusal()};
	control->sort.refusal = control->refusal;
	if (listen_address_unix(path, &address, err) < 0 ||
	    server_new(&control->sort, control, &control->server, err) < 0 ||
	    server_listen(control->server, &address, handed, err) < 0) {
		control_close(control);
		return -1;
	}
	*ret = control;
	return 0;
}

int
control_fd(const struct control_server *control)
{
	return server_fd(control->server);
}

void
control_process(struct control_server *control, serve_log *log, void *context)
{
	server_process(control->server, log, context);
}

struct serve_stats
control_stats(const struct control_server *control)
{
	return server_stats(control->server);
}

void
control_close(struct control_server *control)
{
	if (!control)
		return;
	server_free(control->server);
	free(control->refusal);
	free(control);
}

void
control_hand_over(struct control_server *control, struct serve_handing *handing)
{
	server_hand_over(control->server, handing);
	control->server = NULL;
	control_close(control);
}
