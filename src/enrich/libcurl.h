/* SPDX-License-Identifier: Apache-2.0
 *
 * libcurl: the library that fetches, loaded when something is fetched. With the thirty
 * libraries that it needs itself it took two thirds of the program's start, each time.
 */
#ifndef ENRICH_LIBCURL_H
#define ENRICH_LIBCURL_H

#include <curl/curl.h>

#include "base/err.h"

/* Its functions of these names behind "curl_". */
struct libcurl {
	CURLcode (*global_init)(long flags);
	void (*global_cleanup)(void);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *curl, CURLoption option, ...);
	CURLcode (*easy_perform)(CURL *curl);
	CURLcode (*easy_getinfo)(CURL *curl, CURLINFO info, ...);
	void (*easy_cleanup)(CURL *curl);
	const char *(*easy_strerror)(CURLcode code);
};

/* Loads it, for as long as the program runs, and fills in RET; -1: there is none. */
int libcurl_load(struct libcurl *ret, struct err *err);

#endif
