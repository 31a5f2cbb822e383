-- A page of a user's conversations, last active first: one probe a conversation for its head, and only for those of the page marks, unread and last message.
create function {schema}.list_conversations(p_tenant text, p_user text, p_before timestamptz, p_after text, p_limit int)
returns table (
    o_id text, o_seq bigint, o_accepted_at timestamptz, o_sender text, o_device text, o_command text, o_kind smallint, o_target bigint, o_counts boolean,
    o_assets text, o_content_type text, o_body bytea, o_membership_version bigint, o_version bigint, o_erased boolean, o_expires_at timestamptz,
    o_history smallint, o_joined bigint[], o_left bigint[], o_shown bigint, o_active timestamptz, o_delivered bigint, o_read bigint, o_unread bigint,
    o_last_seq bigint, o_trimmed_to bigint, o_membership bigint, o_epoch bigint, o_last_message_seq bigint, o_last_activity_at timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $list$
begin
    return query
    with page as (
        select k.* from (
            select c.*, m.joined, m.left_at, g.history, m.present and g.history = 1 as whole,
                   case when m.present then c.last_seq else m.left_at[cardinality(m.left_at)] end as shown,
                   -- For one who left, it was last active when he did.
                   case when m.present then c.last_activity_at else coalesce(
                       (select x.accepted_at from {schema}.entries x
                        where x.conv = c.conv and x.seq = m.left_at[cardinality(m.left_at)] and x.seq > c.trimmed_to), 'epoch') end as active
            from {schema}.members m
            join {schema}.groups g on g.tenant = m.tenant and g.id = m.conversation
            join {schema}.conversations c on c.tenant = m.tenant and c.id = m.conversation
            where m.tenant = p_tenant and m.user_id = p_user and c.last_seq > 0) k
        where p_before is null or k.active < p_before or (k.active = p_before and k.id > p_after)
        order by k.active desc, k.id
        limit p_limit)
    select k.id, e.seq, e.accepted_at, e.sender, e.device, e.command, e.kind, e.target, e.counts,
           e.assets, case when p.seq is null then e.content_type else p.content_type end, case when p.seq is null then e.body else p.body end,
           e.membership_version, e.version, e.erased, e.expires_at,
           k.history, k.joined, k.left_at, k.shown, k.active, coalesce(r.delivered, 0), coalesce(r.read, 0), u.unread,
           k.last_seq, k.trimmed_to, k.membership_version, k.epoch, k.last_message_seq, k.last_activity_at
    from page k
    left join {schema}.receipts r on r.tenant = p_tenant and r.conversation = k.id and r.user_id = p_user
    cross join lateral (
        select coalesce(sum(
                   {schema}.ordinal_at(k.conv, s.high, k.last_seq, k.ordinal, k.trimmed_to, k.trimmed_ordinal)
                 - {schema}.ordinal_at(k.conv, s.low, k.last_seq, k.ordinal, k.trimmed_to, k.trimmed_ordinal)
                 - (select count(*) from {schema}.entries x where x.conv = k.conv and x.erased and x.counts and x.seq > s.low and x.seq <= s.high)), 0)::bigint as unread
        from (
            select greatest(case when k.whole then 0 else k.joined[n] - 1 end, coalesce(r.read, 0), k.trimmed_to) as low,
                   least(case when not k.whole then k.left_at[n] end, k.shown, k.last_seq) as high
            from generate_subscripts(k.joined, 1) n where n = 1 or not k.whole) s
        where s.low < s.high) u
    left join lateral (
        select y.* from generate_subscripts(k.joined, 1) n
        cross join lateral (
            select * from {schema}.entries x
            where x.conv = k.conv and x.kind = 1
              and x.seq >= greatest(case when k.whole then 1 else k.joined[n] end, k.trimmed_to + 1)
              and x.seq <= least(case when not k.whole then k.left_at[n] end, k.shown, k.last_message_seq)
            order by x.seq desc limit 1) y
        where n = 1 or not k.whole
        order by y.seq desc limit 1) e on true
    left join lateral (
        select x.seq, x.content_type, x.body from {schema}.entries x
        where e.version <> e.seq and not e.erased and x.conv = k.conv and x.seq = e.version) p on true
    order by k.active desc, k.id;
end
$list$;
