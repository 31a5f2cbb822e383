-- One batch. Conversations (p_tenant, p_id …) are distinct; items are grouped by conversation: those of conversation c are
-- p_first[c] to p_first[c] + p_count[c] - 1, in the caller's order. "Simple" conversations hold only items that do not
-- change what the next is judged by, all under one membership version, and no reaction or pin without a target; the client knows that.
-- A row with item 0 says that all items of the conversation were appended after the Seq given; other rows are single results.
create function {schema}.append(
    p_now timestamptz,
    p_tenant text[], p_id text[], p_first int[], p_count int[], p_counting int[], p_last_message int[], p_simple boolean[],
    p_version bigint[], p_create boolean,
    p_conv int[], p_rank int[], p_counting_rank int[], p_kind smallint[], p_counts boolean[], p_membership_version bigint[], p_epoch bigint[],
    p_target bigint[], p_expires timestamptz[], p_key uuid[], p_hash uuid[], p_sender text[], p_command text[], p_device text[],
    p_content_type text[], p_assets text[], p_body bytea[])
returns table (conversation int, item int, outcome smallint, seq bigint, accepted_at timestamptz, membership_version bigint, epoch bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $append$
declare
    v_total constant int := cardinality(p_id);
    v_row tid[]; v_conv bigint[]; v_last bigint[]; v_ordinal bigint[]; v_version bigint[]; v_epoch bigint[]; v_accepted timestamptz[]; v_trimmed bigint[];
    v_ci int[];
    v_known int[];
    v_looked boolean := false;
    v_fast boolean[];
    v_fasts int := 0;
    v_rows int;
    v_all_fast boolean;
    v_now timestamptz;
    c int;
    i int;
    k int;
    e record;
    h {schema}.conversations%rowtype;
    v_from bigint;
    v_outcome smallint;
begin
    -- Accepted means on the disk, whatever the session or role is set to.
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;

    if p_create then
        -- In the order of keys, before any head is locked: two batches that create the same conversations cannot block each other.
        insert into {schema}.conversations (tenant, id)
        select p_tenant[n], p_id[n]
        from generate_series(1, v_total) n
        where exists (select from generate_series(p_first[n], p_first[n] + p_count[n] - 1) m where p_kind[m] = 6)
          and not exists (select from {schema}.conversations x where x.tenant = p_tenant[n] and x.id = p_id[n])
        order by p_tenant[n], p_id[n]
        on conflict do nothing;
    end if;

    -- Heads are locked in the order of their number; what is read after this sees all that was committed under those locks.
    select array_agg(s.n), array_agg(s.conv), array_agg(s.last_seq), array_agg(s.ordinal), array_agg(s.membership_version),
           array_agg(s.epoch), array_agg(s.last_accepted_at), array_agg(s.trimmed_to), array_agg(s.place)
    into v_ci, v_conv, v_last, v_ordinal, v_version, v_epoch, v_accepted, v_trimmed, v_row
    from (
        select l.* from (
            select n, x.ctid as place, x.conv, x.last_seq, x.ordinal, x.membership_version, x.epoch, x.last_accepted_at, x.trimmed_to
            from generate_series(1, v_total) n join {schema}.conversations x on x.tenant = p_tenant[n] and x.id = p_id[n]
            order by x.conv
            for no key update of x) l
        order by l.n) s;
    v_now := coalesce(p_now, clock_timestamp());

    if cardinality(v_ci) is distinct from v_total then
        -- Some conversations do not exist: spread the arrays so that they are indexed by conversation.
        declare
            w_ci constant int[] := coalesce(v_ci, '{}'); w_conv constant bigint[] := v_conv; w_last constant bigint[] := v_last;
            w_ordinal constant bigint[] := v_ordinal; w_version constant bigint[] := v_version; w_epoch constant bigint[] := v_epoch;
            w_accepted constant timestamptz[] := v_accepted; w_trimmed constant bigint[] := v_trimmed; w_row constant tid[] := v_row;
        begin
            v_conv := array_fill(null::bigint, array[v_total]);
            v_row := array_fill(null::tid, array[v_total]);
            v_last := array_fill(0::bigint, array[v_total]);
            v_ordinal := v_last; v_version := v_last; v_epoch := v_last; v_trimmed := v_last;
            v_accepted := array_fill('-infinity'::timestamptz, array[v_total]);
            for k in 1 .. cardinality(w_ci) loop
                c := w_ci[k];
                v_conv[c] := w_conv[k]; v_last[c] := w_last[k]; v_ordinal[c] := w_ordinal[k]; v_version[c] := w_version[k];
                v_epoch[c] := w_epoch[k]; v_accepted[c] := w_accepted[k]; v_trimmed[c] := w_trimmed[k]; v_row[c] := w_row[k];
            end loop;
        end;
    end if;

    -- Conversations with a key that is known already, or a reaction or pin without its message, are judged item by item.
    if 0 < any (v_trimmed) then
        select v_known || array_agg(p_conv[m]) into v_known
        from generate_series(1, cardinality(p_conv)) m
        join {schema}.trimmed_commands x on x.conv = v_conv[p_conv[m]] and x.command_key = p_key[m];
    end if;
    if p_target is not null then
        select v_known || array_agg(p_conv[m]) into v_known
        from generate_series(1, cardinality(p_conv)) m
        left join {schema}.entries x
            on x.conv = v_conv[p_conv[m]] and x.seq = p_target[m] and x.seq > v_trimmed[p_conv[m]] and x.kind = 1 and not x.erased
        where p_kind[m] in (4, 5) and x.seq is null;
    end if;

    v_all_fast := v_known is null;
    for c in 1 .. v_total loop
        v_fast[c] := p_simple[c] and v_last[c] > 0 and v_version[c] = p_version[c] and (v_known is null or c <> all (v_known));
        v_all_fast := v_all_fast and v_fast[c];
        v_fasts := v_fasts + v_fast[c]::int;
        if v_accepted[c] < v_now then
            v_accepted[c] := v_now;
        end if;
    end loop;

    -- Nearly always no key is known, so they are not looked up: the index refuses the one that is.
    loop
        begin
            insert into {schema}.entries (
                conv, seq, ordinal, version, membership_version, target, accepted_at, expires_at, command_key, payload_hash, kind, counts,
                sender, command, device, content_type, assets, body)
            select v_conv[p_conv[m]], v_last[p_conv[m]] + p_rank[m], v_ordinal[p_conv[m]] + p_counting_rank[m], v_last[p_conv[m]] + p_rank[m],
                   v_version[p_conv[m]], p_target[m], v_accepted[p_conv[m]], p_expires[m], p_key[m], p_hash[m], p_kind[m], p_counts[m],
                   p_sender[m], p_command[m], p_device[m], p_content_type[m], p_assets[m], p_body[m]
            from generate_series(1, cardinality(p_conv)) m
            where v_all_fast or v_fast[p_conv[m]];
            exit;
        exception when unique_violation then
            if v_looked then
                raise;
            end if;

            v_looked := true;
            v_all_fast := false;
            select array_agg(p_conv[m]) into v_known
            from generate_series(1, cardinality(p_conv)) m
            join {schema}.entries x on x.conv = v_conv[p_conv[m]] and x.command_key = p_key[m];
            v_fasts := 0;
            for c in 1 .. v_total loop
                v_fast[c] := v_fast[c] and coalesce(c <> all (v_known), true);
                v_fasts := v_fasts + v_fast[c]::int;
            end loop;
        end;
    end loop;

    -- Outside that block: a row locked by a transaction and changed by a part of it would need a multixact.
    -- With the lock readers of the feed stop before what this transaction takes, until it ended; so it comes first (docs/decisions/postgres.md).
    with head as (
        update {schema}.conversations x
        set last_seq = x.last_seq + p_count[n],
            ordinal = x.ordinal + p_counting[n],
            last_message_seq = case when p_last_message[n] > 0 then x.last_seq + p_last_message[n] else x.last_message_seq end,
            last_activity_at = case when p_last_message[n] > 0 then v_accepted[n] else x.last_activity_at end,
            last_accepted_at = v_accepted[n]
        from generate_series(1, v_total) n
        where v_fast[n] and x.ctid = v_row[n]
        returning n
    )
    insert into {schema}.feed (position, conv, from_seq, to_seq, membership_version)
    select case when (select pg_advisory_xact_lock_shared({feed_class} | p.last_value) from {schema}.feed_position p) is not null
                then nextval('{schema}.feed_position') end,
           v_conv[n], v_last[n] + 1, v_last[n] + p_count[n], v_version[n]
    from head;

    get diagnostics v_rows = row_count;
    if v_rows <> v_fasts then
        raise exception 'append: % of % heads were where they were locked', v_rows, v_fasts;
    end if;

    return query
    select n, 0, 0::smallint, v_last[n], v_accepted[n], v_version[n], v_epoch[n]
    from generate_series(1, v_total) n
    where v_fast[n];

    if v_all_fast then
        return;
    end if;

    -- For the positions taken below: perhaps none was taken above, and no lock with them.
    perform pg_advisory_xact_lock_shared({feed_class} | p.last_value) from {schema}.feed_position p;

    for c in 1 .. v_total loop
        continue when v_fast[c];
        conversation := c;
        h.conv := null;
        if v_conv[c] is not null then
            select x.* into h from {schema}.conversations x where x.conv = v_conv[c];
        else
            h.last_seq := 0; h.membership_version := 0; h.epoch := 0; h.trimmed_to := 0;
        end if;

        v_from := h.last_seq + 1;
        for i in p_first[c] .. p_first[c] + p_count[c] - 1 loop
            item := i;
            seq := 0;
            accepted_at := null;
            outcome := null;
            if h.conv is not null then
                select x.seq, x.accepted_at, x.payload_hash, x.sender, x.command into e
                from {schema}.entries x where x.conv = h.conv and x.command_key = p_key[i];
                if not found and h.trimmed_to > 0 then
                    select x.seq, x.accepted_at, x.payload_hash, x.sender, x.command into e
                    from {schema}.trimmed_commands x where x.conv = h.conv and x.command_key = p_key[i];
                end if;
                if found then
                    if e.payload_hash = p_hash[i] and e.sender = p_sender[i] and e.command = p_command[i] then
                        outcome := 1;
                        seq := e.seq;
                        accepted_at := e.accepted_at;
                    else
                        outcome := 2;
                    end if;
                end if;
            end if;

            if outcome is null then
                if p_membership_version[i] <> h.membership_version or (h.last_seq = 0 and p_kind[i] <> 6) then
                    outcome := 3;
                elsif p_epoch[i] <> h.epoch then
                    outcome := 4;
                elsif p_kind[i] between 2 and 5 then
                    perform from {schema}.entries x
                    where x.conv = h.conv and x.seq = p_target[i] and x.seq > h.trimmed_to and x.kind = 1 and not x.erased;
                    if not found then
                        outcome := 5;
                    end if;
                end if;
            end if;

            if outcome is null then
                outcome := 0;
                h.last_seq := h.last_seq + 1;
                h.ordinal := h.ordinal + p_counts[i]::int;
                seq := h.last_seq;
                accepted_at := v_accepted[c];
                insert into {schema}.entries (
                    conv, seq, ordinal, version, membership_version, target, accepted_at, expires_at, command_key, payload_hash, kind, counts,
                    sender, command, device, content_type, assets, body)
                values (
                    h.conv, h.last_seq, h.ordinal, h.last_seq, h.membership_version, p_target[i], v_accepted[c], p_expires[i], p_key[i], p_hash[i],
                    p_kind[i], p_counts[i], p_sender[i], p_command[i], p_device[i], p_content_type[i], p_assets[i], p_body[i]);
                if p_kind[i] = 1 then
                    h.last_message_seq := h.last_seq;
                    h.last_activity_at := v_accepted[c];
                elsif p_kind[i] = 2 then
                    update {schema}.entries x set version = h.last_seq where x.conv = h.conv and x.seq = p_target[i];
                elsif p_kind[i] = 3 then
                    update {schema}.entries x set version = h.last_seq, erased = true, body = null, assets = null
                    where x.conv = h.conv and x.seq = p_target[i];
                    update {schema}.entries x set erased = true, body = null, assets = null
                    where x.conv = h.conv and x.target = p_target[i] and x.kind = 2 and not x.erased;
                elsif p_kind[i] = 6 then
                    h.membership_version := h.last_seq;
                end if;

                if h.last_seq = 1 then
                    h.last_activity_at := v_accepted[c];
                end if;

                if p_epoch[i] is not null then
                    h.epoch := h.epoch + 1;
                end if;
            end if;

            membership_version := h.membership_version;
            epoch := h.epoch;
            return next;
        end loop;

        if h.last_seq >= v_from then
            update {schema}.conversations x
            set last_seq = h.last_seq, ordinal = h.ordinal, membership_version = h.membership_version, epoch = h.epoch,
                last_message_seq = h.last_message_seq, last_activity_at = h.last_activity_at, last_accepted_at = v_accepted[c]
            where x.conv = h.conv;
            insert into {schema}.feed (position, conv, from_seq, to_seq, membership_version)
            values (nextval('{schema}.feed_position'), h.conv, v_from, h.last_seq, h.membership_version);
        elsif h.last_seq = 0 and h.conv is not null then
            -- Everything was refused, the creation too: it leaves no log behind.
            delete from {schema}.conversations x where x.conv = h.conv;
        end if;
    end loop;
end
$append$;

-- Removes the next chunk of a log; true while there is more.
create function {schema}.trim_chunk(
    p_now timestamptz, p_tenant text, p_id text, p_through bigint, p_chunk int, p_key_lifetime interval)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set jit = off
as $trim$
declare
    h {schema}.conversations%rowtype;
    v_last bigint;
    v_to bigint;
    v_keep timestamptz := coalesce(p_now, clock_timestamp()) - p_key_lifetime;
begin
    select x.* into h from {schema}.conversations x where x.tenant = p_tenant and x.id = p_id for no key update;
    v_last := least(p_through, h.last_seq - 1);
    v_to := least(v_last, h.trimmed_to + p_chunk);
    if not found or v_to <= h.trimmed_to then
        return false;
    end if;

    update {schema}.conversations x
    set trimmed_to = v_to,
        trimmed_ordinal = (select y.ordinal from {schema}.entries y where y.conv = h.conv and y.seq = v_to)
    where x.conv = h.conv;
    with gone as (
        delete from {schema}.entries x
        where x.conv = h.conv and x.seq > h.trimmed_to and x.seq <= v_to
        returning x.conv, x.command_key, x.payload_hash, x.seq, x.accepted_at, x.sender, x.command)
    insert into {schema}.trimmed_commands (conv, command_key, payload_hash, seq, accepted_at, sender, command)
    select g.conv, g.command_key, g.payload_hash, g.seq, g.accepted_at, g.sender, g.command from gone g where g.accepted_at >= v_keep;
    delete from {schema}.trimmed_commands x
    where ctid = any (array(
        select y.ctid from {schema}.trimmed_commands y where y.accepted_at < v_keep order by y.accepted_at limit 2 * p_chunk for update skip locked));
    return v_to < v_last;
end
$trim$;
