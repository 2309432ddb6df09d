#include "faultdisk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAXIMUM_MACHINES = 64, SECTOR = 512 };

struct machine {
    char *folder;
    size_t length;
    int is_running;
    unsigned generation;
    enum fault_action armed;
    unsigned after;
    int has_struck;
    int is_full;
    uint64_t random;
    uint64_t operations;
};

// What was done to a file since it was last synced, in order.
struct operation {
    int is_truncation;
    sqlite3_int64 offset;
    sqlite3_int64 old_size;
    int count;
    unsigned char *bytes;
    // What stood there, as far as the file reached.
    sqlite3_int64 old_count;
    unsigned char *old_bytes;
};

struct journal {
    char *path;
    int machine;
    dev_t device;
    ino_t inode;
    struct operation *operations;
    int count, capacity;
    struct journal *next;
};

struct fault_file {
    sqlite3_file base;
    int machine;
    unsigned generation;
    struct journal *journal;
    // The platform's file stands behind.
    sqlite3_file *real;
};

static struct machine machines[MAXIMUM_MACHINES];
static int machine_count;
static struct journal *journals;
static sqlite3_vfs *platform;
static sqlite3_vfs fault_vfs;

// SplitMix64, as in SeededGenerator.swift.
static uint64_t next_random(uint64_t *state) {
    uint64_t bits = (*state += 0x9e3779b97f4a7c15ull);
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
    return bits ^ (bits >> 31);
}

static unsigned below(uint64_t *state, unsigned bound) {
    return bound ? (unsigned)(next_random(state) % bound) : 0;
}

// MARK: What was not synced

static void clear_journal(struct journal *journal) {
    for (int i = 0; i < journal->count; i++) {
        free(journal->operations[i].bytes);
        free(journal->operations[i].old_bytes);
    }
    journal->count = 0;
}

static void free_journals(void) {
    while (journals) {
        struct journal *next = journals->next;
        clear_journal(journals);
        free(journals->operations);
        free(journals->path);
        free(journals);
        journals = next;
    }
}

static struct journal *find_journal(const char *path) {
    for (struct journal *j = journals; j; j = j->next)
        if (strcmp(j->path, path) == 0) return j;
    return NULL;
}

// The journal of a file that is being opened. What was written under the name to another file is none of its.
static struct journal *open_journal(const char *path, int machine) {
    struct journal *journal = find_journal(path);
    struct stat status;
    if (!journal) {
        journal = calloc(1, sizeof *journal);
        if (!journal) return NULL;
        journal->path = strdup(path);
        journal->next = journals;
        journals = journal;
    }
    journal->machine = machine;
    if (stat(path, &status) == 0) {
        if (journal->inode != status.st_ino || journal->device != status.st_dev) clear_journal(journal);
        journal->device = status.st_dev;
        journal->inode = status.st_ino;
    }
    return journal;
}

static void note(
    struct journal *journal, sqlite3_file *real, int is_truncation, sqlite3_int64 offset,
    const void *bytes, int count
) {
    if (journal->count == journal->capacity) {
        int capacity = journal->capacity ? 2 * journal->capacity : 16;
        struct operation *grown =
            realloc(journal->operations, (size_t)capacity * sizeof *grown);
        if (!grown) abort();
        journal->operations = grown;
        journal->capacity = capacity;
    }
    struct operation *o = &journal->operations[journal->count++];
    memset(o, 0, sizeof *o);
    o->is_truncation = is_truncation;
    o->offset = offset;
    o->count = count;
    real->pMethods->xFileSize(real, &o->old_size);
    if (count > 0) {
        o->bytes = malloc((size_t)count);
        if (!o->bytes) abort();
        memcpy(o->bytes, bytes, (size_t)count);
    }
    sqlite3_int64 end = is_truncation ? o->old_size : offset + count;
    if (end > o->old_size) end = o->old_size;
    if (end > offset) {
        o->old_count = end - offset;
        o->old_bytes = malloc((size_t)o->old_count);
        if (!o->old_bytes) abort();
        real->pMethods->xRead(real, o->old_bytes, (int)o->old_count, offset);
    }
}

