-- The logs: heads, entries, keys of trimmed entries, the feed. Ids are compared by their bytes (collation "C").
create table {schema}.meta (
    only_row boolean primary key default true check (only_row),
    incarnation text not null,
    origin text not null
);

-- Which cluster and database this is: a dump that is restored elsewhere finds another, and becomes another incarnation.
create function {schema}.origin()
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $origin$
    select c.system_identifier::text || '/' || d.oid::text from pg_control_system() c, pg_database d where d.datname = current_database()
$origin$;

insert into {schema}.meta (incarnation, origin) values (gen_random_uuid()::text, {schema}.origin());

create table {schema}.conversations (
    conv bigint generated always as identity primary key,
    tenant text collate "C" not null,
    id text collate "C" not null,
    last_seq bigint not null default 0,
    ordinal bigint not null default 0,
    trimmed_to bigint not null default 0,
    trimmed_ordinal bigint not null default 0,
    membership_version bigint not null default 0,
    epoch bigint not null default 0,
    last_message_seq bigint not null default 0,
    last_activity_at timestamptz not null default '-infinity',
    last_accepted_at timestamptz not null default '-infinity',
    unique (tenant, id)
) with (fillfactor = 50);

create table {schema}.entries (
    conv bigint not null,
    seq bigint not null,
    ordinal bigint not null,
    version bigint not null,
    membership_version bigint not null,
    target bigint,
    accepted_at timestamptz not null,
    expires_at timestamptz,
    command_key uuid not null,
    payload_hash uuid not null,
    kind smallint not null,
    counts boolean not null,
    erased boolean not null default false,
    sender text collate "C" not null,
    command text collate "C" not null,
    device text collate "C",
    content_type text collate "C",
    assets text collate "C",
    body bytea,
    primary key (conv, seq)
);

-- The key of idempotency (ARCHITECTURE, rule 5): a hash of sender and command.
create unique index entries_command on {schema}.entries (conv, command_key);

-- The edits that a deletion erases.
create index entries_edits on {schema}.entries (conv, target) where kind = 2;

-- What a count takes off the difference of two ordinals.
create index entries_erased on {schema}.entries (conv, seq) where erased and counts;

create table {schema}.trimmed_commands (
    conv bigint not null,
    command_key uuid not null,
    payload_hash uuid not null,
    seq bigint not null,
    accepted_at timestamptz not null,
    sender text collate "C" not null,
    command text collate "C" not null,
    primary key (conv, command_key)
);

create index trimmed_commands_age on {schema}.trimmed_commands (accepted_at);

-- No cache: a position handed out is never below one that a reader saw as the sequence's last value.
create sequence {schema}.feed_position minvalue 0 start 0 cache 1;
select setval('{schema}.feed_position', 0, true);

create table {schema}.feed (
    position bigint primary key,
    conv bigint not null,
    from_seq bigint not null,
    to_seq bigint not null,
    membership_version bigint not null
);

create table {schema}.feed_checkpoints (
    consumer text collate "C" primary key,
    position bigint not null
);

-- How many entries flagged counts there are up to a position.
create function {schema}.ordinal_at(
    p_conv bigint, p_seq bigint, p_last_seq bigint, p_last_ordinal bigint, p_trimmed_to bigint, p_trimmed_ordinal bigint)
returns bigint
language sql stable
as $ordinal$
    select case
        when p_seq = p_last_seq then p_last_ordinal
        when p_seq <= p_trimmed_to then p_trimmed_ordinal
        else (select x.ordinal from {schema}.entries x where x.conv = p_conv and x.seq = p_seq)
    end
$ordinal$;
