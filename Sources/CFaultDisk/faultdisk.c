#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "faultdisk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

typedef struct machine {
    int id;
    char *folder;
    size_t folder_length;
    uint64_t generation;
    int is_alive;

    int armed; /* an action, or -1 */
    uint64_t after;
    uint64_t seed;
    int is_full;

    uint64_t operations;
    uint64_t counts[FAULT_ACTIONS];
    struct machine *next;
} machine;

/* One write or truncate that has not been synced. A truncate has no new bytes; its old ones are the tail cut off. */
typedef struct operation {
    int is_truncate;
    sqlite3_int64 offset;
    sqlite3_int64 old_size, new_size;
    unsigned char *new_bytes, *old_bytes;
    size_t new_count, old_count;
    struct operation *previous, *next;
} operation;

/* A path with what was not synced since it was last: kept after the file is closed. */
typedef struct journal {
    machine *owner;
    char *path;
    dev_t device;
    ino_t inode;
    sqlite3_int64 size; /* as the last operation left it */
    operation *first, *last;
    int is_detached; /* deleted or replaced: only its handles know it still */
    int kept_descriptor;
    struct handle *handles;
    struct journal *next;
} journal;

typedef struct handle {
    sqlite3_file base;
    int is_tracked; /* it was of a machine when it was opened */
    int is_dead;
    int is_wal, is_writable;
    uint64_t generation;
    machine *owner;
    journal *journal;
    unsigned shared_locks, exclusive_locks; /* of the shared memory: bit n is lock n */
    int has_shared_memory;
    struct handle *next_in_journal, *next;
} handle;

static sqlite3_vfs *platform;
static sqlite3_vfs faults;
static machine *machines;
static journal *journals;
static handle *handles;
static int next_id;
static uint64_t digest;

/* SQLite asks for random numbers under a lock of its own, which it also takes while a file is opened under ours. */
static pthread_mutex_t random_mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t randomness;
static int is_seeded;

/* Suites of one test process run at once, on threads of their own. */
static pthread_mutex_t mutex;
static pthread_once_t mutex_once = PTHREAD_ONCE_INIT;

static void make_mutex(void) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

static void lock(void) {
    pthread_once(&mutex_once, make_mutex);
    pthread_mutex_lock(&mutex);
}

static void unlock(void) { pthread_mutex_unlock(&mutex); }

static sqlite3_file *real(handle *file) { return (sqlite3_file *)(file + 1); }

/* A simulator that goes on without memory would lie. */
static void *allocate(size_t count) {
    void *bytes = calloc(1, count ? count : 1);
    if (!bytes) abort();
    return bytes;
}

