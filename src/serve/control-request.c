/* SPDX-License-Identifier: Apache-2.0
 *
 * control-request: one line of JSON to what is asked for.
 */
#include <jansson.h>
#include <stddef.h>

#include "serve/room.h"

static const struct {
	const char *key;
	size_t offset; /* of its slice */
} texts[] = {
	{"op", offsetof(struct control_request, op)},
	{"address", offsetof(struct control_request, address)},
	{"rule", offsetof(struct control_request, rule)},
	{"reason", offsetof(struct control_request, reason)},
};

static int
take_member(struct control_request *request, const char *key, const json_t *value,
    struct err *err)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strcmp(key, texts[i].key) == 0) {
			if (!json_is_string(value))
				return err_set(err, "%s is to be a text", key);
			*(struct str *)(void *)((char *)request + texts[i].offset) =
			    (struct str){json_string_value(value), json_string_length(value)};
			return 0;
		}
	if (strcmp(key, "seconds") != 0)
		return err_set(err, "there is no '%.40s' in a request", key);
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return err_set(err, "seconds is to be a number, 0 or more");
	request->seconds = json_integer_value(value);
	return 0;
}

int
control_request_read(struct str line, void **ret_hold, struct control_request *ret,
    struct err *err)
{
	struct control_request request = {.seconds = -1};
	json_error_t error;
	json_t *object = json_loadb(line.p ? line.p : "", line.len, JSON_REJECT_DUPLICATES,
	    &error);
	void *at;

	if (!json_is_object(object)) {
		json_decref(object);
		return err_set(err, "a request is one JSON object on a line: %s",
		    object ? "this is none" : error.text);
	}
	for (at = json_object_iter(object); at; at = json_object_iter_next(object, at))
		if (take_member(&request, json_object_iter_key(at),
			json_object_iter_value(at), err) < 0) {
			json_decref(object);
			return -1;
		}
	if (request.op.len == 0) {
		json_decref(object);
		return err_set(err, "a request needs an op");
	}
	*ret = request;
	*ret_hold = object;
	return 0;
}

void
control_request_done(void *hold)
{
	json_decref(hold);
}
