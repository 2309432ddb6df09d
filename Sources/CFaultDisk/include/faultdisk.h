// A disk that fails when it is told to: an SQLite VFS over the platform's own (https://www.sqlite.org/vfs.html).
//
// Files under the folder of a machine are watched, all others pass through. A fault strikes a machine at its n-th writing
// operation (write, truncate, sync, delete) from now on. A machine that was stopped does nothing more until it starts again;
// handles that were opened before stay dead for ever, as those of a process that is no more. What was written since the last
// sync of a file is kept, so that a power cut can take it back.
//
// For one thread.

#ifndef FAULTDISK_H
#define FAULTDISK_H

#include <stdint.h>

enum fault_action {
    FAULT_NONE = 0,
    // The operation does not happen, and the process ends.
    FAULT_KILL_BEFORE,
    // Of a write only the first sectors of 512 bytes happen, and the process ends.
    FAULT_KILL_TORN,
    // The operation happens, and the process ends.
    FAULT_KILL_AFTER,
    // As torn, and of what was not synced an arbitrary part is gone.
    FAULT_POWER,
    // From now on nothing that makes a file longer can be written, until the fault is disarmed.
    FAULT_FULL,
    // The operation fails, once, and the process goes on.
    FAULT_IO_ERROR,
};

// Registers the VFS as the default. Returns an SQLite result code; does nothing when it is registered already.
int fault_disk_install(void);

// Returns the number of a new machine, running; -1 where there is no memory or 64 machines are there.
int fault_machine_add(const char *folder);
// Forgets all machines. No file of theirs may be open.
void fault_machine_remove_all(void);

void fault_arm(int machine, enum fault_action action, unsigned after, uint64_t seed);
void fault_disarm(int machine);
// Whether the fault that was armed last has struck.
int fault_has_struck(int machine);

void fault_kill(int machine);
// Stops the machine and takes back part of what was not synced: per file nothing, a beginning, or any sectors survive.
void fault_cut_power(int machine, uint64_t seed);
// Starts a machine that was stopped. Everything that its processes had open must be closed first.
void fault_start(int machine);
int fault_is_running(int machine);
// How many writing operations the machine has done or tried.
uint64_t fault_operations(int machine);

#endif