/* SplitMix64: https://prng.di.unimi.it/splitmix64.c */
static uint64_t next_random(uint64_t *state) {
    uint64_t bits = (*state += 0x9e3779b97f4a7c15u);
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

static uint64_t below(uint64_t *state, uint64_t bound) {
    return (uint64_t)(((unsigned __int128)next_random(state) * bound) >> 64);
}

/* MARK: The digest */

static void note_number(uint64_t number) { digest = (digest ^ number) * 0x9e3779b97f4a7c15u; }

static void note_bytes(const unsigned char *bytes, size_t count) {
    uint64_t word;
    for (; count >= sizeof word; bytes += sizeof word, count -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        note_number(word ^ digest >> 32);
    }
    for (; count > 0; count--) note_number(*bytes++);
}

/* MARK: Machines */

static machine *machine_of_id(int id) {
    for (machine *m = machines; m; m = m->next)
        if (m->id == id) return m;
    return NULL;
}

static machine *machine_of_path(const char *path) {
    machine *found = NULL;
    for (machine *m = machines; path && m; m = m->next) {
        size_t length = m->folder_length;
        if (strncmp(path, m->folder, length) != 0) continue;
        if (path[length] != '/' && path[length] != 0) continue;
        if (!found || length > found->folder_length) found = m;
    }
    return found;
}

static int is_dead(const handle *file) {
    if (file->is_dead) return 1;
    if (!file->owner) return 0;
    return !file->owner->is_alive || file->generation != file->owner->generation;
}

/* MARK: What is not synced */

static void forget_operations(journal *j) {
    operation *next;
    for (operation *o = j->first; o; o = next) {
        next = o->next;
        free(o->new_bytes);
        free(o->old_bytes);
        free(o);
    }
    j->first = j->last = NULL;
}

static void free_journal(journal *j) {
    journal **place = &journals;
    while (*place && *place != j) place = &(*place)->next;
    if (*place) *place = j->next;
    forget_operations(j);
    if (j->kept_descriptor >= 0) close(j->kept_descriptor);
    free(j->path);
    free(j);
}

/* The path does not lead to this file any more. */
static void detach(journal *j) {
    forget_operations(j);
    j->is_detached = 1;
    if (!j->handles) free_journal(j);
}

static journal *journal_of_path(const char *path) {
    for (journal *j = journals; j; j = j->next)
        if (!j->is_detached && strcmp(j->path, path) == 0) return j;
    return NULL;
}

static int is_same_file(const journal *j, const struct stat *status) {
    return j->device == status->st_dev && j->inode == status->st_ino;
}

/* What is known of the file that a handle has just opened. */
static journal *journal_for_opening(machine *owner, const char *path, int is_new) {
    struct stat status;
    if (stat(path, &status) != 0) return NULL;
    journal *j = journal_of_path(path);
    if (j && (is_new || !is_same_file(j, &status))) {
        detach(j);
        j = NULL;
    }
    if (!j) {
        j = allocate(sizeof *j);
        j->owner = owner;
        j->path = strdup(path);
        if (!j->path) abort();
        j->device = status.st_dev;
        j->inode = status.st_ino;
        j->size = status.st_size;
        j->kept_descriptor = -1;
        j->next = journals;
        journals = j;
    }
    if (j->size != status.st_size) {
        forget_operations(j);
        j->size = status.st_size;
    }
    return j;
}

static const char log_ending[] = "-wal";

static int is_log(const char *path) {
    size_t length = strlen(path), ending = sizeof log_ending - 1;
    return length > ending && strcmp(path + length - ending, log_ending) == 0;
}

void fault_set_log_time(const char *log, int is_latest) {
    enum { YEAR = 365 * 24 * 60 * 60 };
    struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = is_latest ? 130LL * YEAR : YEAR}};
    if (utimensat(AT_FDCWD, log, times, 0) == 0 || errno == ENOENT) return;
    perror(log);
    abort();
}

static void note_time(const journal *j) {
    if (j->is_detached) return;
    if (is_log(j->path)) return fault_set_log_time(j->path, 1);
    char *log = allocate(strlen(j->path) + sizeof log_ending);
    strcat(strcpy(log, j->path), log_ending);
    fault_set_log_time(log, 0);
    free(log);
}

static void append(journal *j, operation *o) {
    o->previous = j->last;
    if (j->last) j->last->next = o;
    else j->first = o;
    j->last = o;
    j->size = o->new_size;
    note_time(j);
    note_number((uint64_t)o->offset);
    note_number((uint64_t)o->new_size);
    note_bytes(o->new_bytes, o->new_count);
}

/* The size, after which a journal that something outside has made untrue is empty. */
static int current_size(handle *file, sqlite3_int64 *size) {
    int code = real(file)->pMethods->xFileSize(real(file), size);
    if (code == SQLITE_OK && file->journal && file->journal->size != *size) {
        forget_operations(file->journal);
        file->journal->size = *size;
    }
    return code;
}

static int read_old(handle *file, operation *o, sqlite3_int64 offset, sqlite3_int64 count) {
    o->old_bytes = allocate((size_t)count);
    o->old_count = (size_t)count;
    unsigned char *into = o->old_bytes;
    while (count > 0) {
        int part = count > (1 << 20) ? (1 << 20) : (int)count;
        int code = real(file)->pMethods->xRead(real(file), into, part, offset);
        if (code != SQLITE_OK) return code;
        into += part;
        offset += part;
        count -= part;
    }
    return SQLITE_OK;
}

static void discard(operation *o) {
    free(o->new_bytes);
    free(o->old_bytes);
    free(o);
}

