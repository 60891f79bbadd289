/* SPDX-License-Identifier: Apache-2.0
 *
 * calls: system calls as words, made a filter by libseccomp, which knows their numbers on
 * each architecture and passes over those that one does not have. A call that is not
 * allowed fails and is told of; who is killed for one keeps nobody out.
 */
#include "base/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef HAVE_LIBSECCOMP
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

/* By glibc, SQLite, c-ares, libsystemd, and a sanitizer's run time. */
static const char *const allowed[] = {
	/* memory */
	"brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "membarrier",
	/* files */
	"open", "openat", "openat2", "close", "read", "readv", "pread64", "preadv", "preadv2",
	"write", "writev", "pwrite64", "pwritev", "pwritev2", "lseek", "_llseek", "fcntl",
	"fcntl64", "flock", "fstat", "fstat64", "stat", "stat64", "lstat", "lstat64",
	"newfstatat", "fstatat64", "statx", "statfs", "statfs64", "fstatfs", "fstatfs64",
	"access", "faccessat", "faccessat2", "getdents", "getdents64", "readlink",
	"readlinkat", "getcwd", "ftruncate", "ftruncate64", "fallocate", "fadvise64",
	"fadvise64_64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
	"unlinkat", "fchmod", "fchown", "umask", "dup", "dup2", "dup3",
	/* waiting */
	"poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6",
	"pselect6_time64", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
	"epoll_pwait", "epoll_pwait2", "eventfd2", "inotify_init1", "inotify_add_watch",
	"inotify_rm_watch", "timerfd_create", "timerfd_settime", "timerfd_settime64",
	"timerfd_gettime", "timerfd_gettime64", "nanosleep", "clock_nanosleep",
	"clock_nanosleep_time64", "restart_syscall",
	/* sockets that are there */
	"accept", "accept4", "connect", "send", "sendto", "sendmsg", "sendmmsg", "recv",
	"recvfrom", "recvmsg", "recvmmsg", "getsockopt", "setsockopt", "getsockname",
	"getpeername", "shutdown",
	/* time, itself, signals */
	"clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64",
	"gettimeofday", "time", "getpid", "gettid", "getppid", "getuid", "getuid32",
	"geteuid", "geteuid32", "getgid", "getgid32", "getegid", "getegid32", "getrlimit",
	"ugetrlimit", "getrusage", "sysinfo", "uname", "getrandom", "getcpu",
	"sched_getaffinity", "sched_yield", "futex", "futex_time64", "futex_waitv",
	"set_robust_list", "get_robust_list", "rseq", "rt_sigaction", "rt_sigprocmask",
	"rt_sigpending", "rt_sigtimedwait", "rt_sigreturn", "sigreturn", "sigaltstack",
	"exit", "exit_group",
};

/* What a worker and its programs may not; the rest is as its privileges have it. */
static const char *const refused[] = {
	"mount", "umount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen",
	"fsconfig", "fsmount", "fspick", "pivot_root", "chroot", "swapon", "swapoff",
	"quotactl", "quotactl_fd", "ptrace", "process_vm_readv", "process_vm_writev",
	"process_madvise", "pidfd_getfd", "kcmp", "init_module", "finit_module",
	"delete_module", "kexec_load", "kexec_file_load", "bpf", "perf_event_open",
	"userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "reboot",
	"acct", "settimeofday", "clock_settime", "clock_settime64", "clock_adjtime",
	"clock_adjtime64", "adjtimex", "stime", "setns", "unshare", "iopl", "ioperm",
	"modify_ldt", "add_key", "request_key", "keyctl", "sethostname", "setdomainname",
	"vhangup", "syslog", "lookup_dcookie", "open_by_handle_at", "personality",
};

#define LENGTH(table) (sizeof(table) / sizeof(*(table)))
#define CALL(name) seccomp_syscall_resolve_name(name)

/* One that neither library nor architecture know cannot be asked for either. */
static int
add(scmp_filter_ctx filter, uint32_t action, const char *name)
{
	int number = CALL(name);

	return number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, number, 0);
}

static int
add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = add(filter, action, names[i]);
	return result;
}

static int
add_if(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp first)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(name), 1, first);
}

static int
add_socket(scmp_filter_ctx filter, int family, int type)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL("socket"), 2,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family),
	    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, (scmp_datum_t)type));
}

