-- The register of small rows with a version each, and the audit trail.
-- Never edited after a release: a later format is a later file.

CREATE TABLE card (
    kind    TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    id      TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 320),
    owner   TEXT    NOT NULL CHECK (length(owner) <= 320),
    subject TEXT    CHECK (length(subject) BETWEEN 1 AND 320),
    name    TEXT    CHECK (length(name) BETWEEN 1 AND 320),
    due     INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    body    BLOB    NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE UNIQUE INDEX card_name ON card (kind, name) WHERE name IS NOT NULL;
CREATE INDEX card_owner ON card (kind, owner, id);
CREATE INDEX card_subject ON card (kind, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX card_due ON card (kind, due, id) WHERE due IS NOT NULL;

-- Only ever appended to. Logs of network operation are kept for six months, which can be 184 days;
-- nothing younger than 190 days leaves, whatever a program asks for.
CREATE TABLE audit (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    organisation TEXT,
    agreement    TEXT,
    person       TEXT,
    action       TEXT    NOT NULL,
    object       TEXT,
    result       TEXT    NOT NULL,
    address      TEXT,
    request      TEXT
) STRICT;

CREATE INDEX audit_organisation ON audit (organisation, seq) WHERE organisation IS NOT NULL;
CREATE INDEX audit_at ON audit (at);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN old.at > (unixepoch('now') - 190 * 86400) * 1000000
BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept for 190 days');
END;
