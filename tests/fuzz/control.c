/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzes the control socket: whatever is sent, each line that comes back is a JSON
 * object that says whether it went well.
 */
#include <jansson.h>

#include "socket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct control_server *server;

static int
ask(void *context, const struct control_request *request, struct json *answer,
    struct err *err)
{
	(void)context;
	(void)answer;
	demand(request->op.len > 0 && request->seconds >= -1);
	return str_eq(request->op, STR("ban")) ? 0 :
	    err_set(err, "no such op: %.*s", STR_ARG(request->op));
}

static void
process(void)
{
	control_process(server, NULL, NULL);
}

static void
finish(void)
{
	control_close(server);
}

static void
check_answers(struct str text)
{
	while (text.len) {
		struct str line = str_cut(&text, '\n');
		json_t *object = json_loadb(line.p, line.len, JSON_REJECT_DUPLICATES, NULL);

		demand(json_is_boolean(json_object_get(object, "ok")));
		json_decref(object);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	struct err err;

	if (!server) {
		snprintf(path, sizeof(path), "/tmp/postern-fuzz-control-%ld", (long)getpid());
		demand(control_open(path, ask, NULL, &server, &err) == 0);
		atexit(finish);
	}
	converse(path, data, size, process, &out);
	check_answers(buf_view(&out));
	demand(control_stats(server).connections == 0);
	buf_done(&out);
	return 0;
}
