-- The tables of a dataset file beside those of the kinds. Positions are those of tally_log, in order of arrival.

-- One row: random bytes that name the state of the file. this is new with every transaction of Tally's, tool with every row
-- that another tool writes, and zero before one has; was_this and was_tool are those that Tally's last transaction found. A
-- write-ahead log that a killed program left belongs to the file beside it only when it goes on from its state.
CREATE TABLE tally_stamp (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    this BLOB NOT NULL CHECK (length(this) = 16),
    tool BLOB NOT NULL CHECK (length(tool) = 16),
    was_this BLOB NOT NULL CHECK (length(was_this) = 16),
    was_tool BLOB NOT NULL CHECK (length(was_tool) = 16)
) STRICT;
INSERT INTO tally_stamp VALUES (1, randomblob(16), zeroblob(16), zeroblob(16), zeroblob(16));

-- One row a fact about the file: format, dataset, name, epoch, replica (the one that writes here), kinds.
CREATE TABLE tally_meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is known of each replica as of its last changeset; seen is the whole revision vector.
CREATE TABLE tally_replica (
    id INTEGER PRIMARY KEY,
    replica TEXT NOT NULL UNIQUE,
    key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    seen TEXT NOT NULL,
    latest_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    machine TEXT NOT NULL
) STRICT;

-- The log of changesets in order of arrival, which is causal. line is the line as it came, compressed with zstd: at level 3
-- lines of 10,000 records take 0.15 of the plain table (0.12 at level 9, for five times the time), lines of 100 records
-- 0.21; a table apart for the lines was read no faster (Benchmarks/layouts).
-- at is in milliseconds since 1970. kinds are those that the line edits, sorted, a comma before, between and behind. seen
-- is what the line names as seen, without the hashes. member is who brought it, at a hub.
CREATE TABLE tally_log (
    position INTEGER PRIMARY KEY,
    replica INTEGER NOT NULL REFERENCES tally_replica(id),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    machine TEXT NOT NULL,
    message TEXT,
    group_id TEXT,
    group_part INTEGER,
    group_last INTEGER NOT NULL DEFAULT 0,
    is_import INTEGER NOT NULL,
    kinds TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    seen TEXT NOT NULL,
    member TEXT,
    line BLOB NOT NULL,
    UNIQUE (replica, seq)
) STRICT;
-- So that the history is searched without reading the lines: by time, by author, by group, and by what a revision had seen.
CREATE INDEX tally_log_at ON tally_log (at);
CREATE INDEX tally_log_author ON tally_log (author);
CREATE INDEX tally_log_group ON tally_log (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX tally_log_seen ON tally_log (replica, seq, seen) WHERE seen <> '';

-- Local to this file: replicas whose lines from first on were written anew under another one, to repair a fork, so that
-- their old names are still understood.
CREATE TABLE tally_successor (
    replica TEXT NOT NULL,
    first INTEGER NOT NULL,
    successor TEXT NOT NULL,
    PRIMARY KEY (replica, first)
) STRICT, WITHOUT ROWID;

-- Versions of the records of which not all come from one revision; key and state are JSON.
CREATE TABLE tally_state (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- Which changesets edited a record, once there is more than the one that its row names.
CREATE TABLE tally_touch (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (kind, key, position)
) STRICT, WITHOUT ROWID;

-- The open conflicts, a row a side. The key stands first: SQLite 3.40 checks NOT NULL of a table WITHOUT ROWID by the
-- wrong columns otherwise, and integrity_check reports values that are not NULL.
CREATE TABLE tally_conflict (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    field TEXT NOT NULL,
    side TEXT NOT NULL,
    id TEXT NOT NULL,
    what TEXT NOT NULL,
    record TEXT NOT NULL,
    value TEXT,
    author TEXT NOT NULL,
    machine TEXT NOT NULL,
    at TEXT NOT NULL,
    replica TEXT NOT NULL,
    seq INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    -- Not by id: 40 bits of a hash may be equal for two records.
    PRIMARY KEY (kind, key, field, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_conflict_id ON tally_conflict (id);

-- Local to this file, never synced: the sides that the last list of conflicts showed.
CREATE TABLE tally_shown (
    id TEXT NOT NULL PRIMARY KEY,
    sides TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Local to this file, never synced: where to sync with, and how far that has come. vector is what the remote was known
-- to hold at the last sync.
CREATE TABLE tally_remote (
    name TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    epoch TEXT,
    cursor TEXT,
    vector TEXT,
    last_sync INTEGER,
    halt TEXT
) STRICT, WITHOUT ROWID;
