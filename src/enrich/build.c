/* SPDX-License-Identifier: Apache-2.0
 *
 * build: CSVs to one file. Reads all rows, then has the ranges flattened and packed.
 */
#include "enrich/build.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/replace.h"
#include "enrich/csv.h"

#define YEAR_2000 946684800

/* Names longer than that are cut: their length is one byte. */
#define NAME_MAX_BYTES 255u

/* NAME as far as it fits, without half a character at its end. */
static struct str
fitting(struct str name)
{
	size_t end = NAME_MAX_BYTES;

	if (name.len <= end)
		return name;
	/* What a character goes on with is 10xxxxxx, three times at most (RFC 3629). */
	while (end > NAME_MAX_BYTES - 3 && (name.p[end] & 0xc0) == 0x80)
		end--;
	return str_head(name, end);
}

/* The index + 1 of AS number ASN, which is called NAME if it has no name yet. */
static uint32_t
as_number(struct builder *builder, uint32_t asn, struct str name)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", asn);
	uint32_t index = dict_get(&builder->as_numbers, (struct str){text, (size_t)len});
	struct builder_as *as;

	if (index == builder->as_count) {
		MEM_GROW(builder->as, builder->as_count, builder->as_room);
		builder->as[builder->as_count++] = (struct builder_as){.asn = asn};
	}
	as = &builder->as[index];
	if (as->name.len == 0 && name.len)
		as->name = arena_str(&builder->arena, fitting(name));
	return index + 1;
}

static int
take_row(struct builder *builder, enum packed_layer_id layer, const struct str *fields,
    int count, struct err *err)
{
	struct csv_range range;
	uint32_t value;

	if (count < 3)
		return err_set(err, "expected %s", layer == PACKED_COUNTRY ?
		    "start,end,country" : "start,end,AS number,name");
	if (csv_range(fields[0], fields[1], &range, err) < 0)
		return -1;
	if (layer == PACKED_COUNTRY) {
		if (csv_country(fields[2], &value, err) < 0)
			return -1;
	} else {
		if (csv_asn(fields[2], &value, err) < 0)
			return -1;
		if (value)
			value = as_number(builder, value, count > 3 ? fields[3] : STR(""));
	}
	ranges_add(&builder->ranges[layer][range.family == 6], range.first, range.last, value);
	builder->rows++;
	return 0;
}

/* A first line without addresses is a heading. */
static bool
is_heading(const struct csv *csv, const struct str *fields, int count)
{
	struct csv_range range;
	struct err err;

	return csv->lineno == 1 && count >= 2 &&
	    csv_range(fields[0], fields[1], &range, &err) < 0 &&
	    fields[0].len && !char_is_digit(*fields[0].p) &&
	    str_index(fields[0], ':') == fields[0].len;
}

static int
read_rows(struct builder *builder, enum packed_layer_id layer, struct csv *csv,
    struct err *err)
{
	struct str fields[CSV_FIELDS];
	uint64_t before = builder->rows;
	char *line;
	size_t len;
	int got, count;

	while ((got = csv_line(csv, &line, &len, err)) > 0) {
		if (len == 0)
			continue;
		count = csv_split(line, len, fields);
		if (is_heading(csv, fields, count))
			continue;
		if (count < 0)
			err_set(err, "a quote that does not end");
		if (count < 0 || take_row(builder, layer, fields, count, err) < 0)
			return err_wrap(err, "%s, line %llu", csv->path,
			    (unsigned long long)csv->lineno);
	}
	if (got == 0 && builder->rows == before)
		return err_set(err, "%s: no ranges in it", csv->path);
	return got;
}

/* Where the data of PATH are from, as far as its name or the user tells. */
static void
add_source(struct builder *builder, enum packed_layer_id layer, const char *path,
    const struct geo_build *build)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	const struct geo_credit *credit = geo_credit_of(str_of(file));
	struct builder_source source = {.what = (uint16_t)(1u << layer), .file = file,
	    .date = build->date / USEC_PER_SEC};
	struct stat st;

	source.name = build->source ? build->source : credit ? credit->name : file;
	source.licence = build->licence ? build->licence :
	    credit && !build->source ? credit->licence : "";
	/* Archives that keep no times give their files one long ago. */
	if (source.date == 0 && stat(path, &st) == 0 && st.st_mtime > YEAR_2000)
		source.date = st.st_mtime;
	for (size_t i = 0; i < builder->source_count; i++) {
		struct builder_source *known = &builder->sources[i];

		if (strcmp(known->name, source.name) == 0 &&
		    strcmp(known->licence, source.licence) == 0) {
			known->what |= source.what;
			if (known->date > source.date)
				known->date = source.date;
			return;
		}
	}
	MEM_GROW(builder->sources, builder->source_count, builder->source_room);
	builder->sources[builder->source_count++] = source;
}

static int
read_files(struct builder *builder, const struct geo_build *build,
    enum packed_layer_id layer, struct err *err)
{
	const char *const *paths = layer == PACKED_COUNTRY ? build->country_csv :
							     build->asn_csv;
	size_t count = layer == PACKED_COUNTRY ? build->country_count : build->asn_count;

	for (size_t i = 0; i < count; i++) {
		struct csv csv;
		int failed;

		if (csv_open(&csv, paths[i], err) < 0)
			return -1;
		failed = read_rows(builder, layer, &csv, err);
		csv_close(&csv);
		if (failed)
			return -1;
		add_source(builder, layer, paths[i], build);
	}
	if (builder->source_count > GEO_FILE_SOURCES)
		return err_set(err, "more than %u sources; give one name with --source",
		    GEO_FILE_SOURCES);
	return 0;
}

static void
builder_done(struct builder *builder)
{
	for (unsigned i = 0; i < PACKED_LAYERS; i++)
		for (unsigned family = 0; family < 2; family++)
			free(builder->ranges[i][family].list);
	dict_free(&builder->as_numbers);
	free(builder->as);
	free(builder->sources);
	arena_free(&builder->arena);
}

static int
write_out(struct builder *builder, const struct geo_build *build, struct geo_built *built,
    struct err *err)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	int failed;

	pack(builder, built, &out);
	failed = build->to ? replace_write(build->to, buf_view(&out), err) :
			     replace_file(build->output, buf_view(&out), 0644, err);
	buf_done(&out);
	return failed;
}

int
geo_build(const struct geo_build *build, struct geo_built *ret, struct err *err)
{
	struct builder builder = {.rows = 0};
	int failed;

	failed = read_files(&builder, build, PACKED_COUNTRY, err) < 0 ||
	    read_files(&builder, build, PACKED_ASN, err) < 0 ||
	    write_out(&builder, build, ret, err) < 0;
	if (!failed) {
		ret->rows = builder.rows;
		ret->networks = builder.as_count;
	}
	builder_done(&builder);
	return failed ? -1 : 0;
}
