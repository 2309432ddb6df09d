#include <sqlite3.h>

/* Swift cannot call functions with variable arguments. */
static inline int tally_sqlite3_enable_triggers(void *db, int is_on) {
    return sqlite3_db_config((sqlite3 *)db, SQLITE_DBCONFIG_ENABLE_TRIGGER, is_on, (int *)0);
}

static inline int tally_sqlite3_config_memstatus(int is_on) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, is_on);
}
