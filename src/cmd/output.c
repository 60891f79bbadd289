/* SPDX-License-Identifier: Apache-2.0
 *
 * output: data on stdout, everything else on stderr.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/escape.h"
#include "cmd/room.h"

void
complain(const char *format, ...)
{
	struct buf out = BUF_INIT(65536);
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_str(&out, STR("postern: "));
	escape_terminal(&out, str_of(text));
	buf_char(&out, '\n');
	fwrite(out.p, 1, out.len, stderr);
	buf_done(&out);
}

void
complain_fault(void *context, const char *text)
{
	(void)context;
	complain("%s", text);
}

int
usage_error(const struct command *command, const struct err *err)
{
	complain("%s", err->text);
	complain("see postern %s --help", command->name);
	return EXIT_USAGE;
}

int
print_faults(const struct run_result *result)
{
	for (size_t i = 0; i < result->warning_count; i++)
		complain("warning: %s", result->warnings[i]);
	for (size_t i = 0; i < result->error_count; i++)
		complain("%s", result->errors[i]);
	return result->error_count ? EXIT_FAILED : EXIT_DONE;
}

bool
output_write(struct output *output, struct str text)
{
	while (text.len && output->error == 0) {
		/* Whoever shares it may have set O_NONBLOCK on it. */
		struct pollfd wait = {.fd = STDOUT_FILENO, .events = POLLOUT};
		ssize_t n = write(STDOUT_FILENO, text.p, text.len);

		if (n >= 0) {
			text = str_from(text, (size_t)n);
		} else if (errno == EAGAIN) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			output->error = errno;
			if (errno != EPIPE)
				complain("writing to stdout: %s", strerror(errno));
		}
	}
	return output->error == 0;
}

int
output_status(const struct output *output)
{
	return output->error == 0 || output->error == EPIPE ? EXIT_DONE : EXIT_FAILED;
}

int
output_all(struct buf *out)
{
	struct output output = {0};

	output_write(&output, buf_view(out));
	buf_done(out);
	return output_status(&output);
}
