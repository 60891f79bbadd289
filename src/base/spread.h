/* SPDX-License-Identifier: Apache-2.0
 *
 * spread: a few tasks that do not touch each other's memory, done by several threads.
 */
#ifndef BASE_SPREAD_H
#define BASE_SPREAD_H

#include <stddef.h>
#include <stdint.h>

/*
 * Calls TASK(CONTEXT, i) for each i of COUNT and returns when all are done. Up to THREADS
 * threads, the caller's among them, take the next i whenever they are free, those with the
 * largest WEIGHTS[i], about how long they take, first. Who does which is open; a thread that
 * cannot be had is done without.
 */
void spread(unsigned threads, const uint64_t *weights, size_t count,
    void (*task)(void *context, size_t i), void *context);

#endif
