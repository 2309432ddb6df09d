-- Local to this file, never synced: rows that another tool wrote and that are not valid, as they were typed (JSON). The
-- record was set back to what it was. Rows that have been seen to may be deleted.
CREATE TABLE IF NOT EXISTS tally_refused (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT,
    reason TEXT NOT NULL,
    typed TEXT NOT NULL
) STRICT;