/* Calls of which some uses are allowed: by numbers, never by what a pointer points to. */
static int
add_some(scmp_filter_ctx filter, bool inet)
{
	static const int families[] = {AF_INET, AF_INET6};
	/* Is it a terminal? How much is there? Is the copy on write off (the journal)? */
	static const unsigned long requests[] = {TCGETS, FIONREAD, FIONBIO, 0x80086601};
	scmp_datum_t own = (scmp_datum_t)getpid();
	int result = add_socket(filter, AF_UNIX, SOCK_DGRAM);

	for (size_t i = 0; inet && i < LENGTH(families) && result == 0; i++) {
		result = add_socket(filter, families[i], SOCK_DGRAM);
		if (result == 0)
			result = add_socket(filter, families[i], SOCK_STREAM);
	}
	for (size_t i = 0; i < LENGTH(requests) && result == 0; i++)
		result = add_if(filter, "ioctl", SCMP_A1_32(SCMP_CMP_EQ, requests[i]));
	if (result == 0)
		result = add_if(filter, "tgkill", SCMP_A0_32(SCMP_CMP_EQ, own));
	if (result == 0)
		result = add_if(filter, "rt_sigqueueinfo", SCMP_A0_32(SCMP_CMP_EQ, own));
	/* Names for areas of memory: PR_SET_VMA. */
	if (result == 0)
		result = add_if(filter, "prctl", SCMP_A0_32(SCMP_CMP_EQ, 0x53564d41));
	/* Limits are read, not set. */
	if (result == 0)
		result = add_if(filter, "prlimit64", SCMP_A2(SCMP_CMP_EQ, 0));
	return result;
}

/* Loads and frees FILTER, that RESULT came of. */
static int
load(scmp_filter_ctx filter, int result, struct err *err)
{
	if (filter && result == 0)
		result = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (!filter || result == -ENOSYS || result == -EOPNOTSUPP)
		return 1;
	return result < 0 ? err_set(err, "seccomp: %s", strerror(-result)) : 0;
}

#if defined(__x86_64__) || defined(__aarch64__)
#define OTHERWISE SCMP_ACT_TRAP

static void
fail(int number, siginfo_t *info, void *context)
{
	ucontext_t *user = context;
	union sigval call = {.sival_int = info->si_syscall};

	(void)number;
	sigqueue(getpid(), SANDBOX_REPORT, call);
#ifdef __x86_64__
	user->uc_mcontext.gregs[REG_RAX] = -EPERM;
#else
	user->uc_mcontext.regs[0] = (unsigned long long)-EPERM;
#endif
}

static int
catch(struct err *err)
{
	struct sigaction action = {.sa_sigaction = fail, .sa_flags = SA_SIGINFO | SA_RESTART};

	sigemptyset(&action.sa_mask);
	return sigaction(SIGSYS, &action, NULL) < 0 ?
	    err_set(err, "SIGSYS: %s", strerror(errno)) : 0;
}
#else
#define OTHERWISE SCMP_ACT_ERRNO(EPERM)

static int
catch(struct err *err)
{
	(void)err;
	return 0;
}
#endif

int
sandbox_calls(bool inet, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(OTHERWISE);
	int result = 0;

	if (catch(err) < 0) {
		seccomp_release(filter);
		return -1;
	}
	if (filter) {
		/* Another architecture's calls are nobody's here; by a tree, not in a row. */
		seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
		result = add_all(filter, SCMP_ACT_ALLOW, allowed, LENGTH(allowed));
		if (result == 0)
			result = add_some(filter, inet);
	}
	return load(filter, result, err);
}

int
sandbox_worker(struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result = filter
	    ? add_all(filter, SCMP_ACT_ERRNO(EPERM), refused, LENGTH(refused)) : 0;

	return load(filter, result, err);
}

const char *
sandbox_call_name(int number, char room[32])
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

	snprintf(room, 32, "%.31s", name ? name : "");
	if (!name)
		snprintf(room, 32, "number %d", number);
	free(name);
	return room;
}
#else
int
sandbox_calls(bool inet, struct err *err)
{
	(void)inet;
	(void)err;
	return 1;
}

int
sandbox_worker(struct err *err)
{
	(void)err;
	return 1;
}

const char *
sandbox_call_name(int number, char room[32])
{
	snprintf(room, 32, "number %d", number);
	return room;
}
#endif
