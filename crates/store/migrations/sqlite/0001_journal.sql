-- Agreements, their journals, and what signs and caches them.
-- Never edited after a release: a later format is a later file.

CREATE TABLE agreement (
    id      TEXT    NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,
    title   TEXT    NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The primary key is what makes two appends at the same place impossible.
CREATE TABLE entry (
    agreement  TEXT    NOT NULL REFERENCES agreement (id),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    at         INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    line       BLOB    NOT NULL,
    leaf       BLOB    NOT NULL CHECK (length(leaf) = 32),
    visibility TEXT    NOT NULL CHECK (visibility IN ('shared', 'customer', 'vendor')),
    source     TEXT,
    source_id  TEXT,
    content    BLOB    CHECK (length(content) = 32),
    PRIMARY KEY (agreement, seq),
    CHECK ((source IS NULL) = (source_id IS NULL) AND (source IS NULL) = (content IS NULL))
) STRICT;

CREATE INDEX entry_source ON entry (agreement, source, source_id) WHERE source IS NOT NULL;

-- Checkpoints, signatures and public keys are shared by their nature: both parties see them.
CREATE TABLE checkpoint (
    agreement TEXT    NOT NULL REFERENCES agreement (id),
    size      INTEGER NOT NULL CHECK (size >= 0),
    note      TEXT    NOT NULL,
    PRIMARY KEY (agreement, size)
) STRICT;

CREATE TABLE cosignature (
    number    INTEGER PRIMARY KEY,
    agreement TEXT    NOT NULL,
    size      INTEGER NOT NULL,
    key       TEXT    NOT NULL,
    line      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    UNIQUE (agreement, size, line),
    FOREIGN KEY (agreement, size) REFERENCES checkpoint (agreement, size)
) STRICT;

CREATE TABLE verifier (
    number    INTEGER PRIMARY KEY,
    agreement TEXT    NOT NULL REFERENCES agreement (id),
    name      TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    holder    TEXT    CHECK (holder IN ('customer', 'vendor')),
    at        INTEGER NOT NULL,
    UNIQUE (agreement, key)
) STRICT;

-- A snapshot holds what its viewer sees, so each viewer has its own.
CREATE TABLE snapshot (
    agreement TEXT    NOT NULL REFERENCES agreement (id),
    viewer    TEXT    NOT NULL CHECK (viewer IN ('operator', 'customer', 'vendor')),
    format    INTEGER NOT NULL,
    next      INTEGER NOT NULL CHECK (next >= 0),
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (agreement, viewer, format)
) STRICT;
