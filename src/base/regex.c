/* SPDX-License-Identifier: Apache-2.0 */
#include "base/regex.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"

/* PCRE2 limits the steps from one starting point; a long text has many of those. */
#define STEPS_ALL 20000000u
#define STEPS_MOST 100000u
#define STEPS_LEAST 2000u
#define DEPTH_MAX 100000u
#define HEAP_MAX_KIB 4096u

/* What one match in progress needs. */
struct scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

#define SPARES 8

/* Scratch areas not in use, so that few matches allocate. */
struct spares {
	_Atomic(struct scratch *) slot[SPARES];
};

struct regex {
	pcre2_code *code; /* NULL: PATTERN is plain text */
	struct spares *spares;
	size_t len;
	char pattern[];   /* lower case; for plain text only */
};

static char
lower(char c)
{
	return (unsigned char)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

static bool
is_plain(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.p[i] == '\0' || strchr("\\^$.[]|()?*+{}", pattern.p[i]))
			return false;
	return true;
}

static struct regex *
new_regex(struct str pattern)
{
	struct regex *regex = xmalloc(sizeof(*regex) + pattern.len);

	*regex = (struct regex){.len = pattern.len};
	for (size_t i = 0; i < pattern.len; i++)
		regex->pattern[i] = lower(pattern.p[i]);
	return regex;
}

int
regex_compile(struct str pattern, struct regex **ret, struct err *err)
{
	struct regex *regex = new_regex(pattern);
	unsigned char message[120];
	PCRE2_SIZE offset;
	int code;

	if (is_plain(pattern)) {
		*ret = regex;
		return 0;
	}
	regex->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.len,
	    PCRE2_CASELESS | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &code, &offset, NULL);
	if (!regex->code) {
		free(regex);
		pcre2_get_error_message(code, message, sizeof(message));
		return err_set(err, "%s at its byte %zu", (const char *)message, offset + 1);
	}
	pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
	regex->spares = xcalloc(1, sizeof(*regex->spares));
	*ret = regex;
	return 0;
}

static void
free_scratch(struct scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	free(scratch);
}

void
regex_free(struct regex *regex)
{
	if (!regex)
		return;
	for (unsigned i = 0; regex->spares && i < SPARES; i++)
		free_scratch(atomic_load(&regex->spares->slot[i]));
	free(regex->spares);
	pcre2_code_free(regex->code);
	free(regex);
}

static struct scratch *
new_scratch(void)
{
	struct scratch *scratch = xmalloc(sizeof(*scratch));

	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	if (!scratch->data || !scratch->context)
		abort();
	pcre2_set_depth_limit(scratch->context, DEPTH_MAX);
	pcre2_set_heap_limit(scratch->context, HEAP_MAX_KIB);
	return scratch;
}

static struct scratch *
take_scratch(struct spares *spares)
{
	for (unsigned i = 0; i < SPARES; i++) {
		struct scratch *scratch = atomic_exchange(&spares->slot[i], NULL);

		if (scratch)
			return scratch;
	}
	return new_scratch();
}

static void
give_scratch(struct spares *spares, struct scratch *scratch)
{
	for (unsigned i = 0; i < SPARES; i++) {
		struct scratch *none = NULL;

		if (atomic_compare_exchange_strong(&spares->slot[i], &none, scratch))
			return;
	}
	free_scratch(scratch);
}

static uint32_t
steps_for(size_t len)
{
	size_t steps = STEPS_ALL / (len + 1);

	if (steps > STEPS_MOST)
		return STEPS_MOST;
	return steps < STEPS_LEAST ? STEPS_LEAST : (uint32_t)steps;
}

static bool
match_pattern(const struct regex *regex, struct str s)
{
	struct scratch *scratch = take_scratch(regex->spares);
	PCRE2_SPTR text = (PCRE2_SPTR)(s.len ? s.p : "");
	int found;

	pcre2_set_match_limit(scratch->context, steps_for(s.len));
	found = pcre2_match(regex->code, text, s.len, 0, 0, scratch->data, scratch->context);
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(regex->code, text, s.len, 0, PCRE2_NO_JIT, scratch->data,
		    scratch->context);
	give_scratch(regex->spares, scratch);
	return found >= 0;
}

static bool
match_plain(const struct regex *regex, struct str s)
{
	for (size_t at = 0; at + regex->len <= s.len; at++) {
		size_t n = 0;

		while (n < regex->len && lower(s.p[at + n]) == regex->pattern[n])
			n++;
		if (n == regex->len)
			return true;
	}
	return false;
}

bool
regex_match(const struct regex *regex, struct str s)
{
	return regex->code ? match_pattern(regex, s) : match_plain(regex, s);
}
