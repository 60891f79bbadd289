/* SPDX-License-Identifier: Apache-2.0
 *
 * update: fetch aside, unpack, compile, open, compare, and only then put in place.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/civil.h"
#include "enrich/csv.h"
#include "enrich/fetch.h"

const char *const geo_default_urls[] = {
	"https://download.db-ip.com/free/dbip-country-lite-%Y-%m.mmdb.gz",
	"https://download.db-ip.com/free/dbip-asn-lite-%Y-%m.mmdb.gz",
};

const size_t geo_default_url_count = sizeof(geo_default_urls) / sizeof(*geo_default_urls);

char *
geo_dated_url(const char *url, int64_t now)
{
	struct civil day = civil_of(now);
	struct buf out = BUF_INIT(65536);
	char *text;

	for (struct str rest = str_of(url); rest.len;) {
		if (str_skip(&rest, STR("%Y"))) {
			buf_printf(&out, "%04d", day.year);
		} else if (str_skip(&rest, STR("%m"))) {
			buf_printf(&out, "%02d", day.month);
		} else {
			buf_char(&out, *rest.p);
			rest = str_from(rest, 1);
		}
	}
	text = xstrndup(out.p ? out.p : "", out.len);
	buf_done(&out);
	return text;
}

/* Drops "-2026-01" or "-2026-01-31" from the end of NAME: each month's file is the same. */
static struct str
without_date(struct str name)
{
	static const char *const forms[] = {"-0000-00-00", "-0000-00", "-000000"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t len = strlen(forms[i]), at = 0;

		if (name.len <= len)
			continue;
		while (at < len && (forms[i][at] == '0' ?
			char_is_digit(name.p[name.len - len + at]) :
			name.p[name.len - len + at] == forms[i][at]))
			at++;
		if (at == len)
			return str_head(name, name.len - len);
	}
	return name;
}

/* The name in URL, without its endings and its date; empty when it is no good name. */
static struct str
stem_of(const char *url)
{
	static const char *const endings[] = {".gz", ".csv", ".mmdb", ".dat", ".pgeo"};
	struct str name = str_of(url);

	name = str_head(name, str_index(name, '?'));
	name = str_head(name, str_index(name, '#'));
	name = str_from(name, str_find_last(name, STR("/")) == name.len ? 0 :
	    str_find_last(name, STR("/")) + 1);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(name, str_of(endings[i])))
			name.len -= strlen(endings[i]);
	name = without_date(name);
	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && !strchr("._-", name.p[i]))
			return STR("");
	return name.len && *name.p != '.' ? name : STR("");
}

/* PATH and the folders above it. */
static int
make_directories(const char *path, struct err *err)
{
	char *copy = xstrdup(path);
	int failed = 0;

	for (char *p = copy + 1; *p && !failed; p++)
		if (*p == '/') {
			*p = '\0';
			failed = mkdir(copy, 0755) < 0 && errno != EEXIST;
			*p = '/';
		}
	failed = failed || (mkdir(copy, 0755) < 0 && errno != EEXIST);
	if (failed)
		err_set(err, "%s: %s", path, strerror(errno));
	free(copy);
	return failed ? -1 : 0;
}

/* What an update is doing: the file it has so far, and where that is to go. */
struct updating {
	const char *url, *directory;
	struct str stem;
	struct replacement file;
};

/* Does TEXT, a CSV's row, tell of networks? -1: it is no such row. */
static int
tells_networks(char *text, size_t len)
{
	struct str fields[CSV_FIELDS];
	struct csv_range range;
	struct err err;
	uint32_t asn;

	if (csv_split(text, len, fields) < 3 ||
	    csv_range(fields[0], fields[1], &range, &err) < 0)
		return -1;
	return fields[2].len && csv_asn(fields[2], &asn, &err) == 0;
}

/* The first two lines decide, as the first may be a heading. */
static int
csv_kind(const char *path, struct err *err)
{
	int kind = -1;
	struct csv csv;
	char *line;
	size_t len;

	if (csv_open(&csv, path, err) < 0)
		return -1;
	for (int i = 0; i < 2 && kind < 0 && csv_line(&csv, &line, &len, err) > 0; i++)
		kind = tells_networks(line, len);
	csv_close(&csv);
	return kind;
}

