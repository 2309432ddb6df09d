/* Makes the writing system calls of tally and tally-hub fail at a chosen moment; loaded with LD_PRELOAD.
 *
 * TALLY_FAULT is MODE:N, where N counts from 1 the calls below that concern files:
 *   count:0    only counts
 *   kill:N     the process is killed before the N-th call
 *   torn:N     the process is killed after half of the N-th call, where that is a write
 *   stop:N     the process stops itself before the N-th call, until it is continued
 *   eio:N      the N-th call fails with EIO, once
 *   sick:N     it and every later one fails with EIO, as on a disk that has died
 *   enospc:N   it and every later one that needs room fails with ENOSPC
 * TALLY_FAULT_COUNT names a file that is given the number of calls when the process ends by itself.
 *
 * Calls on anything but a regular file (a terminal, a pipe, a socket, a folder) are left alone, and so are those of
 * other programs, which inherit LD_PRELOAD. Standard output and error do not fail: they are not on the disk that does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { OFF, COUNT, KILL, TORN, STOP, EIO_ONCE, EIO_ALWAYS, FULL };

static enum mode mode = OFF;
static long moment = 0;
static atomic_long calls = 0;

__attribute__((constructor)) static void begin(void) {
    static const char *const names[] = {"", "count", "kill", "torn", "stop", "eio", "sick", "enospc"};
    const char *fault = getenv("TALLY_FAULT");
    if (!fault || strncmp(program_invocation_short_name, "tally", 5) != 0) return;
    const char *colon = strchr(fault, ':');
    if (!colon) return;
    for (enum mode each = COUNT; each <= FULL; each++) {
        size_t length = strlen(names[each]);
        if ((size_t)(colon - fault) == length && strncmp(fault, names[each], length) == 0) mode = each;
    }
    moment = strtol(colon + 1, NULL, 10);
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("TALLY_FAULT_COUNT");
    if (mode == OFF || !path) return;
    mode = OFF;
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return;
    dprintf(file, "%ld\n", atomic_load(&calls));
    close(file);
}

static int is_file(int descriptor) {
    if (descriptor <= 2 && mode >= EIO_ONCE) return 0;
    int saved = errno;
    struct stat status;
    int result = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    errno = saved;
    return result;
}

/* What becomes of this call: 0, it goes on; 1, it fails with errno set; 2, half of it is done before the end. */
static int fate(int needs_room) {
    if (mode == OFF) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (mode == COUNT || number < moment) return 0;
    switch (mode) {
    case KILL: kill(getpid(), SIGKILL); return 0;
    case TORN: return 2;
    case STOP: if (number == moment) raise(SIGSTOP); return 0;
    case EIO_ONCE: if (number > moment) return 0; errno = EIO; return 1;
    case EIO_ALWAYS: errno = EIO; return 1;
    case FULL: if (!needs_room) return 0; errno = ENOSPC; return 1;
    default: return 0;
    }
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* A write of `size` bytes by `call`, which may write fewer as `count`. */
#define WRITE(descriptor, size, call)                                                                   \
    do {                                                                                                \
        size_t count = (size);                                                                          \
        if (is_file(descriptor)) {                                                                      \
            int end = fate(1);                                                                          \
            if (end == 1) return -1;                                                                    \
            if (end == 2) { count /= 2; (void)!(call); kill(getpid(), SIGKILL); }                       \
        }                                                                                               \
        return (call);                                                                                  \
    } while (0)

/* Any other call. */
#define CALL(needs_room, call)                                                                          \
    do {                                                                                                \
        int end = fate(needs_room);                                                                     \
        if (end == 1) return -1;                                                                        \
        if (end == 2) kill(getpid(), SIGKILL);                                                          \
        return (call);                                                                                  \
    } while (0)

ssize_t write(int d, const void *bytes, size_t size) { WRITE(d, size, REAL(write)(d, bytes, count)); }

ssize_t pwrite(int d, const void *bytes, size_t size, off_t at) {
    WRITE(d, size, REAL(pwrite)(d, bytes, count, at));
}

ssize_t pwrite64(int d, const void *bytes, size_t size, off64_t at) {
    WRITE(d, size, REAL(pwrite64)(d, bytes, count, at));
}

ssize_t writev(int d, const struct iovec *parts, int number) {
    if (is_file(d)) CALL(1, REAL(writev)(d, parts, number));
    return REAL(writev)(d, parts, number);
}

int fsync(int d) {
    if (is_file(d)) CALL(0, REAL(fsync)(d));
    return REAL(fsync)(d);
}

int fdatasync(int d) {
    if (is_file(d)) CALL(0, REAL(fdatasync)(d));
    return REAL(fdatasync)(d);
}

int ftruncate(int d, off_t size) { CALL(size > 0, REAL(ftruncate)(d, size)); }
int ftruncate64(int d, off64_t size) { CALL(size > 0, REAL(ftruncate64)(d, size)); }
int rename(const char *from, const char *to) { CALL(0, REAL(rename)(from, to)); }
int unlink(const char *path) { CALL(0, REAL(unlink)(path)); }
int link(const char *from, const char *to) { CALL(1, REAL(link)(from, to)); }
int mkdir(const char *path, mode_t bits) { CALL(1, REAL(mkdir)(path, bits)); }
