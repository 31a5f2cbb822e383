-- Who is a member: an idempotent projection of the logs' membership entries.
create table {schema}.groups (
    tenant text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    kind smallint not null,
    history smallint not null,
    title text collate "C",
    primary key (tenant, id)
);

-- A row a person who is or was a member. joined and left: the intervals; while he is a member there is one joined more.
create table {schema}.members (
    tenant text collate "C" not null,
    conversation text collate "C" not null,
    user_id text collate "C" not null,
    role smallint not null,
    present boolean not null,
    joined bigint[] not null,
    left_at bigint[] not null default '{}',
    primary key (tenant, conversation, user_id)
);

create index members_of_user on {schema}.members (tenant, user_id, conversation);

-- Unlogged both: after a crash of the server leases and sessions are gone, so renewing says so and the nodes put their sessions again.
create unlogged table {schema}.nodes (
    node text collate "C" primary key,
    lease_until timestamptz not null
);

create unlogged table {schema}.sessions (
    tenant text collate "C" not null,
    user_id text collate "C" not null,
    session text collate "C" not null,
    device text collate "C" not null,
    node text collate "C" not null,
    connected_at timestamptz not null,
    primary key (tenant, user_id, session)
);

create index sessions_of_node on {schema}.sessions (node);

-- Changes are judged in order; the members of change c are p_member_first[c] to p_member_first[c] + p_member_count[c] - 1.
-- 0 applied, 1 already applied, 2 missing, 3 diverged.
create function {schema}.apply_memberships(
    p_tenant text[], p_id text[], p_seq bigint[], p_previous bigint[], p_action smallint[], p_kind smallint[], p_history smallint[], p_title text[],
    p_member_first int[], p_member_count int[], p_user text[], p_role smallint[])
returns int[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $apply$
declare
    v_result int[] := '{}';
    v_version bigint;
    m_first int;
    m_last int;
begin
    insert into {schema}.groups (tenant, id, version, kind, history)
    select distinct p_tenant[n] collate "C", p_id[n] collate "C", 0, 2, 0 from generate_series(1, cardinality(p_id)) n
    where p_previous[n] = 0
      and not exists (select from {schema}.groups g where g.tenant = p_tenant[n] and g.id = p_id[n])
    order by 1, 2
    on conflict do nothing;
    perform from {schema}.groups g
    where (g.tenant, g.id) in (select p_tenant[n], p_id[n] from generate_series(1, cardinality(p_id)) n)
    order by g.tenant, g.id
    for no key update;

    for c in 1 .. cardinality(p_id) loop
        select g.version into v_version from {schema}.groups g where g.tenant = p_tenant[c] and g.id = p_id[c];
        v_version := coalesce(v_version, 0);
        if v_version >= p_seq[c] then
            v_result[c] := 1;
            continue;
        elsif v_version <> p_previous[c] then
            v_result[c] := case when v_version > p_previous[c] then 3 else 2 end;
            continue;
        end if;

        v_result[c] := 0;
        m_first := p_member_first[c];
        m_last := m_first + p_member_count[c] - 1;
        if p_action[c] in (1, 2) then
            insert into {schema}.members as x (tenant, conversation, user_id, role, present, joined)
            select distinct on (p_user[m]) p_tenant[c], p_id[c], p_user[m], p_role[m], true, array[p_seq[c]] from generate_series(m_first, m_last) m
            order by p_user[m], m
            on conflict (tenant, conversation, user_id) do update
            set role = excluded.role, present = true, joined = x.joined || excluded.joined
            where not x.present;
        elsif p_action[c] in (3, 4) then
            update {schema}.members x set present = false, left_at = x.left_at || p_seq[c]
            where x.tenant = p_tenant[c] and x.conversation = p_id[c] and x.present
              and x.user_id = any (p_user[m_first:m_last]);
        elsif p_action[c] = 5 then
            update {schema}.members x set role = l.role
            from (select distinct on (p_user[m]) p_user[m] as user_id, p_role[m] as role from generate_series(m_first, m_last) m order by p_user[m], m desc) l
            where x.tenant = p_tenant[c] and x.conversation = p_id[c] and x.present and x.user_id = l.user_id;
        end if;

        update {schema}.groups g
        set version = p_seq[c],
            kind = case when p_action[c] = 1 then p_kind[c] else g.kind end,
            history = case when p_action[c] = 1 then p_history[c] else g.history end,
            title = case when p_action[c] = 1 then p_title[c] else g.title end
        where g.tenant = p_tenant[c] and g.id = p_id[c];
    end loop;

    delete from {schema}.groups g
    where g.version = 0 and (g.tenant, g.id) in (select p_tenant[n], p_id[n] from generate_series(1, cardinality(p_id)) n);
    return v_result;
end
$apply$;

-- Takes or renews a lease; false when there was no live one. Sessions of nodes whose lease ended go with it.
create function {schema}.renew_node(p_now timestamptz, p_node text, p_lease interval)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $renew$
declare
    v_now timestamptz := coalesce(p_now, clock_timestamp());
    v_until timestamptz;
    v_dead text[];
begin
    select x.lease_until into v_until from {schema}.nodes x where x.node = p_node for update;
    if v_until > v_now then
        update {schema}.nodes x set lease_until = v_now + p_lease where x.node = p_node;
        return true;
    end if;

    select array_agg(d.node) into v_dead from (
        select x.node from {schema}.nodes x where x.lease_until <= v_now and x.node <> p_node order by x.node for update skip locked) d;
    delete from {schema}.sessions s where s.node = any (v_dead || p_node);
    delete from {schema}.nodes x where x.node = any (v_dead);
    insert into {schema}.nodes as x (node, lease_until) values (p_node, v_now + p_lease)
    on conflict (node) do update set lease_until = excluded.lease_until;
    return false;
end
$renew$;
