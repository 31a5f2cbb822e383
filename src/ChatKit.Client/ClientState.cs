using ChatKit.Client.Cache;
using ChatKit.Client.Connection;
using ChatKit.Client.Outbox;
using ChatKit.Client.Store;
using ChatKit.Client.Sync;
using ChatKit.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatKit.Client;

/// <summary>Everything a client knows, under one gate. Nothing waits, and no code of the app is called, under the gate.</summary>
internal sealed class ClientState
{
    private const int MaxCursors = 10_000;

    /// <summary>Of no store: asks the server to let the device start anew.</summary>
    private const string NoIncarnation = "none";

    private readonly Dictionary<string, ConversationCache> caches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> readMarks = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? watched;
    private string? incarnation;
    private (string Conversation, long? Position)? gap;
    private bool startAnew;
    private TimeSpan activityInterval;
    private long? lastActivity;
    private TaskCompletionSource turned = NewSignal();

    public ClientState(ChatClientOptions options)
    {
        Options = options;
        Log = options.LoggerFactory?.CreateLogger<ChatClient>() ?? (ILogger)NullLogger.Instance;
        Backoff = new Backoff(options.ReconnectBaseDelay, options.ReconnectMaxDelay, options.JitterSeed);
        Outbox = new CommandOutbox(Gate, options, Backoff, Directs, Unsaved, IsKnown, Fail);
        Acks = new Acks(Gate, options.TimeProvider);
        Bus = new EventBus(Gate, options.EventBuffer);
        Typists = new Typists(Gate, options.TimeProvider, Bus.Publish);
    }

    public Lock Gate { get; } = new();

    public ChatClientOptions Options { get; }

    public ILogger Log { get; }

    public Backoff Backoff { get; }

    public Directs Directs { get; } = new();

    public Unsaved Unsaved { get; } = new();

    public CommandOutbox Outbox { get; }

    public Cursors Cursors { get; } = new();

    public Acks Acks { get; }

    public EventBus Bus { get; }

    public Typists Typists { get; }

    public Requests Requests { get; } = new();

    /// <summary>Accepted messages of this client whose entry has not come yet: it is not told as news when it comes.</summary>
    public HashSet<string> Expected { get; } = new(StringComparer.Ordinal);

    /// <summary>Completes with the next welcome, or when the client stops.</summary>
    public Task Turned => turned.Task;

    public bool IsDisposed { get; set; }

    public ChatConnectionState State { get; private set; }

    /// <summary>The connection that was welcomed and has not ended.</summary>
    public HubLink? Link { get; private set; }

    /// <summary>The server's clock minus this one.</summary>
    public TimeSpan Skew { get; private set; }

    /// <summary>Sends something whose loss does not matter; false without a connection.</summary>
    public bool TrySend(CommandFrame frame)
    {
        lock (Gate)
        {
            Link?.Enqueue(frame);
            return Link is not null;
        }
    }

    public void MarkRead(string conversation, long seq)
    {
        lock (Gate)
        {
            if (seq <= readMarks.GetValueOrDefault(conversation))
            {
                return;
            }

            readMarks[conversation] = seq;
            Unsaved.Put(Unsaved.ReadMark(conversation), seq, StoreJson.Default.Int64);
            Link?.Enqueue(ReadFrame(conversation, seq));
        }
    }

    /// <summary>The server has this mark, or a later one.</summary>
    public void MarkConfirmed(string conversation, long seq)
    {
        if (readMarks.TryGetValue(conversation, out var mark) && mark <= seq)
        {
            readMarks.Remove(conversation);
            Unsaved.Delete(Unsaved.ReadMark(conversation));
        }
    }

    public void ReportActivity()
    {
        lock (Gate)
        {
            var time = Options.TimeProvider;
            if (Link is not null && (lastActivity is not { } last || time.GetElapsedTime(last) >= activityInterval))
            {
                lastActivity = time.GetTimestamp();
                Link.Enqueue(new CommandFrame { T = CommandTags.Activity });
            }
        }
    }

    public void Watch(IReadOnlyList<string> users)
    {
        lock (Gate)
        {
            watched = users.Count == 0 ? null : users;
        }
    }

