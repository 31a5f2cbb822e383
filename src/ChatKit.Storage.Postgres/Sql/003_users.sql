-- Marks, cursors, private rows, mailboxes, devices. Their conversations are named by text: the logs may live in another database.
create table {schema}.receipts (
    tenant text collate "C" not null,
    conversation text collate "C" not null,
    user_id text collate "C" not null,
    delivered bigint not null,
    read bigint not null,
    primary key (tenant, conversation, user_id)
) with (fillfactor = 70);

create table {schema}.device_cursors (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    device text collate "C" not null,
    conversation text collate "C" not null,
    delivered bigint not null,
    primary key (tenant, user_id, device, conversation)
) with (fillfactor = 70);

create table {schema}.user_versions (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    version bigint not null,
    primary key (tenant, user_id)
) with (fillfactor = 70);

create table {schema}.user_state (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    key text collate "C" not null,
    value bytea not null,
    version bigint not null,
    primary key (tenant, user_id, key)
);

create index user_state_changes on {schema}.user_state (tenant, user_id, version);

create sequence {schema}.mailbox_position cache 1;

-- A row a mailbox that holds envelopes: its lock makes positions visible in their order.
create table {schema}.mailboxes (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    device text collate "C" not null,
    primary key (tenant, user_id, device)
);

create table {schema}.envelopes (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    device text collate "C" not null,
    position bigint not null,
    id text collate "C" not null,
    content_type text collate "C" not null,
    conversation text collate "C",
    commit_command text collate "C",
    body bytea not null,
    primary key (tenant, user_id, device, position),
    unique (tenant, user_id, device, id)
);

create table {schema}.devices (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    device text collate "C" not null,
    registered_at timestamptz not null,
    seen_at timestamptz not null,
    revoked boolean not null,
    primary key (tenant, user_id, device)
);

-- Revoked ones are never forgotten.
create index devices_seen on {schema}.devices (seen_at) where not revoked;

create table {schema}.last_seen (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    seen_at timestamptz not null,
    primary key (tenant, user_id)
) with (fillfactor = 70);

create function {schema}.put_user_state(p_tenant text[], p_user text[], p_key text[], p_value bytea[])
returns table (item int, version bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $put$
begin
    -- The row of a user's version is locked until the commit, so that his versions become visible in their order.
    return query
    with counted as (
        select p_tenant[n] as tenant, p_user[n] as user_id, count(*) as rows from generate_series(1, cardinality(p_key)) n group by 1, 2),
    reserved as (
        insert into {schema}.user_versions as v (tenant, user_id, version)
        select k.tenant, k.user_id, k.rows from counted k order by k.tenant collate "C", k.user_id collate "C"
        on conflict (tenant, user_id) do update set version = v.version + excluded.version
        returning v.tenant, v.user_id, v.version),
    numbered as (
        select n, r.tenant, r.user_id,
               r.version - k.rows + row_number() over (partition by r.tenant, r.user_id order by n) as version,
               row_number() over (partition by r.tenant, r.user_id, p_key[n] order by n desc) as newer
        from generate_series(1, cardinality(p_key)) n
        join reserved r on r.tenant = p_tenant[n] and r.user_id = p_user[n]
        join counted k on k.tenant = r.tenant and k.user_id = r.user_id),
    stored as (
        insert into {schema}.user_state as s (tenant, user_id, key, value, version)
        select m.tenant, m.user_id, p_key[m.n], p_value[m.n], m.version from numbered m where m.newer = 1
        on conflict (tenant, user_id, key) do update set value = excluded.value, version = excluded.version)
    select m.n, m.version from numbered m;
end
$put$;

create function {schema}.post_envelopes(
    p_tenant text[], p_user text[], p_device text[], p_id text[], p_content_type text[], p_conversation text[], p_commit text[], p_body bytea[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $post$
begin
    insert into {schema}.mailboxes as b (tenant, user_id, device)
    select distinct p_tenant[n] collate "C", p_user[n] collate "C", p_device[n] collate "C" from generate_series(1, cardinality(p_id)) n order by 1, 2, 3
    on conflict (tenant, user_id, device) do update set device = excluded.device;

    insert into {schema}.envelopes (tenant, user_id, device, position, id, content_type, conversation, commit_command, body)
    select p_tenant[m.n], p_user[m.n], p_device[m.n], nextval('{schema}.mailbox_position'), p_id[m.n], p_content_type[m.n], p_conversation[m.n],
           p_commit[m.n], p_body[m.n]
    from (
        select n from generate_series(1, cardinality(p_id)) n
        where not exists (
            select from {schema}.envelopes x
            where x.tenant = p_tenant[n] and x.user_id = p_user[n] and x.device = p_device[n] and x.id = p_id[n])
        order by n) m
    on conflict (tenant, user_id, device, id) do nothing;
end
$post$;

create function {schema}.remove_envelopes(p_tenant text, p_user text, p_device text, p_through bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $remove$
begin
    perform from {schema}.mailboxes b where b.tenant = p_tenant and b.user_id = p_user and b.device = p_device for update;
    delete from {schema}.envelopes x
    where x.tenant = p_tenant and x.user_id = p_user and x.device = p_device and x.position <= p_through;
    delete from {schema}.mailboxes b
    where b.tenant = p_tenant and b.user_id = p_user and b.device = p_device and not exists (
        select from {schema}.envelopes x where x.tenant = b.tenant and x.user_id = b.user_id and x.device = b.device);
end
$remove$;

-- 0 known, 1 registered, 2 revoked.
create function {schema}.touch_device(p_tenant text, p_user text, p_device text, p_seen timestamptz)
returns int
language plpgsql
set search_path = pg_catalog, pg_temp
as $touch$
declare
    v_revoked boolean;
begin
    loop
        select x.revoked into v_revoked from {schema}.devices x where x.tenant = p_tenant and x.user_id = p_user and x.device = p_device;
        if found then
            update {schema}.devices x set seen_at = p_seen
            where x.tenant = p_tenant and x.user_id = p_user and x.device = p_device and x.seen_at < p_seen;
            return case when v_revoked then 2 else 0 end;
        end if;

        insert into {schema}.devices (tenant, user_id, device, registered_at, seen_at, revoked)
        values (p_tenant, p_user, p_device, p_seen, p_seen, false)
        on conflict do nothing;
        if found then
            return 1;
        end if;
    end loop;
end
$touch$;
