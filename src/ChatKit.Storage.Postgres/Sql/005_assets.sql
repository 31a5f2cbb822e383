-- Bytes in rows of fixed size. A blob is written first and becomes an asset by one row, so readers see whole assets only.
create table {schema}.blobs (
    blob bigint generated always as identity primary key,
    -- When it began to be written, or was replaced; null while an asset names it.
    loose_since timestamptz
);

create index blobs_loose on {schema}.blobs (loose_since) where loose_since is not null;

create table {schema}.chunks (
    blob bigint not null,
    n int not null,
    bytes bytea not null,
    primary key (blob, n)
);

-- Photos and videos are compressed already.
alter table {schema}.chunks alter column bytes set storage external;

create table {schema}.assets (
    tenant text collate "C" not null,
    id text collate "C" not null,
    blob bigint not null,
    length bigint not null,
    content_type text collate "C" not null,
    sha256 bytea not null,
    primary key (tenant, id)
);

-- A chunk need not be on the disk before the asset is: the commit that makes it an asset flushes all before it.
create function {schema}.write_chunk(p_blob bigint, p_n int, p_bytes bytea)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $chunk$
begin
    perform set_config('synchronous_commit', 'off', true);
    insert into {schema}.chunks (blob, n, bytes) values (p_blob, p_n, p_bytes);
end
$chunk$;

create function {schema}.publish_asset(p_tenant text, p_id text, p_blob bigint, p_length bigint, p_content_type text, p_sha256 bytea)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $publish$
declare
    v_old bigint;
begin
    insert into {schema}.assets (tenant, id, blob, length, content_type, sha256)
    values (p_tenant, p_id, p_blob, p_length, p_content_type, p_sha256)
    on conflict do nothing;
    if not found then
        select a.blob into v_old from {schema}.assets a where a.tenant = p_tenant and a.id = p_id for update;
        if not found then
            -- Deleted in this moment.
            perform {schema}.publish_asset(p_tenant, p_id, p_blob, p_length, p_content_type, p_sha256);
            return;
        end if;

        update {schema}.assets a set blob = p_blob, length = p_length, content_type = p_content_type, sha256 = p_sha256
        where a.tenant = p_tenant and a.id = p_id;
        -- Who reads the replaced bytes may read on for a while.
        update {schema}.blobs b set loose_since = clock_timestamp() where b.blob = v_old;
    end if;

    update {schema}.blobs b set loose_since = null where b.blob = p_blob;
    if not found then
        raise exception 'The upload took so long that its bytes were swept.' using errcode = 'object_not_in_prerequisite_state';
    end if;
end
$publish$;

create function {schema}.delete_asset(p_tenant text, p_id text)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $delete$
declare
    v_blob bigint;
begin
    delete from {schema}.assets a where a.tenant = p_tenant and a.id = p_id returning a.blob into v_blob;
    if not found then
        return false;
    end if;

    delete from {schema}.chunks c where c.blob = v_blob;
    delete from {schema}.blobs b where b.blob = v_blob;
    return true;
end
$delete$;

-- Removes what was replaced, or never finished, before a time.
create function {schema}.sweep_blobs(p_age interval, p_limit int)
returns int
language plpgsql
set search_path = pg_catalog, pg_temp
as $sweep$
declare
    v_blobs bigint[];
begin
    select array_agg(l.blob) into v_blobs from (
        select b.blob from {schema}.blobs b where b.loose_since < clock_timestamp() - p_age
        order by b.loose_since limit p_limit for update skip locked) l;
    delete from {schema}.chunks c where c.blob = any (v_blobs);
    delete from {schema}.blobs b where b.blob = any (v_blobs);
    return coalesce(cardinality(v_blobs), 0);
end
$sweep$;
