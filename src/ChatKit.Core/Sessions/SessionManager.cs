using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;
using ChatKit.LastSeen;
using ChatKit.Wire;
using Microsoft.Extensions.Options;

namespace ChatKit.Sessions;

/// <summary>Opens and closes sessions: the device, where it starts in each conversation, the registry.</summary>
internal sealed class SessionManager(
    SessionTable table,
    SessionServices services,
    PumpServices pumps,
    IDeviceDirectory devices,
    IRelayQueue relay,
    ReceiptService receipts,
    MembershipService memberships,
    IMessageStore store,
    IStoreIdentity identity,
    ISessionRegistry registry,
    NodeIdentity node,
    PresenceService presence,
    ChatKitMetrics metrics,
    TimeProvider time,
    IOptions<ChatKitOptions> options)
{
    public const int ProtocolVersion = 1;
    private const int MaxCursors = 10_000;
    private const int HeadsAtOnce = 1000;

    private volatile bool stopping;

    /// <summary>Whether the host is stopping: no new session is opened.</summary>
    public bool IsStopping => stopping;

    public async ValueTask<HelloOutcome> OpenAsync(
        UserId user, HelloRequest hello, ISessionTransport transport, CancellationToken cancellationToken, int? window = null)
    {
        if (stopping)
        {
            return Refuse(Drain.Stopping);
        }

        if (Check(hello) is { } error)
        {
            return Refuse(error);
        }

        var device = new DeviceId(user, hello.Device!);
        var state = await devices.TouchAsync(device, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (state == DeviceState.Revoked)
        {
            return Refuse(RevocationSweep.Revoked);
        }

        var info = await identity.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var reset = state == DeviceState.Registered || (hello.Incarnation is { } incarnation && incarnation != info.Incarnation);
        var record = new SessionRecord(new SessionId(Guid.CreateVersion7().ToString("N")), device, node.Id, time.GetUtcNow());
        var session = new ChatSession(record, hello.Background, transport, services, pumps, window) { Manager = this };

        // In the table first: what is accepted from here on is offered to it, what was before is found below.
        table.Add(session);
        try
        {
            await StartAsync(session, reset, hello.Cursors ?? [], cancellationToken).ConfigureAwait(false);
            await registry.PutAsync([record], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            table.Remove(session);
            throw;
        }

        presence.SessionOpened(session.User, hello.Background);
        metrics.SessionOpened();
        session.Opened = true;
        if (stopping)
        {
            session.Drain(Drain.Stopping);
        }

        return new HelloOutcome(
            new HelloReply
            {
                Version = ProtocolVersion,
                User = user.Value,
                Incarnation = info.Incarnation,
                Reset = reset,
                Now = time.GetUtcNow(),
                MaxBodyBytes = options.Value.MaxBodyBytes,
                ActivityInterval = (int)(options.Value.OnlineFor.TotalMilliseconds / 3),
            },
            session);
    }

    /// <summary>Takes a session out; its device's cursors stay.</summary>
    public async ValueTask CloseAsync(ChatSession session)
    {
        session.Pump.End();
        if (!session.MarkClosed())
        {
            return;
        }

        table.Remove(session);
        services.Presence.Unwatch(session);
        services.Typing.Stop(session.User);
        if (session.Opened)
        {
            metrics.SessionClosed();
            presence.SessionClosed(session.User);
            await registry.RemoveAsync([session.Record], CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at every conversation of a session's user anew: hints may have been lost.</summary>
    public async ValueTask PullAllAsync(ChatSession session, CancellationToken cancellationToken)
    {
        foreach (var (membership, end, _) in await ConversationsAsync(session.User, cancellationToken).ConfigureAwait(false))
        {
            session.Pump.Track(membership.Conversation, StartOf(membership), end);
        }
    }

    /// <summary>Takes no new sessions.</summary>
    public void Refuse() => stopping = true;

    /// <summary>Where a known device starts that has no cursor: at the very first joining. All of the user's time in the conversation came after the device
    /// was registered, or its cursor was lost with a host before the flush (rule 8: that costs a redelivery, never a loss).</summary>
    private static long StartOf(UserMembership membership) => Math.Max(0, membership.Intervals[0].Joined - 1);

    private static ChatError? Check(HelloRequest hello)
    {
        if (hello.Versions?.Contains(ProtocolVersion) != true)
        {
            return new ChatError(ChatErrorCode.UnsupportedVersion, $"This server speaks protocol version {ProtocolVersion}.");
        }

        if (!IdRules.IsValid(hello.Device))
        {
            return new ChatError(ChatErrorCode.Invalid, "device: an id of 1 to 128 bytes that this installation keeps.");
        }

        return hello.Cursors is { Count: > MaxCursors }
            ? new ChatError(ChatErrorCode.TooLarge, $"cursors: at most {MaxCursors}.")
            : null;
    }

    private static HelloOutcome Refuse(ChatError error) => new(
        new HelloReply { Code = error.Code.ToWire(), Message = error.Message, RetryAfter = (long?)error.RetryAfter?.TotalMilliseconds }, null);

    private async ValueTask StartAsync(ChatSession session, bool reset, IReadOnlyList<WireCursor> restated, CancellationToken cancellationToken)
    {
        var device = session.Device;
        var conversations = await ConversationsAsync(session.User, cancellationToken).ConfigureAwait(false);
        if (reset)
        {
            // Rule 8: a new device starts at the last entry; older ones are read as pages.
            receipts.Forget(device);
            await relay.ForgetAsync([device], cancellationToken).ConfigureAwait(false);
            await relay.AdvanceAsync(
                [.. conversations.Select(one => new DeviceCursor(device, one.Membership.Conversation, one.End))], cancellationToken).ConfigureAwait(false);
            foreach (var (membership, end, _) in conversations)
            {
                session.Pump.Track(membership.Conversation, end, end);
            }

            return;
        }

        var cursors = await receipts.GetCursorsAsync(device, cancellationToken).ConfigureAwait(false);
        var claims = restated.Where(claim => IdRules.IsValid(claim?.Conversation))
            .GroupBy(claim => claim.Conversation, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(claim => claim.Seq), StringComparer.Ordinal);
        foreach (var (membership, end, last) in conversations)
        {
            var conversation = membership.Conversation;
            var hasCursor = cursors.TryGetValue(conversation, out var cursor);
            var position = hasCursor ? cursor : StartOf(membership);
            if (claims.Remove(conversation.Value, out var claim) && claim > position)
            {
                position = Math.Min(claim, last);
                receipts.MoveDevice(device, conversation, position);
            }

            session.Pump.Track(conversation, Math.Min(position, last), end);
        }

        session.Pump.Claim(claims.ToDictionary(claim => new ConversationId(claim.Key, device.Tenant), claim => claim.Value));
    }

    /// <summary>A user's conversations with the last entry he may see and the last there is: one probe a conversation (rule 12).</summary>
    private async ValueTask<List<(UserMembership Membership, long End, long Last)>> ConversationsAsync(UserId user, CancellationToken cancellationToken)
    {
        var list = await memberships.ListAsync(user, cancellationToken).ConfigureAwait(false);
        var result = new List<(UserMembership, long, long)>(list.Count);
        foreach (var chunk in list.Chunk(HeadsAtOnce))
        {
            var heads = await store.GetHeadsAsync([.. chunk.Select(membership => membership.Conversation)], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (heads[i] is { } head)
                {
                    result.Add((chunk[i], Math.Min(head.LastSeq, chunk[i].Intervals[^1].Left ?? long.MaxValue), head.LastSeq));
                }
            }
        }

        return result;
    }
}
