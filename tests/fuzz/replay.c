/* SPDX-License-Identifier: Apache-2.0
 *
 * replay: gives a fuzz harness the files named on the command line, one after
 * the other, and the empty input. What once crashed stays in tests/fuzz/seeds
 * and is replayed by `make check` without a fuzzer.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A buffer of just the file's size, so that the sanitizer sees one byte too far. */
static int
replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;
	int result = -1;

	if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0 && (data = malloc((size_t)size + (size == 0))) &&
	    fread(data, 1, (size_t)size, file) == (size_t)size) {
		LLVMFuzzerTestOneInput(data, (size_t)size);
		result = 0;
	} else {
		perror(path);
	}
	free(data);
	if (file)
		fclose(file);
	return result;
}

int
main(int argc, char **argv)
{
	int result = 0;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			result = 1;
	return result;
}
