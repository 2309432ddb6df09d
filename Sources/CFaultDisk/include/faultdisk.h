/* A SQLite VFS whose writes fail, tear and are lost at a power cut, as a seed says.
 *
 * "tally-faults" wraps the platform's own VFS (https://www.sqlite.org/vfs.html). Files lie on the real file system.
 * A file belongs to the machine with the longest folder that holds it; files of no machine pass through.
 */
#ifndef TALLY_FAULTDISK_H
#define TALLY_FAULTDISK_H

#include <stdint.h>

enum fault_action {
    /* The operation does not happen, and the machine is dead. */
    FAULT_KILL_BEFORE = 0,
    /* Of a write some first sectors of 512 bytes happen, never all; other operations do not. Then dead. */
    FAULT_KILL_TORN = 1,
    /* The operation happens, but the machine is dead before it learns of it. */
    FAULT_KILL_AFTER = 2,
    /* As FAULT_KILL_TORN, and then as fault_cut_power. */
    FAULT_POWER = 3,
    /* From this operation on, writes to a WAL and those that extend a file find no room, until fault_disarm. */
    FAULT_FULL = 4,
    /* The operation fails and does not happen; the machine goes on. */
    FAULT_IOERR_ONCE = 5,
    /* A read fails; the machine goes on. */
    FAULT_IOERR_READ = 6
};
enum { FAULT_ACTIONS = 7 };

/* Makes the VFS the default of this process. Returns an SQLite code; may be called again. */
int fault_install(void);

/* Makes the platform's own VFS the default again; files that are open stay as they are. */
void fault_uninstall(void);

/* Gives SQLite its random numbers from a seed, until fault_machine_remove_all, and begins a digest. Install first. */
void fault_seed(uint64_t seed);

/* Of all that was read and written in files of machines since fault_seed, and of the order in which it was. */
uint64_t fault_digest(void);

/* Sets the time at which a log was changed: decades ahead where it is later than its file, decades back where it is not.
 *
 * Writes do the same; a power cut leaves the one or the other. So the times say which was written last, and not how fast
 * the real machine is: what is written in one tick of its clock has the same time. */
void fault_set_log_time(const char *log, int is_latest);

/* A file is about to be removed or moved by other means: what was not synced of it stays as it is, and another one of its
 * name is new, even where the system gives it the same inode. */
void fault_forget(const char *path);

/* A new machine, alive, with all files in the folder; -1 without memory. Install first. */
int fault_machine_add(const char *folder);

/* Forgets machines, what they have armed and what is not synced, and the seed; their open files pass through from now on,
 * except those that were dead. */
void fault_machine_remove_all(void);

/* Lets `action` happen at the operation that follows the next `after` ones; replaces what was armed.
 *
 * Operations that count: xWrite, xTruncate, xSync, xDelete of a file that is there, xOpen that creates one; for
 * FAULT_IOERR_READ xRead, and nothing else. */
void fault_arm(int machine, int action, uint64_t after, uint64_t seed);
void fault_disarm(int machine);

/* Counts an operation that another file of the machine needs, and that happens as a whole or not at all.
 *
 * Returns whether it happens; the machine may be dead either way. */
int fault_operate(int machine);

/* As the end of a process: its locks are free, what it wrote is in the system's cache, its handles are dead for ever. */
void fault_kill(int machine);

/* As fault_kill, and of what was not synced, per file, survives: nothing, the first operations, or any sectors. */
void fault_cut_power(int machine, uint64_t seed);

/* The machine is alive again; handles of before stay dead. */
void fault_revive(int machine);

int fault_is_alive(int machine);

/* Operations that count, so far. */
uint64_t fault_operations(int machine);

/* How often an action of fault_arm has happened; for FAULT_FULL how many writes were refused. */
uint64_t fault_count(int machine, int action);

/* Operations on the machine's files that a power cut could drop. */
uint64_t fault_unsynced(int machine);

#endif