static int journalled_write(handle *file, const void *bytes, int count, sqlite3_int64 offset) {
    if (count <= 0) return SQLITE_OK;
    if (!file->journal) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    operation *o = allocate(sizeof *o);
    int code = current_size(file, &o->old_size);
    if (code == SQLITE_OK) {
        sqlite3_int64 end = offset + count;
        sqlite3_int64 covered = o->old_size < end ? o->old_size - offset : count;
        o->offset = offset;
        o->new_size = end > o->old_size ? end : o->old_size;
        o->new_bytes = allocate((size_t)count);
        o->new_count = (size_t)count;
        memcpy(o->new_bytes, bytes, (size_t)count);
        code = read_old(file, o, offset, covered > 0 ? covered : 0);
    }
    if (code == SQLITE_OK) code = real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    if (code == SQLITE_OK) append(file->journal, o);
    else discard(o);
    return code;
}

static int journalled_truncate(handle *file, sqlite3_int64 size) {
    if (!file->journal) return real(file)->pMethods->xTruncate(real(file), size);
    operation *o = allocate(sizeof *o);
    o->is_truncate = 1;
    o->offset = size;
    int code = current_size(file, &o->old_size);
    if (code == SQLITE_OK)
        code = read_old(file, o, size, o->old_size > size ? o->old_size - size : 0);
    if (code == SQLITE_OK) code = real(file)->pMethods->xTruncate(real(file), size);
    if (code == SQLITE_OK) code = real(file)->pMethods->xFileSize(real(file), &o->new_size);
    if (code == SQLITE_OK) append(file->journal, o);
    else discard(o);
    return code;
}

/* MARK: The power cut */

/* Where a power cut writes: a handle that is still open, or a descriptor.
 *
 * To close a descriptor of a file gives up all locks this process holds on it
 * (https://www.sqlite.org/howtocorrupt.html, 2.2), so that one opened beside handles stays open
 * until the last of them is closed. */
typedef struct target {
    handle *file;
    int descriptor;
} target;

static void put(target to, const unsigned char *bytes, size_t count, sqlite3_int64 offset) {
    note_number((uint64_t)offset);
    note_bytes(bytes, count);
    while (count > 0) {
        size_t part = count > (1 << 20) ? (1 << 20) : count;
        if (to.file) {
            if (real(to.file)->pMethods->xWrite(real(to.file), bytes, (int)part, offset)) abort();
        } else {
            ssize_t done = pwrite(to.descriptor, bytes, part, offset);
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) abort();
            part = (size_t)done;
        }
        bytes += part;
        offset += (sqlite3_int64)part;
        count -= part;
    }
}

static void resize(target to, sqlite3_int64 size) {
    note_number((uint64_t)size);
    if (to.file) {
        if (real(to.file)->pMethods->xTruncate(real(to.file), size)) abort();
    } else if (ftruncate(to.descriptor, size) != 0) {
        abort();
    }
}

static size_t piece_at(sqlite3_int64 offset, size_t left) {
    size_t piece = SECTOR - (size_t)(offset % SECTOR);
    return piece < left ? piece : left;
}

static void drop_unsynced(journal *j, target to, uint64_t *random) {
    uint64_t count = 0;
    for (operation *o = j->last; o; o = o->previous, count++) {
        if (!o->is_truncate) put(to, o->old_bytes, o->old_count, o->offset);
        resize(to, o->old_size);
        if (o->is_truncate) put(to, o->old_bytes, o->old_count, o->offset);
    }
    switch (below(random, 3)) {
    case 0: break;
    case 1: {
        uint64_t surviving = below(random, count + 1);
        for (operation *o = j->first; surviving > 0; o = o->next, surviving--) {
            if (o->is_truncate) resize(to, o->new_size);
            else put(to, o->new_bytes, o->new_count, o->offset);
        }
        break;
    }
    default: {
        uint64_t quarters = 1 + below(random, 3);
        for (operation *o = j->first; o; o = o->next) {
            if (o->is_truncate) {
                if (below(random, 4) < quarters) resize(to, o->new_size);
                continue;
            }
            for (size_t at = 0; at < o->new_count;) {
                sqlite3_int64 offset = o->offset + (sqlite3_int64)at;
                size_t piece = piece_at(offset, o->new_count - at);
                if (below(random, 4) < quarters) put(to, o->new_bytes + at, piece, offset);
                at += piece;
            }
        }
    }
    }
}

static uint64_t seed_of_path(const char *path, uint64_t seed) {
    /* Files are taken in any order, and folders of tests have names of their own: only the last part counts. */
    const char *name = strrchr(path, '/');
    uint64_t state = seed;
    for (const char *c = name ? name + 1 : path; *c; c++)
        state = state * 0x100000001b3u + (unsigned char)*c;
    return state;
}

