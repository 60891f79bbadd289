/* SPDX-License-Identifier: Apache-2.0
 *
 * query-kit: whether two tables say the same.
 */
#ifndef TESTS_UNIT_QUERY_KIT_H
#define TESTS_UNIT_QUERY_KIT_H

#include <string.h>

#include "query/query.h"

static inline bool
tables_same(const struct table *a, const struct table *b)
{
	if (a->row_count != b->row_count || a->groups != b->groups || a->exact != b->exact)
		return false;
	for (size_t i = 0; i < a->row_count * a->column_count; i++)
		if (a->cells[i].known != b->cells[i].known || a->cells[i].n != b->cells[i].n ||
		    !str_eq(a->cells[i].text, b->cells[i].text))
			return false;
	return !a->note == !b->note && (!a->note || strcmp(a->note, b->note) == 0);
}

#endif
