/* SPDX-License-Identifier: Apache-2.0
 *
 * curl: libcurl, loaded by those who ask (base/library.h). With the thirty libraries
 * behind it, being linked to it would cost every start of the program 5 ms, and would put
 * TLS, LDAP and Kerberos into processes that read what attackers wrote and ask nobody.
 */
#ifndef BASE_CURL_H
#define BASE_CURL_H

#include <curl/curl.h>

#include "base/err.h"

/* F(name without curl_) of what is called. */
#define CURL_FUNCTIONS(F)                                                                   \
	F(global_init) F(global_cleanup) F(easy_init) F(easy_setopt) F(easy_perform)        \
	F(easy_getinfo) F(easy_strerror) F(easy_cleanup) F(slist_append) F(slist_free_all)

struct curl_library {
#define F(name) __typeof__(curl_##name) *name;
	CURL_FUNCTIONS(F)
#undef F
};

/* Fills RET. */
int curl_load(struct curl_library *ret, struct err *err);

#endif