static void cut(journal *j, uint64_t seed) {
    struct stat status;
    if (!j->first || j->is_detached) return;
    if (stat(j->path, &status) != 0 || !is_same_file(j, &status)) return detach(j);
    if (status.st_size == j->size) {
        target to = {NULL, -1};
        for (handle *file = j->handles; file && !to.file; file = file->next_in_journal)
            if (file->is_writable) to.file = file;
        if (!to.file) to.descriptor = j->kept_descriptor;
        if (!to.file && to.descriptor < 0) to.descriptor = open(j->path, O_RDWR | O_CLOEXEC);
        if (to.file || to.descriptor >= 0) {
            uint64_t random = seed_of_path(j->path, seed);
            drop_unsynced(j, to, &random);
            if (is_log(j->path)) fault_set_log_time(j->path, (int)below(&random, 2));
        }
        if (to.descriptor >= 0) {
            if (j->handles) j->kept_descriptor = to.descriptor;
            else close(to.descriptor);
        }
    }
    forget_operations(j);
    if (stat(j->path, &status) == 0) j->size = status.st_size;
}

static void kill_machine(machine *m) {
    m->is_alive = 0;
    m->armed = -1;
    m->is_full = 0;
    /* The system takes the locks of a process that is no more. */
    for (handle *file = handles; file; file = file->next) {
        if (file->owner != m) continue;
        file->is_dead = 1;
        const sqlite3_io_methods *methods = real(file)->pMethods;
        for (int n = 0; n < SQLITE_SHM_NLOCK; n++) {
            if (file->shared_locks & (1u << n))
                methods->xShmLock(real(file), n, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
            if (file->exclusive_locks & (1u << n))
                methods->xShmLock(real(file), n, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
        }
        file->shared_locks = file->exclusive_locks = 0;
        methods->xUnlock(real(file), SQLITE_LOCK_NONE);
    }
}

static void cut_power(machine *m, uint64_t seed) {
    kill_machine(m);
    journal *next;
    for (journal *j = journals; j; j = next) {
        next = j->next;
        if (j->owner == m) cut(j, seed);
    }
}

/* MARK: Faults */

/* What becomes of one operation. */
typedef enum { GO, FAIL, TEAR, LAST } fate;

static fate count_operation(machine *m) {
    m->operations++;
    note_number(1);
    if (m->armed < 0 || m->armed == FAULT_IOERR_READ) return GO;
    if (m->after > 0) {
        m->after--;
        return GO;
    }
    int action = m->armed;
    m->armed = -1;
    if (action == FAULT_FULL) {
        m->is_full = 1;
        return GO;
    }
    m->counts[action]++;
    switch (action) {
    case FAULT_IOERR_ONCE: return FAIL;
    case FAULT_KILL_AFTER: return LAST;
    case FAULT_KILL_BEFORE: kill_machine(m); return FAIL;
    case FAULT_KILL_TORN: return TEAR;
    default: m->armed = FAULT_POWER; return TEAR;
    }
}

/* The end that TEAR announces. */
static void end_torn(machine *m) {
    if (m->armed == FAULT_POWER) cut_power(m, m->seed);
    else kill_machine(m);
}

static size_t torn_count(const machine *m, size_t count, sqlite3_int64 offset) {
    uint64_t random = m->seed, pieces = 0;
    for (size_t at = 0; at < count; pieces++)
        at += piece_at(offset + (sqlite3_int64)at, count - at);
    size_t torn = 0;
    for (uint64_t left = below(&random, pieces); left > 0; left--)
        torn += piece_at(offset + (sqlite3_int64)torn, count - torn);
    return torn;
}

/* MARK: Files */

static int fault_close(sqlite3_file *base) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xClose(real(file));
    lock();
    handle **place = &handles;
    while (*place && *place != file) place = &(*place)->next;
    if (*place) *place = file->next;
    journal *j = file->journal;
    if (j) {
        for (place = &j->handles; *place && *place != file;) place = &(*place)->next_in_journal;
        if (*place) *place = file->next_in_journal;
    }
    int code = real(file)->pMethods->xClose(real(file));
    if (j && !j->handles) {
        if (j->kept_descriptor >= 0) close(j->kept_descriptor);
        j->kept_descriptor = -1;
        if (j->is_detached) free_journal(j);
    }
    unlock();
    return code;
}

/* Whether a read is the one that fails. */
static int fails_read(machine *m) {
    if (!m || m->armed != FAULT_IOERR_READ) return 0;
    if (m->after > 0) {
        m->after--;
        return 0;
    }
    m->armed = -1;
    m->counts[FAULT_IOERR_READ]++;
    return 1;
}

static int fault_read(sqlite3_file *base, void *into, int count, sqlite3_int64 offset) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xRead(real(file), into, count, offset);
    lock();
    int code = is_dead(file) || fails_read(file->owner)
                   ? SQLITE_IOERR_READ
                   : real(file)->pMethods->xRead(real(file), into, count, offset);
    note_number((uint64_t)offset);
    if (code == SQLITE_OK) note_bytes(into, (size_t)count);
    unlock();
    return code;
}