static void write_bytes(int file, const unsigned char *bytes, sqlite3_int64 count, sqlite3_int64 offset) {
    while (count > 0) {
        ssize_t done = pwrite(file, bytes, (size_t)count, offset);
        if (done <= 0) abort();
        bytes += done;
        count -= done;
        offset += done;
    }
}

static void set_size(int file, sqlite3_int64 size) {
    if (ftruncate(file, size) != 0) abort();
}

// Makes the file what a disk may hold of it after the power was gone. The machine's processes hold no locks any more, so that
// a descriptor may be opened and closed.
static void lose_unsynced(struct journal *journal, uint64_t *random) {
    struct stat status;
    int file = open(journal->path, O_RDWR);
    if (file < 0) {
        clear_journal(journal);
        return;
    }
    if (fstat(file, &status) != 0 || status.st_ino != journal->inode
        || status.st_dev != journal->device) {
        clear_journal(journal);
        close(file);
        return;
    }
    for (int i = journal->count - 1; i >= 0; i--) {
        struct operation *o = &journal->operations[i];
        if (o->old_count > 0) write_bytes(file, o->old_bytes, o->old_count, o->offset);
        set_size(file, o->old_size);
    }
    // Nothing survives, a beginning of it, or any of the sectors, in whatever order they were written.
    unsigned way = below(random, 3);
    int whole = way == 1 ? (int)below(random, (unsigned)journal->count + 1) : 0;
    for (int i = 0; i < journal->count; i++) {
        struct operation *o = &journal->operations[i];
        if (way == 0 || (way == 1 && i > whole)) break;
        if (o->is_truncation) {
            if (way == 1 ? i < whole : below(random, 2)) set_size(file, o->offset);
            continue;
        }
        int torn = i == whole ? (int)below(random, (unsigned)o->count / SECTOR + 1) * SECTOR : o->count;
        for (int start = 0; start < o->count; start += SECTOR) {
            int length = o->count - start < SECTOR ? o->count - start : SECTOR;
            if (way == 1 ? start < torn : below(random, 2))
                write_bytes(file, o->bytes + start, length, o->offset + start);
        }
    }
    clear_journal(journal);
    close(file);
}

// MARK: Faults

static void stop(struct machine *machine) {
    machine->is_running = 0;
}

static void lose_power(int number) {
    struct machine *machine = &machines[number];
    stop(machine);
    // What survives is decided when the processes have let go of their files.
}

// What becomes of a writing operation.
enum fate { GO_ON, NOT_AT_ALL, TORN, THEN_STOP };

static enum fate strike(int number, int extends, int *code, int failure) {
    struct machine *machine = &machines[number];
    machine->operations++;
    *code = failure;
    if (machine->is_full && extends) {
        *code = SQLITE_FULL;
        return NOT_AT_ALL;
    }
    if (machine->armed == FAULT_NONE) return GO_ON;
    if (machine->after > 0) {
        machine->after--;
        return GO_ON;
    }
    enum fault_action action = machine->armed;
    if (action == FAULT_FULL) {
        if (!extends) return GO_ON;
        machine->is_full = 1;
        *code = SQLITE_FULL;
    }
    machine->armed = FAULT_NONE;
    machine->has_struck = 1;
    switch (action) {
    case FAULT_KILL_BEFORE: stop(machine); return NOT_AT_ALL;
    case FAULT_KILL_TORN: stop(machine); return TORN;
    case FAULT_KILL_AFTER: stop(machine); return THEN_STOP;
    case FAULT_POWER: machine->armed = FAULT_POWER; lose_power(number); return TORN;
    default: return NOT_AT_ALL;
    }
}

static int is_dead(const struct fault_file *file) {
    if (file->machine < 0) return 0;
    const struct machine *machine = &machines[file->machine];
    return !machine->is_running || machine->generation != file->generation;
}

// MARK: Files

