/* SPDX-License-Identifier: Apache-2.0
 *
 * postern version: the version, and what this build can and cannot do.
 */
#include "cmd/room.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <sqlite3.h>
#include <zlib.h>

static const struct library {
	const char *name, *without;
	bool present;
} libraries[] = {
	{"libisal", "gzip files are read with zlib, about half as fast",
#ifdef HAVE_LIBISAL
	    true
#else
	    false
#endif
	},
	{"liblzma", "xz files cannot be read; xz -dc can be piped in",
#ifdef HAVE_LIBLZMA
	    true
#else
	    false
#endif
	},
	{"libzstd", "zstd files cannot be read; zstd -dc can be piped in",
#ifdef HAVE_LIBZSTD
	    true
#else
	    false
#endif
	},
	{"libbz2", "bzip2 files cannot be read; bzip2 -dc can be piped in",
#ifdef HAVE_BZIP2
	    true
#else
	    false
#endif
	},
	{"libmaxminddb", "MaxMind DB files (.mmdb) cannot be read; postern geo build makes "
			 "its own of CSV files",
#ifdef HAVE_LIBMAXMINDDB
	    true
#else
	    false
#endif
	},
	{"libcurl", "postern geo update takes files only, nothing over the network; mail "
		    "goes through sendmail only",
#ifdef HAVE_LIBCURL
	    true
#else
	    false
#endif
	},
	{"libgeoip", "GeoIP.dat, GeoIPv6.dat and GeoLiteCity.dat cannot be read",
#ifdef HAVE_GEOIP
	    true
#else
	    false
#endif
	},
	{"libseccomp", "the guard's system calls are not filtered",
#ifdef HAVE_LIBSECCOMP
	    true
#else
	    false
#endif
	},
	{"libsystemd",
	    "the systemd journal is read through journalctl, and cannot be followed",
#ifdef HAVE_LIBSYSTEMD
	    true
#else
	    false
#endif
	},
};

static void
put_libraries(struct buf *out)
{
	char pcre2[64] = "";
	bool present = false;

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	buf_printf(out, "with     pcre2 %s, zlib %s, c-ares %s, sqlite %s\n", pcre2,
	    zlibVersion(), dns_library_version(), sqlite3_libversion());
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		if (libraries[i].present) {
			buf_printf(out, "%s%s", present ? ", " : "and      ",
			    libraries[i].name);
			present = true;
		}
	if (report_can_draw())
		buf_printf(out, "%smaps", present ? ", " : "and      ");
	if (present || report_can_draw())
		buf_char(out, '\n');
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		if (!libraries[i].present)
			buf_printf(out, "without  %s: %s\n", libraries[i].name,
			    libraries[i].without);
	if (!report_can_draw())
		buf_str(out, STR("without  maps: postern report map has a table only; "
			"tools/packages build, then make again\n"));
}

static int
run_version(int argc, char **argv)
{
	struct buf out = BUF_INIT(4096);
	struct options options;
	struct err err;

	if (options_read(&command_version, argc, argv, &options, &err) < 0)
		return usage_error(&command_version, &err);
	if (options.help)
		return print_help(&command_version);
	if (options.word_count) {
		err_set(&err, "version takes no %s", options.words[0]);
		return usage_error(&command_version, &err);
	}
	buf_printf(&out, "postern %s\nbuilt    with %s %s, %d-bit\n", POSTERN_VERSION,
#ifdef __clang__
	    "clang", __clang_version__,
#else
	    "gcc", __VERSION__,
#endif
	    (int)sizeof(void *) * 8);
	put_libraries(&out);
	return output_all(&out);
}

static const char *const no_formats[] = {NULL};

const struct command command_version = {
	.name = "version",
	.summary = "the version, and what this build lacks",
	.usage = "",
	.help = "Prints the version, the libraries it was built with, and what it cannot do\n"
		"because a library was missing.\n"
		"\n"
		"Examples:\n"
		"  postern version\n",
	.options = TAKES(help),
	.formats = no_formats,
	.run = run_version,
};
