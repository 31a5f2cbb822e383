using System.Text;
using ChatKit.Delivery;
using ChatKit.Messaging;
using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>From the wire's commands to the engine's, with every value checked.</summary>
internal static class FrameParser
{
    public static ChatResult<ParsedCommand> Parse(CommandFrame frame, DeviceId device)
    {
        if (!IdRules.IsValid(frame.Id))
        {
            return Invalid("id: 1 to 128 bytes, the same on every retry.");
        }

        var id = new CommandId(frame.Id!);
        if (frame.T == CommandTags.CreateGroup)
        {
            return CreateGroup(frame, device, id);
        }

        var target = Target(frame, device.User);
        if (!target.IsSuccess)
        {
            return target.Error;
        }

        var conversation = target.Value;
        return frame.T switch
        {
            CommandTags.Send => Send(frame, device, id, conversation),
            CommandTags.Edit => Edit(frame, device, id, conversation),
            CommandTags.Delete => Delete(frame, device, id, conversation),
            CommandTags.Withdraw => Withdraw(device, id, conversation),
            CommandTags.AddMembers => Members(frame, device, id, conversation, MembershipAction.Added),
            CommandTags.RemoveMembers => Members(frame, device, id, conversation, MembershipAction.Removed),
            _ => Members(frame, device, id, conversation, MembershipAction.Left),
        };
    }

    /// <summary>The conversation a command names, or the direct one with the user it names.</summary>
    public static ChatResult<ConversationId> Target(CommandFrame frame, UserId user)
    {
        ConversationId? conversation = null;
        UserId? to = null;
        if (frame.Conversation is not null)
        {
            if (!ConversationId.TryCreate(frame.Conversation, user.Tenant, out var parsed))
            {
                return Invalid("conversation: an id of 1 to 128 bytes.");
            }

            conversation = parsed;
        }

        if (frame.To is not null)
        {
            if (!UserId.TryCreate(frame.To, user.Tenant, out var parsed))
            {
                return Invalid("to: a user id of 1 to 128 bytes.");
            }

            to = parsed;
        }

        return CommandPreparer.Target(user, conversation, to);
    }

    public static ChatResult<IReadOnlyList<UserId>> Users(IReadOnlyList<string>? names, string tenant)
    {
        var users = new List<UserId>(names?.Count ?? 0);
        foreach (var name in names ?? [])
        {
            if (!UserId.TryCreate(name, tenant, out var user))
            {
                return Invalid("users: ids of 1 to 128 bytes.");
            }

            users.Add(user);
        }

        return users;
    }