    public ConversationCache Cache(string conversation)
    {
        if (!caches.TryGetValue(conversation, out var cache))
        {
            caches.Add(conversation, cache = new ConversationCache(Options.CachedMessages));
        }

        return cache;
    }

    /// <summary>Of a conversation nobody spoke of yet: null.</summary>
    public ConversationCache? FindCache(string conversation) => caches.GetValueOrDefault(conversation);

    public HistoryPage Learn(HistoryPage page, UserId? with)
    {
        lock (Gate)
        {
            if (with is { } user && page.Messages is [{ Conversation: { } conversation }, ..])
            {
                Outbox.Learn(user.Value, conversation.Value);
            }

            var staging = new Staging(this);
            foreach (var message in page.Messages)
            {
                staging.Put(message);
                Cache(message.Conversation!.Value.Value).Put(message);
            }

            staging.Save(Unsaved);
        }

        return page;
    }

    public ConversationList Learn(ConversationList list)
    {
        foreach (var info in list.Conversations)
        {
            Learn(info);
        }

        return list;
    }

    public ConversationInfo Learn(ConversationInfo info, UserId? with = null)
    {
        lock (Gate)
        {
            // What was received since is newer than the answer.
            if (!(Cursors.Find(info.Id.Value) > info.LastSeq))
            {
                Cache(info.Id.Value).SetUnread(info.Read, info.Unread);
            }

            if (info.Kind == ConversationKind.Direct && Directs.Me is { } me)
            {
                var other = with ?? info.Members.Select(static m => m.User).FirstOrDefault(u => u != me, me);
                Outbox.Learn(other.Value, info.Id.Value);
            }
        }

        return info;
    }

    public IReadOnlyList<Receipt> Learn(IReadOnlyList<Receipt> receipts)
    {
        lock (Gate)
        {
            foreach (var receipt in receipts)
            {
                Cache(receipt.Conversation.Value).Mark(receipt);
            }
        }

        return receipts;
    }

    /// <summary>A command is refused for good.</summary>
    public void Fail(OutboxItem item, ChatClientException error)
    {
        item.Accepted.TrySetException(error);
        if (item.Echo is { } echo)
        {
            Bus.Publish(new MessageRefused(echo with { Status = MessageStatus.Refused, Refusal = error.Code, From = Directs.Me ?? echo.From }, error));
        }
    }

    public void SetState(ChatConnectionState state, ChatClientException? error)
    {
        if (State == state)
        {
            return;
        }

        State = state;
        Bus.Publish(new ConnectionChanged(state, error));
        if (state is ChatConnectionState.Connected or ChatConnectionState.Stopped)
        {
            turned.TrySetResult();
        }
        else
        {
            turned = turned.Task.IsCompleted ? NewSignal() : turned;
        }
    }

    /// <returns>The keys of what was kept and has no room any more.</returns>
    public IReadOnlyList<string> Load(ClientSnapshot kept)
    {
        lock (Gate)
        {
            incarnation = kept.Incarnation;
            Directs.Me = kept.User is null ? null : new UserId(kept.User);
            foreach (var position in kept.Positions)
            {
                Cursors.Move(position.Conversation, position.Seq);
            }

            foreach (var mark in kept.ReadMarks)
            {
                readMarks[mark.Conversation] = mark.Seq;
            }

            foreach (var (user, conversation) in kept.Directs)
            {
                Outbox.Learn(user, conversation, isNews: false);
            }

            foreach (var entry in kept.Messages)
            {
                var message = WireMap.Message(entry);
                Cache(entry.Conversation).Put(message);
                if (message.From == Directs.Me && message.Command is { } command && !(Cursors.Find(entry.Conversation) >= entry.Seq))
                {
                    Expected.Add(command.Value);
                }
            }

            Outbox.Restore(kept.Commands, command => WireMap.Echo(command) is { } echo ? echo with { From = Directs.Me } : null);
            return [.. kept.Messages.Where(m => FindCache(m.Conversation)?.Has(m.Seq) != true).Select(m => Unsaved.Message(m.Conversation, m.Seq))];
        }
    }