static int counted_write(handle *file, const void *bytes, int count, sqlite3_int64 offset) {
    machine *m = file->owner;
    if (!m) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    fate what = count_operation(m);
    if (what == FAIL) return SQLITE_IOERR_WRITE;
    if (what == TEAR) {
        journalled_write(file, bytes, (int)torn_count(m, (size_t)count, offset), offset);
        end_torn(m);
        return SQLITE_IOERR_WRITE;
    }
    if (m->is_full) {
        sqlite3_int64 size = 0;
        int code = current_size(file, &size);
        if (code != SQLITE_OK) return code;
        if (file->is_wal || offset + count > size) {
            m->counts[FAULT_FULL]++;
            return SQLITE_FULL;
        }
    }
    int code = journalled_write(file, bytes, count, offset);
    if (what != LAST) return code;
    kill_machine(m);
    return SQLITE_IOERR_WRITE;
}

static int fault_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    lock();
    int code = is_dead(file) ? SQLITE_IOERR_WRITE : counted_write(file, bytes, count, offset);
    unlock();
    return code;
}

static int counted_truncate(handle *file, sqlite3_int64 size) {
    machine *m = file->owner;
    if (!m) return real(file)->pMethods->xTruncate(real(file), size);
    fate what = count_operation(m);
    if (what == TEAR) end_torn(m);
    if (what == FAIL || what == TEAR) return SQLITE_IOERR_TRUNCATE;
    int code = journalled_truncate(file, size);
    if (what != LAST) return code;
    kill_machine(m);
    return SQLITE_IOERR_TRUNCATE;
}

static int fault_truncate(sqlite3_file *base, sqlite3_int64 size) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xTruncate(real(file), size);
    lock();
    int code = is_dead(file) ? SQLITE_IOERR_TRUNCATE : counted_truncate(file, size);
    unlock();
    return code;
}

static int counted_sync(handle *file, int flags) {
    machine *m = file->owner;
    if (!m) return real(file)->pMethods->xSync(real(file), flags);
    fate what = count_operation(m);
    if (what == TEAR) end_torn(m);
    if (what == FAIL || what == TEAR) return SQLITE_IOERR_FSYNC;
    /* The platform's disk need not be waited for: nothing here outlives the process. */
    if (file->journal) forget_operations(file->journal);
    if (what != LAST) return SQLITE_OK;
    kill_machine(m);
    return SQLITE_IOERR_FSYNC;
}

static int fault_sync(sqlite3_file *base, int flags) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xSync(real(file), flags);
    lock();
    int code = is_dead(file) ? SQLITE_IOERR_FSYNC : counted_sync(file, flags);
    unlock();
    return code;
}

/* Calls of a handle that is dead give an error, others pass. */
#define PASSING(error, call)                                          \
    handle *file = (handle *)base;                                    \
    if (!file->is_tracked) return real(file)->pMethods->call;         \
    lock();                                                           \
    int code = is_dead(file) ? (error) : real(file)->pMethods->call;  \
    unlock();                                                         \
    return code

static int fault_file_size(sqlite3_file *base, sqlite3_int64 *size) {
    PASSING(SQLITE_IOERR_FSTAT, xFileSize(real(file), size));
}

static int fault_lock(sqlite3_file *base, int level) {
    PASSING(SQLITE_IOERR_LOCK, xLock(real(file), level));
}

static int fault_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
    PASSING(SQLITE_IOERR_CHECKRESERVEDLOCK, xCheckReservedLock(real(file), is_reserved));
}

