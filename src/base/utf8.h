/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8: reading UTF-8 that may be anything, and telling the characters that must
 * not reach a reader as they are, because they steer a terminal, hide or reorder
 * text.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Decodes the character at the front of S into *RET and returns its length; 0 when
 * no valid sequence stands there (RFC 3629: no overlong forms, surrogates or
 * values over U+10FFFF) or S is empty.
 */
unsigned utf8_decode(struct str s, uint32_t *ret);

/* Must C be shown escaped? Controls, DEL, C1, bidi and invisible format characters. */
bool utf8_is_unsafe(uint32_t c);

/* How many bytes at the front of S are printable ASCII. */
size_t utf8_plain(struct str s);

#endif
