/* SPDX-License-Identifier: Apache-2.0
 *
 * json: writes JSON (RFC 8259) into a buf: commas, quotes, escapes. Whatever
 * goes in, valid JSON in valid UTF-8 comes out, and nothing raw in it steers a
 * terminal. The caller opens and closes in order and writes a key before each
 * value of an object.
 *
 *   struct json json = {.out = &buf};
 *   json_object_begin(&json);
 *   json_key(&json, "n");  json_int(&json, 1);
 *   json_object_end(&json);
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct json {
	struct buf *out;
	bool comma; /* the next item needs one before it */
};

void json_object_begin(struct json *json);
void json_object_end(struct json *json);
void json_array_begin(struct json *json);
void json_array_end(struct json *json);

/* KEY is any text; json_key_str() for one that is not a C string. */
void json_key(struct json *json, const char *key);
void json_key_str(struct json *json, struct str key);

/*
 * S as a string. Unsafe characters (utf8_is_unsafe()) are written \uXXXX. A byte
 * that is not UTF-8 is written \u00XX, read as Latin-1: what 8-bit logs nearly
 * always are, and unlike U+FFFD it keeps different texts different.
 */
void json_str(struct json *json, struct str s);
void json_int(struct json *json, int64_t value);

/* The shortest form that reads back as VALUE; null when it is not finite. */
void json_real(struct json *json, double value);

/* VALUE / 10^DECIMALS (at most 18) exactly, without trailing zeros: 50000, 6 is 0.05. */
void json_decimal(struct json *json, int64_t value, unsigned decimals);
/* ID as 16 hex digits, for numbers of 64 bits do not survive everywhere. */
void json_id(struct json *json, uint64_t id);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

#endif
