using ChatKit.Delivery;
using ChatKit.Groups;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Validates commands, asks the host's authorizer, and makes them ready for the writer. Membership is judged there.</summary>
internal sealed class CommandPreparer(
    IMessageStore store, MembershipService memberships, IChatAuthorizer authorizer, IOptions<ChatKitOptions> options)
{
    private const int MaxContentType = 128;
    private const int MaxTitle = 256;

    private static readonly ChatError Forbidden = new(ChatErrorCode.Forbidden, "You may not do this.");

    /// <summary>What nearly every message has, made once.</summary>
    private static readonly EntryHeader PlainMessage = new() { Kind = EntryKind.Message, Counts = true, ContentType = WireMapper.PlainText };

    private readonly ChatKitOptions limits = options.Value;

    /// <summary>Where a message goes: the conversation given, or the direct one with the user given.</summary>
    public static ChatResult<ConversationId> Target(UserId from, ConversationId? conversation, UserId? to) => (conversation, to) switch
    {
        ({ } id, null) when id.Tenant == from.Tenant => id,
        (null, { } user) when user.Tenant == from.Tenant => ConversationId.Direct(from, user),
        (not null, not null) or (null, null) => Invalid("Give either a conversation or a user, not both."),
        _ => MembershipRules.NotMember,
    };

    public ValueTask<ChatResult<WriteItem>> PrepareAsync(SendMessage message, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken) =>
        PrepareAsync(
            new MessageCommand(
                message.From, message.Conversation, message.To, message.Body, message.ContentType, message.Assets.Count, message.Command, message.Device),
            completion, lane, cancellationToken);

    public async ValueTask<ChatResult<WriteItem>> PrepareAsync(MessageCommand message, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken)
    {
        var target = Target(message.From, message.Conversation, message.To);
        if (!target.IsSuccess)
        {
            return target.Error;
        }

        var conversation = target.Value;
        if (CheckBody(message.Body.Length, message.ContentType) is { } error)
        {
            return error;
        }

        if (message.Assets > 0)
        {
            // Rule 17: only complete, verified assets of the sender's own. Uploads are not offered yet, so there are none.
            return message.Assets > limits.MaxAssets
                ? new ChatError(ChatErrorCode.TooLarge, $"A message names at most {limits.MaxAssets} assets.")
                : new ChatError(ChatErrorCode.NotFound, "There is no such asset of yours.");
        }

        var action = ChatAction.Write;
        IReadOnlyList<UserId> others = [];
        if (message.To is { } peer)
        {
            others = [peer];
            if (await memberships.GetAsync(conversation, 0, cancellationToken).ConfigureAwait(false) is null)
            {
                action = ChatAction.StartDirect;
            }
        }

        if (!await authorizer.IsAllowedAsync(new(action, message.From, conversation, others), cancellationToken).ConfigureAwait(false))
        {
            return Forbidden;
        }

        var header = message.ContentType == WireMapper.PlainText
            ? PlainMessage : new EntryHeader { Kind = EntryKind.Message, Counts = true, ContentType = message.ContentType };
        return Item(message.From, conversation, message.Device, message.Command, header, message.Body, completion, lane, message.To);
    }

    public ValueTask<ChatResult<WriteItem>> PrepareAsync(EditMessage edit, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken)
    {
        if (CheckBody(edit.Body.Length, edit.ContentType) is { } error)
        {
            return new(error);
        }

        var header = new EntryHeader { Kind = EntryKind.Edit, Target = edit.Seq, ContentType = edit.ContentType };
        return ChangeAsync(edit.From, edit.Conversation, edit.Device, edit.Command, header, edit.Body, completion, lane, cancellationToken);
    }

    public ValueTask<ChatResult<WriteItem>> PrepareAsync(DeleteMessage deletion, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken) =>
        ChangeAsync(
            deletion.From, deletion.Conversation, deletion.Device, deletion.Command,
            new EntryHeader { Kind = EntryKind.Deletion, Target = deletion.Seq }, default, completion, lane, cancellationToken);

    public async ValueTask<ChatResult<WriteItem>> PrepareAsync(CreateGroup group, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(group.Title) || group.Title.Length > MaxTitle)
        {
            return Invalid($"A group's title has 1 to {MaxTitle} characters.");
        }

        var others = group.Members.Where(user => user != group.By).Distinct().ToList();
        if (CheckUsers(group.By, others) is { } error)
        {
            return error;
        }

        // The same command of the same creator makes the same group, so that a retry finds it.
        var conversation = GroupIdOf(group.By, group.Command);
        if (!await authorizer.IsAllowedAsync(new(ChatAction.CreateGroup, group.By, conversation, others), cancellationToken).ConfigureAwait(false))
        {
            return Forbidden;
        }

        var change = new MembershipChange
        {
            Action = MembershipAction.Created,
            Kind = ConversationKind.Group,
            Title = group.Title,
            History = group.History,
            Members = [new MemberChange(group.By.Value, MemberRole.Owner), .. others.Select(user => new MemberChange(user.Value))],
        };
        return Membership(group.By, conversation, group.Device, group.Command, change, completion, lane);
    }

    public async ValueTask<ChatResult<WriteItem>> PrepareAsync(ChangeMembers change, IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken)
    {
        if (change.Conversation.Tenant != change.By.Tenant)
        {
            return MembershipRules.NotMember;
        }

        IReadOnlyList<UserId> users = change.Action == MembershipAction.Left ? [change.By] : [.. change.Users.Distinct()];
        if (change.Action is not (MembershipAction.Added or MembershipAction.Removed or MembershipAction.Left) || users.Count == 0)
        {
            return Invalid("Say whether users are added or removed, and which; or leave.");
        }

        if (CheckUsers(change.By, users) is { } error)
        {
            return error;
        }

        if (change.Action == MembershipAction.Added
            && !await authorizer.IsAllowedAsync(new(ChatAction.AddMembers, change.By, change.Conversation, users), cancellationToken).ConfigureAwait(false))
        {
            return Forbidden;
        }

        var body = new MembershipChange { Action = change.Action, Members = [.. users.Select(user => new MemberChange(user.Value))] };
        return Membership(change.By, change.Conversation, change.Device, change.Command, body, completion, lane);
    }

    /// <summary>A command that is refused already, but has to be judged in its turn.</summary>
    public static WriteItem Refused(UserId user, ConversationId conversation, CommandId command, ChatError error, IWriteCompletion completion, SendLane? lane) => new()
    {
        Request = Blank(user, conversation, command),
        Completion = completion,
        Lane = lane,
        Refusal = error,
    };

    public static WriteItem Withdrawal(UserId user, ConversationId conversation, CommandId command, IWriteCompletion completion, SendLane lane) => new()
    {
        Request = Blank(user, conversation, command),
        Completion = completion,
        Lane = lane,
        Withdraws = true,
    };

    public static ConversationId GroupIdOf(UserId creator, CommandId command)
    {
        var name = $"{creator.Tenant.Length}:{creator.Tenant}{creator.Value.Length}:{creator.Value}{command.Value}";
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name));
        return new ConversationId("g_" + System.Buffers.Text.Base64Url.EncodeToString(hash.AsSpan(0, 24)), creator.Tenant);
    }

    private static AppendRequest Blank(UserId user, ConversationId conversation, CommandId command) => new()
    {
        Conversation = conversation,
        Sender = user,
        Command = command,
        Header = new EntryHeader { Kind = EntryKind.Message },
        PayloadHash = 0,
        MembershipVersion = 0,
    };

    /// <summary>Edits and deletions concern a message of one's own; the store makes sure that it is still there.</summary>
    private async ValueTask<ChatResult<WriteItem>> ChangeAsync(
        UserId from, ConversationId conversation, string? device, CommandId command, EntryHeader header, ReadOnlyMemory<byte> body,
        IWriteCompletion completion, SendLane? lane, CancellationToken cancellationToken)
    {
        if (conversation.Tenant != from.Tenant
            || await memberships.GetAsync(conversation, 0, cancellationToken).ConfigureAwait(false) is not { } view || !view.Contains(from))
        {
            return MembershipRules.NotMember;
        }

        var seq = header.Target ?? 0;
        var found = (await store.ReadAsync([new LogRange(conversation, seq, seq, 1)], cancellationToken).ConfigureAwait(false))[0];
        if (found.Count == 0 || found[0].Header.Kind != EntryKind.Message)
        {
            return new ChatError(ChatErrorCode.NotFound, $"There is no message {seq}.");
        }

        if (found[0].Sender != from)
        {
            return new ChatError(ChatErrorCode.Forbidden, "Only the sender changes a message.");
        }

        if (!await authorizer.IsAllowedAsync(new(ChatAction.Write, from, conversation, []), cancellationToken).ConfigureAwait(false))
        {
            return Forbidden;
        }

        return Item(from, conversation, device, command, header, body, completion, lane, directPeer: null);
    }

    private WriteItem Membership(
        UserId by, ConversationId conversation, string? device, CommandId command, MembershipChange change, IWriteCompletion completion, SendLane? lane)
    {
        var header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType };
        return Item(by, conversation, device, command, header, change.ToBody(), completion, lane, directPeer: null, change);
    }

    private WriteItem Item(
        UserId from, ConversationId conversation, string? device, CommandId command, EntryHeader header, ReadOnlyMemory<byte> body,
        IWriteCompletion completion, SendLane? lane, UserId? directPeer, MembershipChange? change = null) => new()
        {
            Request = new AppendRequest
            {
                Conversation = conversation,
                Sender = from,
                Device = device,
                Command = command,
                Header = header,
                Body = body,
                PayloadHash = PayloadHashes.Of(header, body.Span),
                // What the writer will most likely judge by: then it need not copy the request.
                MembershipVersion = memberships.TryGetCached(conversation)?.Version ?? 0,
            },
            Completion = completion,
            Lane = lane,
            DirectPeer = directPeer,
            Change = change,
        };

    private ChatError? CheckBody(int length, string contentType) =>
        length == 0 ? Invalid("A message has a body.")
        : length > limits.MaxBodyBytes ? new ChatError(ChatErrorCode.TooLarge, $"A body has at most {limits.MaxBodyBytes} bytes.")
        : !IsContentType(contentType)
            ? Invalid($"A content type has 1 to {MaxContentType} characters and is none of ChatKit's own.")
        : null;

    private static bool IsContentType(string contentType) =>
        contentType == WireMapper.PlainText
        || (contentType.Length is > 0 and <= MaxContentType && !contentType.Any(char.IsControl)
            && !contentType.StartsWith("application/vnd.chatkit.", StringComparison.OrdinalIgnoreCase));

    private ChatError? CheckUsers(UserId by, IReadOnlyList<UserId> users) =>
        users.Count + 1 > limits.MaxGroupMembers ? new ChatError(ChatErrorCode.TooLarge, $"A group has at most {limits.MaxGroupMembers} members.")
        : users.Any(user => user.Tenant != by.Tenant) ? Invalid("All members of a group are of one tenant.")
        : null;

    private static ChatError Invalid(string message) => new(ChatErrorCode.Invalid, message);
}