static int fault_unlock(sqlite3_file *base, int level) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xUnlock(real(file), level);
    lock();
    /* A dead one holds none. */
    int code = is_dead(file) ? SQLITE_OK : real(file)->pMethods->xUnlock(real(file), level);
    unlock();
    return code;
}

static int fault_file_control(sqlite3_file *base, int operation, void *argument) {
    handle *file = (handle *)base;
    /* Mapped memory would be written past this VFS. */
    if (operation == SQLITE_FCNTL_MMAP_SIZE) return SQLITE_NOTFOUND;
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int fault_sector_size(sqlite3_file *base) {
    return real((handle *)base)->pMethods->xSectorSize(real((handle *)base));
}

static int fault_device_characteristics(sqlite3_file *base) {
    return real((handle *)base)->pMethods->xDeviceCharacteristics(real((handle *)base));
}

static int fault_shm_map(
    sqlite3_file *base, int region, int size, int extends, void volatile **memory
) {
    handle *file = (handle *)base;
    if (!file->is_tracked)
        return real(file)->pMethods->xShmMap(real(file), region, size, extends, memory);
    lock();
    int code = SQLITE_IOERR_SHMMAP;
    if (!is_dead(file)) {
        code = real(file)->pMethods->xShmMap(real(file), region, size, extends, memory);
        file->has_shared_memory = 1;
    } else {
        *memory = NULL;
    }
    unlock();
    return code;
}

static int fault_shm_lock(sqlite3_file *base, int first, int count, int flags) {
    handle *file = (handle *)base;
    if (!file->is_tracked)
        return real(file)->pMethods->xShmLock(real(file), first, count, flags);
    lock();
    int code;
    unsigned mask = ((1u << count) - 1u) << first;
    if (is_dead(file)) {
        code = flags & SQLITE_SHM_UNLOCK ? SQLITE_OK : SQLITE_IOERR_SHMLOCK;
    } else {
        code = real(file)->pMethods->xShmLock(real(file), first, count, flags);
        unsigned *held =
            flags & SQLITE_SHM_SHARED ? &file->shared_locks : &file->exclusive_locks;
        if (code == SQLITE_OK && flags & SQLITE_SHM_UNLOCK) *held &= ~mask;
        else if (code == SQLITE_OK) *held |= mask;
    }
    unlock();
    return code;
}

static void fault_shm_barrier(sqlite3_file *base) {
    real((handle *)base)->pMethods->xShmBarrier(real((handle *)base));
}

static int fault_shm_unmap(sqlite3_file *base, int deletes) {
    handle *file = (handle *)base;
    if (!file->is_tracked) return real(file)->pMethods->xShmUnmap(real(file), deletes);
    lock();
    int code = real(file)->pMethods->xShmUnmap(real(file), is_dead(file) ? 0 : deletes);
    file->has_shared_memory = 0;
    file->shared_locks = file->exclusive_locks = 0;
    unlock();
    return code;
}

#define METHODS(version, ...)                                                                    \
    {version, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_file_size, \
     fault_lock, fault_unlock, fault_check_reserved_lock, fault_file_control, fault_sector_size, \
     fault_device_characteristics, __VA_ARGS__}

/* Without xFetch, which would read past this VFS. */
static const sqlite3_io_methods methods_with_shared_memory =
    METHODS(2, fault_shm_map, fault_shm_lock, fault_shm_barrier, fault_shm_unmap, NULL, NULL);
/* What the platform opens without locks has no shared memory. */
static const sqlite3_io_methods methods_without_shared_memory =
    METHODS(1, NULL, NULL, NULL, NULL, NULL, NULL);

/* MARK: The file system */

static int is_there(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

static int open_real(const char *name, handle *file, int flags, int *out_flags) {
    sqlite3_file *inner = real(file);
    int code = platform->xOpen(platform, name, inner, flags, out_flags);
    if (code != SQLITE_OK) {
        if (inner->pMethods) inner->pMethods->xClose(inner);
        return code;
    }
    int has_shared_memory = inner->pMethods->iVersion >= 2 && inner->pMethods->xShmMap;
    file->base.pMethods =
        has_shared_memory ? &methods_with_shared_memory : &methods_without_shared_memory;
    return SQLITE_OK;
}

static int tracked_open(machine *m, const char *name, handle *file, int flags, int *out_flags) {
    if (!m->is_alive) return SQLITE_CANTOPEN;
    int is_new = flags & SQLITE_OPEN_CREATE && !is_there(name);
    fate what = is_new ? count_operation(m) : GO;
    if (what == TEAR) end_torn(m);
    if (what == FAIL || what == TEAR) return SQLITE_CANTOPEN;
    int given = 0;
    int code = open_real(name, file, flags, &given);
    if (what == LAST) kill_machine(m);
    if (code != SQLITE_OK) return code;
    if (what == LAST) {
        real(file)->pMethods->xClose(real(file));
        file->base.pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    if (out_flags) *out_flags = given;
    file->is_tracked = 1;
    file->owner = m;
    file->generation = m->generation;
    file->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    file->is_writable = (given & SQLITE_OPEN_READWRITE) != 0;
    file->next = handles;
    handles = file;
    if (!(flags & SQLITE_OPEN_DELETEONCLOSE))
        file->journal = journal_for_opening(m, name, is_new);
    if (file->journal) {
        file->next_in_journal = file->journal->handles;
        file->journal->handles = file;
    }
    return SQLITE_OK;
}

static int fault_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags
) {
    (void)vfs;
    handle *file = (handle *)base;
    memset(file, 0, sizeof *file);
    lock();
    machine *m = machine_of_path(name);
    int code;
    if (m) {
        code = tracked_open(m, name, file, flags, out_flags);
        unlock();
    } else {
        unlock();
        code = open_real(name, file, flags, out_flags);
    }
    return code;
}

static int tracked_delete(machine *m, const char *name) {
    if (!m->is_alive) return SQLITE_IOERR_DELETE;
    fate what = is_there(name) ? count_operation(m) : GO;
    if (what == TEAR) end_torn(m);
    if (what == FAIL || what == TEAR) return SQLITE_IOERR_DELETE;
    int code = platform->xDelete(platform, name, 0);
    journal *j = code == SQLITE_OK ? journal_of_path(name) : NULL;
    if (j) detach(j);
    if (what != LAST) return code;
    kill_machine(m);
    return SQLITE_IOERR_DELETE;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int syncs_folder) {
    (void)vfs;
    lock();
    machine *m = machine_of_path(name);
    int code =
        m ? tracked_delete(m, name) : platform->xDelete(platform, name, syncs_folder);
    unlock();
    return code;
}

static int fault_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    (void)vfs;
    lock();
    machine *m = machine_of_path(name);
    int code = m && !m->is_alive ? SQLITE_IOERR_ACCESS
                                 : platform->xAccess(platform, name, flags, result);
    unlock();
    return code;
}

static int fault_randomness(sqlite3_vfs *vfs, int count, char *into) {
    (void)vfs;
    pthread_mutex_lock(&random_mutex);
    int is_ours = is_seeded;
    for (int n = 0; is_ours && n < count; n++) into[n] = (char)next_random(&randomness);
    pthread_mutex_unlock(&random_mutex);
    return is_ours ? count : platform->xRandomness(platform, count, into);
}

/* MARK: What the simulator calls */

int fault_install(void) {
    lock();
    int code = sqlite3_initialize();
    if (code == SQLITE_OK && !platform) {
        platform = sqlite3_vfs_find(NULL);
        /* The rest is the platform's: its functions look at pAppData and mxPathname only, which are the same. */
        faults = *platform;
        faults.zName = "tally-faults";
        faults.pNext = NULL;
        faults.szOsFile = (int)sizeof(handle) + platform->szOsFile;
        faults.xOpen = fault_open;
        faults.xDelete = fault_delete;
        faults.xAccess = fault_access;
        faults.xRandomness = fault_randomness;
    }
    if (code == SQLITE_OK) code = sqlite3_vfs_register(&faults, 1);
    unlock();
    return code;
}

void fault_uninstall(void) {
    lock();
    if (platform) sqlite3_vfs_register(platform, 1);
    unlock();
}

static void set_randomness(int seeded, uint64_t seed) {
    pthread_mutex_lock(&random_mutex);
    is_seeded = seeded;
    randomness = seed;
    pthread_mutex_unlock(&random_mutex);
    /* SQLite asks for its seed again (https://www.sqlite.org/c3ref/randomness.html). */
    sqlite3_randomness(0, NULL);
}

void fault_seed(uint64_t seed) {
    lock();
    digest = 0;
    unlock();
    set_randomness(1, seed);
}

uint64_t fault_digest(void) {
    lock();
    uint64_t result = digest;
    unlock();
    return result;
}

void fault_forget(const char *path) {
    char *resolved = realpath(path, NULL);
    if (!resolved) return;
    lock();
    journal *j = journal_of_path(resolved);
    if (j) detach(j);
    unlock();
    free(resolved);
}

int fault_machine_add(const char *folder) {
    lock();
    machine *m = allocate(sizeof *m);
    /* SQLite hands over names without symbolic links. */
    m->folder = realpath(folder, NULL);
    if (!m->folder) m->folder = strdup(folder);
    if (!m->folder) abort();
    m->folder_length = strlen(m->folder);
    while (m->folder_length > 1 && m->folder[m->folder_length - 1] == '/')
        m->folder[--m->folder_length] = 0;
    m->id = next_id++;
    m->is_alive = 1;
    m->armed = -1;
    m->next = machines;
    machines = m;
    int id = m->id;
    unlock();
    return id;
}

void fault_machine_remove_all(void) {
    lock();
    for (handle *file = handles; file; file = file->next) {
        if (is_dead(file)) file->is_dead = 1;
        file->owner = NULL;
        file->journal = NULL;
    }
    while (journals) free_journal(journals);
    while (machines) {
        machine *next = machines->next;
        free(machines->folder);
        free(machines);
        machines = next;
    }
    unlock();
    set_randomness(0, 0);
}

/* With the machine `m`, when there is one. */
#define WITH_MACHINE(id, body)      \
    lock();                         \
    machine *m = machine_of_id(id); \
    if (m) body                     \
    unlock()

void fault_arm(int id, int action, uint64_t after, uint64_t seed) {
    if (action < 0 || action >= FAULT_ACTIONS) return;
    WITH_MACHINE(id, {
        m->armed = action;
        m->after = after;
        m->seed = seed;
        m->is_full = 0;
    });
}

void fault_disarm(int id) {
    WITH_MACHINE(id, {
        m->armed = -1;
        m->is_full = 0;
    });
}

static int operate(machine *m) {
    if (!m->is_alive) return 0;
    fate what = count_operation(m);
    if (what == TEAR) end_torn(m);
    if (what == LAST) kill_machine(m);
    if (m->is_full) m->counts[FAULT_FULL]++;
    return (what == GO && !m->is_full) || what == LAST;
}

int fault_operate(int id) {
    int happens = 0;
    WITH_MACHINE(id, { happens = operate(m); });
    return happens;
}

void fault_kill(int id) { WITH_MACHINE(id, { kill_machine(m); }); }

void fault_cut_power(int id, uint64_t seed) { WITH_MACHINE(id, { cut_power(m, seed); }); }

/* A log's index in shared memory outlives a machine where handles are still open. Nobody is connected after a start, so
 * that it is made anew: without its two headers the next reader does (https://www.sqlite.org/walformat.html, 2.1). */
static void forget_index(handle *file) {
    enum { HEADERS = 2 * 48, REGION = 32768 };
    void volatile *memory = NULL;
    if (!file->has_shared_memory) return;
    int code = real(file)->pMethods->xShmMap(real(file), 0, REGION, 0, &memory);
    if (code == SQLITE_OK && memory) memset((void *)memory, 0, HEADERS);
}

void fault_revive(int id) {
    WITH_MACHINE(id, {
        if (!m->is_alive) {
            for (handle *file = handles; file; file = file->next)
                if (file->owner == m) forget_index(file);
            m->is_alive = 1;
            m->generation++;
        }
    });
}

int fault_is_alive(int id) {
    int result = 0;
    WITH_MACHINE(id, { result = m->is_alive; });
    return result;
}

uint64_t fault_operations(int id) {
    uint64_t result = 0;
    WITH_MACHINE(id, { result = m->operations; });
    return result;
}

uint64_t fault_count(int id, int action) {
    uint64_t result = 0;
    if (action < 0 || action >= FAULT_ACTIONS) return 0;
    WITH_MACHINE(id, { result = m->counts[action]; });
    return result;
}

uint64_t fault_unsynced(int id) {
    uint64_t result = 0;
    WITH_MACHINE(id, {
        for (journal *j = journals; j; j = j->next)
            for (operation *o = j->owner == m ? j->first : NULL; o; o = o->next) result++;
    });
    return result;
}
