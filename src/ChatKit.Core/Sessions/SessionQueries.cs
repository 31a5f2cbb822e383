using ChatKit.Delivery;
using ChatKit.Groups;
using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>Answers a session's questions, and takes its moves of state: nothing here writes a log.</summary>
internal sealed class SessionQueries(ChatSession session, SessionServices services)
{
    /// <returns>Why it was refused; null when it was done and answered.</returns>
    public async ValueTask<ChatError?> AnswerAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        if (frame.T is not (CommandTags.Read or CommandTags.Typing) && !IdRules.IsValid(frame.Id))
        {
            return new ChatError(ChatErrorCode.Invalid, "id: 1 to 128 bytes, so that the answer can name it.");
        }

        if (frame.T == CommandTags.Conversations)
        {
            var page = await services.Chat.GetConversationsAsync(session.User, frame.Page, frame.Limit ?? 50, cancellationToken).ConfigureAwait(false);
            return page.IsSuccess
                ? Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Conversations = await services.Presenter.PresentAsync(page.Value, cancellationToken).ConfigureAwait(false) })
                : page.Error;
        }

        if (frame.T == CommandTags.Watch)
        {
            return await WatchAsync(frame, cancellationToken).ConfigureAwait(false);
        }

        var target = FrameParser.Target(frame, session.User);
        if (!target.IsSuccess)
        {
            return target.Error;
        }

        return frame.T switch
        {
            CommandTags.Read => await ReadAsync(target.Value, frame.Seq, cancellationToken).ConfigureAwait(false),
            CommandTags.Typing => (await services.Typing.SetAsync(session.User, target.Value, frame.Typing ?? true, cancellationToken).ConfigureAwait(false)).Error,
            CommandTags.Messages => await MessagesAsync(frame, target.Value, cancellationToken).ConfigureAwait(false),
            CommandTags.Conversation => await ConversationAsync(frame, target.Value, cancellationToken).ConfigureAwait(false),
            _ => await ReceiptsAsync(frame, target.Value, cancellationToken).ConfigureAwait(false),
        };
    }

    private ChatError? Reply(EventFrame frame)
    {
        session.Pump.Post(new OutgoingEvent(frame));
        return null;
    }

    private async ValueTask<ChatError?> ReadAsync(ConversationId conversation, long? seq, CancellationToken cancellationToken)
    {
        if (seq is not > 0)
        {
            return new ChatError(ChatErrorCode.Invalid, "seq: the last message shown.");
        }

        if (session.Pump.KnownOf(conversation) is { } known && seq <= known
            && services.Memberships.TryGetCached(conversation)?.Contains(session.User) == true)
        {
            services.Receipts.Move(conversation, session.User, 0, seq.Value);
            return null;
        }

        return (await services.Chat.MarkReadAsync(session.User, conversation, seq.Value, cancellationToken).ConfigureAwait(false)).Error;
    }

    private async ValueTask<ChatError?> WatchAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        var users = FrameParser.Users(frame.Users, session.User.Tenant);
        if (!users.IsSuccess)
        {
            return users.Error;
        }

        IReadOnlyList<UserId> watched = [.. users.Value.Distinct()];
        if (watched.Count == 0)
        {
            services.Presence.Unwatch(session);
            return Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Presence = [] });
        }

        var presence = await services.Chat.GetPresenceAsync(session.User, watched, cancellationToken).ConfigureAwait(false);
        if (!presence.IsSuccess)
        {
            return presence.Error;
        }

        var now = await services.Presence.WatchAsync(session, watched, cancellationToken).ConfigureAwait(false);
        return Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Presence = [.. now.Select(WireMapper.ToWire)] });
    }

    private async ValueTask<ChatError?> MessagesAsync(CommandFrame frame, ConversationId conversation, CancellationToken cancellationToken)
    {
        var screen = default(ScreenSize);
        if (frame.ScreenSize is not null && !ScreenSize.TryParse(frame.ScreenSize, out screen))
        {
            return new ChatError(ChatErrorCode.Invalid, "screenSize: WIDTHxHEIGHT in CSS pixels, for example 390x844.");
        }

        var query = new MessageQuery
        {
            Reader = session.User,
            Conversation = conversation,
            Before = frame.Before,
            After = frame.After,
            BeforeTime = frame.BeforeTime,
            AfterTime = frame.AfterTime,
            Limit = frame.Limit,
            Screen = frame.ScreenSize is null ? null : screen,
        };
        var page = await services.Chat.GetMessagesAsync(query, cancellationToken).ConfigureAwait(false);
        return page.IsSuccess
            ? Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Conversation = conversation.Value, Messages = WireMapper.ToWire(page.Value) })
            : page.Error;
    }

    private async ValueTask<ChatError?> ConversationAsync(CommandFrame frame, ConversationId conversation, CancellationToken cancellationToken)
    {
        var found = await services.Chat.GetConversationAsync(session.User, conversation, cancellationToken).ConfigureAwait(false);
        return found.IsSuccess
            ? Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Details = await services.Presenter.PresentAsync(found.Value, cancellationToken).ConfigureAwait(false) })
            : found.Error;
    }

    private async ValueTask<ChatError?> ReceiptsAsync(CommandFrame frame, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (frame.Seq is { } seq)
        {
            var one = await services.Chat.GetMessageReceiptsAsync(session.User, conversation, seq, cancellationToken).ConfigureAwait(false);
            return one.IsSuccess
                ? Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Conversation = conversation.Value, MessageReceipts = WireMapper.ToWire(one.Value) })
                : one.Error;
        }

        var all = await services.Chat.GetReceiptsAsync(session.User, conversation, cancellationToken).ConfigureAwait(false);
        return all.IsSuccess
            ? Reply(new EventFrame { T = EventTags.Result, Id = frame.Id, Conversation = conversation.Value, Receipts = [.. all.Value.Select(WireMapper.ToWire)] })
            : all.Error;
    }
}
