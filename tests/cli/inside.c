/* SPDX-License-Identifier: Apache-2.0
 *
 * inside: put into postern by LD_PRELOAD, for tests/cli/guard-*.t. The clock of day is what
 * the file POSTERN_CLOCK adds to it (seconds, a decimal number in 16 bytes). When the file
 * POSTERN_PROBE is there, the process that judges asks the kernel for all that it must not
 * get, and writes what it was told into POSTERN_PROBE.done. POSTERN_LACKS=CALL:N has the
 * Nth call of CALL, which would make a descriptor, and all after it find that there are too
 * many open files; a process counts on from where the one it comes of was.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *added; /* the file's bytes, mapped; NULL: none */

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("POSTERN_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *bytes;

	if (fd < 0)
		return;
	bytes = mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);
	added = bytes == MAP_FAILED ? NULL : bytes;
	close(fd);
}

static long
seconds_added(void)
{
	char text[17] = "";

	if (added)
		memcpy(text, added, 16);
	return strtol(text, NULL, 10);
}

int
clock_gettime(clockid_t clock, struct timespec *ret)
{
	int result = (int)syscall(SYS_clock_gettime, clock, ret);

	if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += seconds_added();
	return result;
}

int
gettimeofday(struct timeval *ret, void *zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	ret->tv_sec = now.tv_sec;
	ret->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *ret)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

/* Has CALL, which is the COUNTth, no descriptor? */
static int
lacks(const char *call, long count)
{
	const char *lacking = getenv("POSTERN_LACKS");
	size_t len = strlen(call);

	if (!lacking || strncmp(lacking, call, len) != 0 || lacking[len] != ':' ||
	    count < strtol(lacking + len + 1, NULL, 10))
		return 0;
	errno = EMFILE;
	return 1;
}

#define LACKING(name, parameters, arguments)                                                \
	int name parameters;                                                                \
	int name parameters                                                                 \
	{                                                                                   \
		static int(*real) parameters;                                               \
		static long count;                                                          \
                                                                                            \
		if (!real)                                                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                          \
		return lacks(#name, ++count) ? -1 : real arguments;                         \
	}

LACKING(epoll_create1, (int flags), (flags))
LACKING(eventfd, (unsigned value, int flags), (value, flags))
LACKING(inotify_init1, (int flags), (flags))
LACKING(memfd_create, (const char *name, unsigned flags), (name, flags))
LACKING(pipe2, (int ends[2], int flags), (ends, flags))
LACKING(signalfd, (int fd, const sigset_t *signals, int flags), (fd, signals, flags))
LACKING(socket, (int family, int type, int protocol), (family, type, protocol))
LACKING(socketpair, (int family, int type, int protocol, int ends[2]),
    (family, type, protocol, ends))
LACKING(timerfd_create, (int clock, int flags), (clock, flags))

static long
connect_to(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? fd : syscall(SYS_connect, fd, &to, sizeof(to));
}

static void
put(FILE *out, const char *what, long result)
{
	fprintf(out, "%s %s\n", what, result == -1 ? strerrorname_np(errno) : "done");
}

static void
probe(FILE *out)
{
	char *const argv[] = {(char *)"true", NULL};
	struct sockaddr_in any = {.sin_family = AF_INET};

#define PROBE(name, ...) put(out, #name, syscall(SYS_##name, ##__VA_ARGS__))
	PROBE(execve, "/bin/true", argv, argv);
	PROBE(execveat, AT_FDCWD, "/bin/true", argv, argv, 0);
	PROBE(clone, SIGCHLD, 0, 0, 0, 0);
	PROBE(clone3, NULL, 0);
	PROBE(ptrace, PTRACE_ATTACH, getppid(), 0, 0);
	PROBE(process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
	PROBE(mount, "none", "/tmp", "tmpfs", 0, NULL);
	PROBE(umount2, "/tmp", 0);
	PROBE(unshare, 0x10000000);
	PROBE(bpf, 0, NULL, 0);
	PROBE(io_uring_setup, 1, NULL);
	PROBE(memfd_create, "x", 0);
	PROBE(listen, 0, 1);
	PROBE(bind, 0, &any, sizeof(any));
	PROBE(kill, getppid(), SIGTERM);
	PROBE(setuid, 0);
	PROBE(truncate, "/etc/passwd", 0);
	PROBE(symlink, "/etc/passwd", "/tmp/x");
	PROBE(ioctl, 0, 0x5412, "x");
	PROBE(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
#define SOCKET(family, type) put(out, #family, syscall(SYS_socket, family, type, 0))
	SOCKET(AF_NETLINK, SOCK_RAW);
	SOCKET(AF_PACKET, SOCK_RAW);
	SOCKET(AF_UNIX, SOCK_STREAM);
	SOCKET(AF_INET, SOCK_RAW);
	put(out, "connect", connect_to(25));
	put(out, "names", connect_to(53));
	put(out, "write", open("/etc/postern-probe", O_WRONLY | O_CREAT, 0600));
	put(out, "read", open("/root/.profile", O_RDONLY));
	put(out, "allowed", (long)getpid());
}

/*
 * Who waits for more than one thing is the process that judges, or the one that waits for
 * its end: that one is root, is to have its way, and must not be asked.
 */
int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	const char *path = getenv("POSTERN_PROBE");
	struct timespec wait = {timeout / 1000, timeout % 1000 * 1000000L};
	char done[4096];

	if (path && count > 1 && geteuid() != 0 && access(path, F_OK) == 0) {
		FILE *out;

		snprintf(done, sizeof(done), "%s.done", path);
		/* Each time the same: who reads it meanwhile finds it whole. */
		out = fdopen(open(done, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "w");
		if (out) {
			probe(out);
			fclose(out);
		}
	}
	return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &wait, NULL, 8);
}

/* What it is when the compiler looks after FDS (_FORTIFY_SOURCE). */
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t room);

int
__poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t room)
{
	(void)room;
	return poll(fds, count, timeout);
}