    /// <summary>Reads <c>text</c> or base64 <c>data</c>.</summary>
    public static ChatResult<(ReadOnlyMemory<byte> Body, string ContentType)> Body(string? text, string? data, string? contentType)
    {
        if (text is not null && data is null)
        {
            if (contentType is not null && !contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            {
                return Invalid("contentType: text goes with text/…; give other bodies as data.");
            }

            return TryEncode(text, out var utf8) ? (utf8, contentType ?? "text/plain") : Invalid("text: well-formed Unicode.");
        }

        if (data is not null && text is null)
        {
            var bytes = new byte[(data.Length / 4 * 3) + 3];
            // Convert passes over white space; the wire does not.
            return !data.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(data, bytes, out var length)
                ? (bytes.AsMemory(0, length), contentType ?? "application/octet-stream")
                : Invalid("data: base64.");
        }

        return Invalid("Give either text or data.");
    }

    private static bool TryEncode(string text, out ReadOnlyMemory<byte> utf8)
    {
        // Broken text may come out longer or shorter than counted; it is refused either way.
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var status = System.Text.Unicode.Utf8.FromUtf16(text, bytes, out _, out var written, replaceInvalidSequences: false);
        utf8 = bytes.AsMemory(0, written);
        return status == System.Buffers.OperationStatus.Done;
    }

    private static ChatResult<ParsedCommand> Send(CommandFrame frame, DeviceId device, CommandId id, ConversationId conversation)
    {
        var body = frame.Utf8Text is { } utf8
            ? ChatResult.From((Body: utf8, ContentType: WireMapper.PlainText)) : Body(frame.Text, frame.Data, frame.ContentType);
        if (!body.IsSuccess)
        {
            return body.Error;
        }

        foreach (var asset in frame.Assets ?? [])
        {
            if (!IdRules.IsValid(asset))
            {
                return Invalid("assets: ids of 1 to 128 bytes.");
            }
        }

        UserId? to = frame.To is null ? null : new UserId(frame.To, device.Tenant);
        return new ParsedMessage(device, id, conversation, to, body.Value.Body, body.Value.ContentType, frame.Assets?.Count ?? 0);
    }

    private static ChatResult<ParsedCommand> Edit(CommandFrame frame, DeviceId device, CommandId id, ConversationId conversation)
    {
        var body = Body(frame.Text, frame.Data, frame.ContentType);
        if (!body.IsSuccess)
        {
            return body.Error;
        }

        if (frame.Seq is not { } seq)
        {
            return Invalid("seq: the message to edit.");
        }

        var edit = new EditMessage
        {
            From = device.User,
            Conversation = conversation,
            Seq = seq,
            Body = body.Value.Body,
            ContentType = body.Value.ContentType,
            Command = id,
            Device = device.Value,
        };
        return new ParsedCommand(id, conversation, (preparer, completion, lane, ct) => preparer.PrepareAsync(edit, completion, lane, ct));
    }

    private static ChatResult<ParsedCommand> Delete(CommandFrame frame, DeviceId device, CommandId id, ConversationId conversation)
    {
        if (frame.Seq is not { } seq)
        {
            return Invalid("seq: the message to delete.");
        }

        var deletion = new DeleteMessage { From = device.User, Conversation = conversation, Seq = seq, Command = id, Device = device.Value };
        return new ParsedCommand(id, conversation, (preparer, completion, lane, ct) => preparer.PrepareAsync(deletion, completion, lane, ct));
    }

    private static ParsedCommand Withdraw(DeviceId device, CommandId id, ConversationId conversation) => new(
        id, conversation, (_, completion, lane, _) => new(CommandPreparer.Withdrawal(device.User, conversation, id, completion, lane)))
    { IsWithdrawal = true };

    private static ChatResult<ParsedCommand> CreateGroup(CommandFrame frame, DeviceId device, CommandId id)
    {
        var users = Users(frame.Users, device.Tenant);
        if (!users.IsSuccess)
        {
            return users.Error;
        }

        if (frame.History is not (null or "joined" or "all"))
        {
            return Invalid("history: joined or all.");
        }

        var group = new CreateGroup
        {
            By = device.User,
            Title = frame.Title ?? "",
            Members = users.Value,
            History = frame.History == "all" ? GroupHistory.All : GroupHistory.FromJoining,
            Command = id,
            Device = device.Value,
        };
        return new ParsedCommand(id, CommandPreparer.GroupIdOf(device.User, id), (preparer, completion, lane, ct) => preparer.PrepareAsync(group, completion, lane, ct));
    }

    private static ChatResult<ParsedCommand> Members(CommandFrame frame, DeviceId device, CommandId id, ConversationId conversation, MembershipAction action)
    {
        var users = Users(frame.Users, device.Tenant);
        if (!users.IsSuccess)
        {
            return users.Error;
        }

        var change = new ChangeMembers { By = device.User, Conversation = conversation, Action = action, Users = users.Value, Command = id, Device = device.Value };
        return new ParsedCommand(id, conversation, (preparer, completion, lane, ct) => preparer.PrepareAsync(change, completion, lane, ct));
    }

    private static ChatError Invalid(string message) => new(ChatErrorCode.Invalid, message);
}