    /// <summary>Before the welcome is kept: what a reset forgets, as keys of the store; null when there is none. Commands that name a position are refused
    /// when the server's store is another, and read marks of it mean nothing.</summary>
    public IReadOnlyList<string>? Forget(HelloReply reply)
    {
        lock (Gate)
        {
            if (incarnation is not null && incarnation != reply.Incarnation)
            {
                Outbox.RefuseTargeted(static () => new ChatClientException(ChatErrorCode.ResyncRequired,
                    "The server's store was restored since: the message meant may be another one by now. Do it again."));
                foreach (var conversation in readMarks.Keys)
                {
                    Unsaved.Delete(Unsaved.ReadMark(conversation));
                }

                readMarks.Clear();
            }

            return !reply.Reset ? null :
            [
                .. Cursors.Latest(int.MaxValue).Select(c => Unsaved.Position(c.Conversation)),
                .. readMarks.Keys.Select(Unsaved.ReadMark),
                .. caches.SelectMany(c => c.Value.Messages.Select(m => Unsaved.Message(c.Key, m.Seq))),
            ];
        }
    }

    /// <summary>The server left out entries. When it does so again after the position was restated, it does not know the device's position any more
    /// (it forgot the device, and the welcome that said so was lost): the device starts anew.</summary>
    public void NoteGap(string conversation)
    {
        var here = (conversation, Cursors.Find(conversation));
        startAnew = gap == here;
        gap = here;
    }

    /// <summary>What to say at Hello.</summary>
    public HelloRequest Hello()
    {
        lock (Gate)
        {
            var cursors = incarnation is null || startAnew ? [] : Cursors.Latest(MaxCursors);
            return new HelloRequest
            {
                Versions = [1],
                Device = Options.DeviceId,
                Incarnation = startAnew ? NoIncarnation : incarnation,
                Cursors = cursors.Count == 0 ? null : cursors,
                Background = Options.Background,
            };
        }
    }

    /// <summary>The server has welcomed the device: everything that waited goes out. The link lets nothing in before <see cref="HubLink.Open"/>.</summary>
    public void Open(HubLink link, HelloReply reply, UserId user)
    {
        lock (Gate)
        {
            Client.Log.Connected(Log, user.Value, reply.Reset);
            Directs.Me = user;
            incarnation = reply.Incarnation;
            activityInterval = TimeSpan.FromMilliseconds(Math.Max(0, reply.ActivityInterval));
            Skew = reply.Now - Options.TimeProvider.GetUtcNow();
            Link = link;
            SetState(ChatConnectionState.Connected, null);
            if (reply.Reset)
            {
                Cursors.Clear();
                caches.Clear();
                Expected.Clear();
                gap = null;
                startAnew = false;
                Bus.Publish(new ResyncRequired());
            }

            Acks.Attach(link.Enqueue);
            Outbox.Attach(Acks.SendWith, reply.MaxBodyBytes);
            foreach (var (conversation, seq) in readMarks)
            {
                Unsaved.Put(Unsaved.ReadMark(conversation), seq, StoreJson.Default.Int64);
                link.Enqueue(ReadFrame(conversation, seq));
            }

            if (watched is not null)
            {
                link.Enqueue(new CommandFrame { T = CommandTags.Watch, Id = CommandId.New().Value, Users = watched });
            }
        }
    }

    /// <summary>The connection is of no more use; what was not acknowledged or answered waits for the next.</summary>
    /// <param name="lost">Why it was lost; null when the client stops.</param>
    public void Close(ChatClientException? lost)
    {
        lock (Gate)
        {
            Acks.Flush();
            Link = null;
            turned = turned.Task.IsCompleted ? NewSignal() : turned;
            Acks.Detach();
            Outbox.Detach();
            Typists.Clear();
            Requests.FailAll(() => new ChatClientException(ChatErrorCode.Unavailable, "The connection was lost before the answer came."));
            if (lost is not null)
            {
                SetState(ChatConnectionState.Reconnecting, lost);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CommandFrame ReadFrame(string conversation, long seq) => new() { T = CommandTags.Read, Conversation = conversation, Seq = seq };

    private bool IsKnown(string conversation) => Cursors.IsKnown(conversation) || caches.ContainsKey(conversation);
}
