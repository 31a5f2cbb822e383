namespace ChatKit.Samples.Sqlite;

/// <summary>The tables. Text is compared and ordered by its UTF-8 bytes (SQLite's BINARY collation), as ids are. Times are UTC ticks.</summary>
internal static class Schema
{
    public const string Sql = """
        CREATE TABLE IF NOT EXISTS store (one INTEGER PRIMARY KEY, incarnation TEXT NOT NULL);

        CREATE TABLE IF NOT EXISTS logs (
            log INTEGER PRIMARY KEY, tenant TEXT NOT NULL, conversation TEXT NOT NULL,
            last_seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, trimmed_to INTEGER NOT NULL, trimmed_ordinal INTEGER NOT NULL,
            membership INTEGER NOT NULL, epoch INTEGER NOT NULL, last_message INTEGER NOT NULL,
            last_activity INTEGER NOT NULL, last_accepted INTEGER NOT NULL,
            UNIQUE (tenant, conversation));
        CREATE TABLE IF NOT EXISTS entries (
            log INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, accepted INTEGER NOT NULL, sender TEXT NOT NULL,
            device TEXT, command TEXT NOT NULL, target INTEGER, counts INTEGER NOT NULL, ordinal INTEGER NOT NULL, assets TEXT NOT NULL,
            content_type TEXT NOT NULL, body BLOB NOT NULL, membership INTEGER NOT NULL, version INTEGER NOT NULL,
            erased INTEGER NOT NULL DEFAULT 0, expires INTEGER,
            PRIMARY KEY (log, seq)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS messages ON entries (log, seq) WHERE kind = 1;
        CREATE INDEX IF NOT EXISTS edits ON entries (log, target) WHERE kind = 2;
        CREATE INDEX IF NOT EXISTS erased_counting ON entries (log, seq) WHERE erased = 1 AND counts = 1;
        CREATE TABLE IF NOT EXISTS commands (
            log INTEGER NOT NULL, sender TEXT NOT NULL, command TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, accepted INTEGER NOT NULL,
            PRIMARY KEY (log, sender, command)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS feed (
            position INTEGER PRIMARY KEY AUTOINCREMENT, log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, membership INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS checkpoints (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS receipts (
            tenant TEXT NOT NULL, conversation TEXT NOT NULL, user TEXT NOT NULL, delivered INTEGER NOT NULL, read INTEGER NOT NULL,
            PRIMARY KEY (tenant, conversation, user)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS user_state (
            tenant TEXT NOT NULL, user TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY (tenant, user, key)) WITHOUT ROWID;
        CREATE UNIQUE INDEX IF NOT EXISTS user_state_changes ON user_state (tenant, user, version);

        CREATE TABLE IF NOT EXISTS cursors (
            tenant TEXT NOT NULL, user TEXT NOT NULL, device TEXT NOT NULL, conversation TEXT NOT NULL, delivered INTEGER NOT NULL,
            PRIMARY KEY (tenant, user, device, conversation)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS mailbox (
            position INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, user TEXT NOT NULL, device TEXT NOT NULL, id TEXT NOT NULL,
            content_type TEXT NOT NULL, body BLOB NOT NULL, conversation TEXT, command TEXT,
            UNIQUE (tenant, user, device, id));
        CREATE INDEX IF NOT EXISTS mailbox_order ON mailbox (tenant, user, device, position);

        CREATE TABLE IF NOT EXISTS groups (
            tenant TEXT NOT NULL, conversation TEXT NOT NULL, version INTEGER NOT NULL, kind INTEGER NOT NULL, title BLOB, history INTEGER NOT NULL,
            PRIMARY KEY (tenant, conversation)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS members (
            tenant TEXT NOT NULL, user TEXT NOT NULL, conversation TEXT NOT NULL, joined INTEGER NOT NULL, left INTEGER, role INTEGER NOT NULL,
            PRIMARY KEY (tenant, user, conversation, joined)) WITHOUT ROWID;
        CREATE UNIQUE INDEX IF NOT EXISTS present_members ON members (tenant, conversation, user) WHERE left IS NULL;

        CREATE TABLE IF NOT EXISTS nodes (node TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sessions (
            tenant TEXT NOT NULL, user TEXT NOT NULL, session TEXT NOT NULL, device TEXT NOT NULL, node TEXT NOT NULL, connected INTEGER NOT NULL,
            PRIMARY KEY (tenant, user, session)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS sessions_of_node ON sessions (node);
        CREATE TABLE IF NOT EXISTS devices (
            tenant TEXT NOT NULL, user TEXT NOT NULL, device TEXT NOT NULL, registered INTEGER NOT NULL, seen INTEGER NOT NULL, revoked INTEGER NOT NULL,
            PRIMARY KEY (tenant, user, device)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS unseen_devices ON devices (seen) WHERE revoked = 0;
        CREATE TABLE IF NOT EXISTS last_seen (tenant TEXT NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tenant, user)) WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS assets (
            tenant TEXT NOT NULL, asset TEXT NOT NULL, upload TEXT NOT NULL, length INTEGER NOT NULL, content_type TEXT NOT NULL, sha256 BLOB NOT NULL,
            PRIMARY KEY (tenant, asset)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS chunks (upload TEXT NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (upload, number));
        """;
}