#define FILE_OF(file) ((struct fault_file *)(file))
#define REAL(file) (FILE_OF(file)->real)

static int file_close(sqlite3_file *file) { return REAL(file)->pMethods->xClose(REAL(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (is_dead(FILE_OF(file))) return SQLITE_IOERR_READ;
    return REAL(file)->pMethods->xRead(REAL(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct fault_file *own = FILE_OF(file);
    sqlite3_file *real = own->real;
    if (own->machine < 0) return real->pMethods->xWrite(real, bytes, count, offset);
    if (is_dead(own)) return SQLITE_IOERR_WRITE;
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    int code;
    enum fate fate = strike(own->machine, offset + count > size, &code, SQLITE_IOERR_WRITE);
    if (fate == NOT_AT_ALL) return code;
    if (fate == TORN)
        count = (int)below(&machines[own->machine].random, (unsigned)count / SECTOR + 1) * SECTOR;
    if (own->journal) note(own->journal, real, 0, offset, bytes, count);
    int result = count > 0 ? real->pMethods->xWrite(real, bytes, count, offset) : SQLITE_OK;
    return fate == GO_ON ? result : code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct fault_file *own = FILE_OF(file);
    sqlite3_file *real = own->real;
    if (own->machine < 0) return real->pMethods->xTruncate(real, size);
    if (is_dead(own)) return SQLITE_IOERR_TRUNCATE;
    int code;
    enum fate fate = strike(own->machine, 0, &code, SQLITE_IOERR_TRUNCATE);
    if (fate == NOT_AT_ALL || fate == TORN) return code;
    if (own->journal) note(own->journal, real, 1, size, NULL, 0);
    int result = real->pMethods->xTruncate(real, size);
    return fate == GO_ON ? result : code;
}

static int file_sync(sqlite3_file *file, int flags) {
    struct fault_file *own = FILE_OF(file);
    sqlite3_file *real = own->real;
    if (own->machine < 0) return real->pMethods->xSync(real, flags);
    if (is_dead(own)) return SQLITE_IOERR_FSYNC;
    int code;
    enum fate fate = strike(own->machine, 0, &code, SQLITE_IOERR_FSYNC);
    if (fate == NOT_AT_ALL || fate == TORN) return code;
    // Nobody pulls the plug of the real machine: that it is in the file is enough.
    if (own->journal) clear_journal(own->journal);
    return fate == GO_ON ? SQLITE_OK : code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    if (is_dead(FILE_OF(file))) return SQLITE_IOERR_FSTAT;
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int file_lock(sqlite3_file *file, int level) {
    if (is_dead(FILE_OF(file))) return SQLITE_IOERR_LOCK;
    return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
    return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int file_check_reserved(sqlite3_file *file, int *result) {
    if (is_dead(FILE_OF(file))) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file) {
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int file_characteristics(sqlite3_file *file) {
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **map) {
    if (is_dead(FILE_OF(file))) return SQLITE_IOERR_SHMMAP;
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, map);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    if ((flags & SQLITE_SHM_LOCK) && is_dead(FILE_OF(file))) return SQLITE_IOERR_SHMLOCK;
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) { REAL(file)->pMethods->xShmBarrier(REAL(file)); }

static int shm_unmap(sqlite3_file *file, int deletes) {
    return REAL(file)->pMethods->xShmUnmap(REAL(file), deletes && !is_dead(FILE_OF(file)));
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

// MARK: The file system

static int machine_of(const char *path) {
    int found = -1;
    for (int i = 0; path && i < machine_count; i++) {
        if (strncmp(path, machines[i].folder, machines[i].length) != 0) continue;
        if (path[machines[i].length] != '/') continue;
        if (found < 0 || machines[i].length > machines[found].length) found = i;
    }
    return found;
}

static int vfs_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags
) {
    struct fault_file *own = FILE_OF(file);
    memset(own, 0, sizeof *own);
    own->real = (sqlite3_file *)(own + 1);
    own->machine = machine_of(path);
    if (own->machine >= 0) {
        own->generation = machines[own->machine].generation;
        if (is_dead(own)) return SQLITE_CANTOPEN;
    }
    int result = platform->xOpen(platform, path, own->real, flags, out_flags);
    if (!own->real->pMethods) return result;
    own->base.pMethods = &methods;
    const int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    if (result == SQLITE_OK && own->machine >= 0 && (flags & lasting)) {
        own->journal = open_journal(path, own->machine);
        if (!own->journal) result = SQLITE_NOMEM;
    }
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    int machine = machine_of(path);
    if (machine >= 0) {
        if (!machines[machine].is_running) return SQLITE_IOERR_DELETE;
        int code;
        enum fate fate = strike(machine, 0, &code, SQLITE_IOERR_DELETE);
        if (fate == NOT_AT_ALL || fate == TORN) return code;
        struct journal *journal = find_journal(path);
        if (journal) clear_journal(journal);
        int result = platform->xDelete(platform, path, syncs_folder);
        return fate == GO_ON ? result : code;
    }
    return platform->xDelete(platform, path, syncs_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    int machine = machine_of(path);
    if (machine >= 0 && !machines[machine].is_running) return SQLITE_IOERR_ACCESS;
    return platform->xAccess(platform, path, flags, result);
}

int fault_disk_install(void) {
    if (platform) return SQLITE_OK;
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);
    if (!found) return SQLITE_ERROR;
    // Everything else is the platform's; it works on its own data, which a copy of the structure carries along.
    fault_vfs = *found;
    fault_vfs.zName = "tally-faults";
    fault_vfs.szOsFile = (int)sizeof(struct fault_file) + found->szOsFile;
    fault_vfs.pNext = NULL;
    fault_vfs.xOpen = vfs_open;
    fault_vfs.xDelete = vfs_delete;
    fault_vfs.xAccess = vfs_access;
    platform = found;
    return sqlite3_vfs_register(&fault_vfs, 1);
}

// MARK: Machines

int fault_machine_add(const char *folder) {
    if (machine_count == MAXIMUM_MACHINES) return -1;
    struct machine *machine = &machines[machine_count];
    unsigned generation = machine->generation;
    memset(machine, 0, sizeof *machine);
    machine->folder = strdup(folder);
    if (!machine->folder) return -1;
    machine->length = strlen(folder);
    machine->is_running = 1;
    machine->generation = generation + 1;
    return machine_count++;
}

void fault_machine_remove_all(void) {
    for (int i = 0; i < machine_count; i++) {
        free(machines[i].folder);
        machines[i].folder = NULL;
    }
    machine_count = 0;
    free_journals();
}

void fault_arm(int number, enum fault_action action, unsigned after, uint64_t seed) {
    struct machine *machine = &machines[number];
    machine->armed = action;
    machine->after = after;
    machine->random = seed;
    machine->has_struck = 0;
    machine->is_full = 0;
}

void fault_disarm(int number) {
    struct machine *machine = &machines[number];
    // A power cut that has struck is not over before the machine starts again.
    if (machine->is_running || machine->armed != FAULT_POWER) machine->armed = FAULT_NONE;
    machine->is_full = 0;
    machine->has_struck = 0;
}

int fault_has_struck(int number) { return machines[number].has_struck; }

void fault_kill(int number) { stop(&machines[number]); }

void fault_cut_power(int number, uint64_t seed) {
    struct machine *machine = &machines[number];
    stop(machine);
    machine->armed = FAULT_POWER;
    machine->random = seed;
}

void fault_start(int number) {
    struct machine *machine = &machines[number];
    if (machine->is_running) return;
    if (machine->armed == FAULT_POWER) {
        for (struct journal *j = journals; j; j = j->next)
            if (j->machine == number && j->count > 0) lose_unsynced(j, &machine->random);
    }
    machine->armed = FAULT_NONE;
    machine->is_running = 1;
    machine->generation++;
}

int fault_is_running(int number) { return machines[number].is_running; }

uint64_t fault_operations(int number) { return machines[number].operations; }
