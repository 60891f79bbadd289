/* SPDX-License-Identifier: Apache-2.0
 *
 * err: why something failed, in words for a person. Functions that can fail
 * return 0 or -1 and take a `struct err *` last; on failure they fill it in
 * and leave their other results untouched.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
	char text[512];
};

#if defined(__clang_analyzer__) && !defined(ERR_ITSELF)
/* Who analyzes one file at a time must know that what fails returns -1. */
__attribute__((format(printf, 2, 3))) static inline int
err_set(struct err *err, const char *format, ...)
{
	err->text[0] = *format;
	return -1;
}

__attribute__((format(printf, 2, 3))) static inline int
err_wrap(struct err *err, const char *format, ...)
{
	err->text[0] = *format;
	return -1;
}

static inline int
err_no_descriptor(struct err *err, const char *purpose)
{
	err->text[0] = *purpose;
	return -1;
}
#else
/* Sets the text; returns -1, so that `return err_set(...)` reads well. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text while unwinding; returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * By errno: there was no descriptor PURPOSE ("to wait for files", "for signals"); which
 * limit is to be raised, if that is why. Returns -1.
 */
int err_no_descriptor(struct err *err, const char *purpose);
#endif

#endif