/* Compiles UPDATING's file when it is a CSV; leaves it alone when it is none. */
static int
compile(struct updating *updating, struct err *err)
{
	int kind = csv_kind(updating->file.temp, err);
	const char *input = updating->file.temp;
	const struct geo_credit *credit = geo_credit_of(updating->stem);
	struct replacement made;
	struct geo_built built;
	struct geo_build build;
	char *name, *path;
	int failed;

	if (kind < 0)
		return 0;
	name = xstrndup(updating->stem.p, updating->stem.len);
	path = xasprintf("%s/.%s.pgeo", updating->directory, name);
	failed = replace_begin(&made, path, err);
	if (failed == 0) {
		build = (struct geo_build){.source = credit ? credit->name : name,
		    .licence = credit ? credit->licence : "", .to = &made};
		if (kind) {
			build.asn_csv = &input;
			build.asn_count = 1;
		} else {
			build.country_csv = &input;
			build.country_count = 1;
		}
		failed = geo_build(&build, &built, err);
		replace_abandon(failed ? &made : &updating->file);
		if (!failed)
			updating->file = made;
	}
	free(path);
	free(name);
	return failed;
}

static const char *
ending_of(const struct geo_database *database)
{
	return database->kind == &geo_kind_packed ? ".pgeo" :
	    database->kind == &geo_kind_mmdb ? ".mmdb" : ".dat";
}

/* An empty file in the folder, to fetch into. */
static int
begin(struct updating *updating, struct err *err)
{
	char *path;
	int failed;

	if (make_directories(updating->directory, err) < 0)
		return -1;
	path = xasprintf("%s/.fetched", updating->directory);
	failed = replace_begin(&updating->file, path, err);
	free(path);
	return failed;
}

/* Names the URL, not the file that is soon gone. */
static int
reworded(const struct updating *updating, struct err *err)
{
	struct str text = str_of(err->text);
	struct err why;

	str_skip(&text, str_of(updating->file.temp));
	str_skip(&text, STR(": "));
	err_set(&why, "%.*s", STR_ARG(text));
	return err_set(err, "%s: %s", updating->url, why.text);
}

/* Opens and verifies the file; notes its size and where it belongs. */
static int
examine(struct updating *updating, struct geo_updated *ret, struct err *err)
{
	struct geo_database database;
	struct stat st;
	int failed;

	if (geo_database_open(&database, updating->file.temp, err) < 0)
		return reworded(updating, err);
	failed = geo_database_verify(&database, err);
	ret->path = xasprintf("%s/%.*s%s", updating->directory, STR_ARG(updating->stem),
	    ending_of(&database));
	geo_database_close(&database);
	if (failed)
		return err_wrap(err, "%s", updating->url);
	ret->before = stat(ret->path, &st) == 0 ? (uint64_t)st.st_size : 0;
	if (stat(updating->file.temp, &st) < 0)
		return err_set(err, "%s: %s", updating->file.temp, strerror(errno));
	ret->bytes = (uint64_t)st.st_size;
	if (ret->bytes < ret->before / 2)
		return err_set(err, "%s: %llu bytes, less than half of the old one's %llu; if "
		    "that is right, remove %s first", updating->url,
		    (unsigned long long)ret->bytes, (unsigned long long)ret->before,
		    ret->path);
	return 0;
}

/* Puts what UPDATING's file unpacks to in its place, if it is gzip's. */
static int
unpack(struct updating *updating, struct err *err)
{
	struct replacement unpacked;
	bool packed;
	int failed;

	if (replace_begin(&unpacked, updating->file.path, err) < 0)
		return -1;
	failed = fetch_unpack(&updating->file, &unpacked, &packed, err);
	if (failed || !packed) {
		replace_abandon(&unpacked);
		return failed;
	}
	replace_abandon(&updating->file);
	updating->file = unpacked;
	return 0;
}

/* Fetches the file, and makes a database of it, if it can become one. */
static int
get(struct updating *updating, struct err *err)
{
	if (fetch(updating->url, &updating->file, err) < 0)
		return -1;
	if (unpack(updating, err) < 0 || compile(updating, err) < 0)
		return err_wrap(err, "%s", updating->url);
	return 0;
}

int
geo_update(const struct geo_update *update, struct geo_updated *ret, struct err *err)
{
	struct updating updating = {.url = update->url, .stem = stem_of(update->url),
	    .directory = update->directory ? update->directory : GEO_DIRECTORY};
	struct geo_updated updated = {.path = NULL};

	if (fetch_check(update->url, err) < 0)
		return -1;
	if (updating.stem.len == 0)
		return err_set(err, "%s: a database is kept by the name at the end of its "
		    "URL, and there is none of letters, digits and ._-", update->url);
	if (begin(&updating, err) < 0)
		return -1;
	if (get(&updating, err) < 0 || examine(&updating, &updated, err) < 0) {
		replace_abandon(&updating.file);
		free(updated.path);
		return -1;
	}
	free(updating.file.path);
	updating.file.path = xstrdup(updated.path);
	if (replace_commit(&updating.file, err) < 0) {
		free(updated.path);
		return -1;
	}
	*ret = updated;
	return 0;
}
