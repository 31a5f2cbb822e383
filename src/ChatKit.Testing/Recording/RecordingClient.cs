using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Testing;

/// <summary>A real <see cref="ChatClient"/> of which everything is recorded: what passes on the wire, and what its app is told. Thread-safe.
/// As an app must, it loads the conversations when told to begin anew.</summary>
public sealed class RecordingClient : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task reading;
    private volatile bool mustLoad;
    private Task loading = Task.CompletedTask;

    /// <summary>Makes a client that is recorded.</summary>
    /// <param name="record">Where to; the record of an earlier client of the same device goes on.</param>
    /// <param name="create">Makes the client. What it is given must become its <see cref="ChatClientOptions.ConfigureConnection"/>, or be called there last.</param>
    public RecordingClient(DeviceRecord record, Func<Action<IHubConnectionBuilder>, ChatClient> create)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(create);
        Record = record;
        Client = create(builder => Tap(builder, record));
        reading = ReadAsync(Client.Events());
    }

    /// <summary>The client: use it as always.</summary>
    public ChatClient Client { get; }

    /// <summary>What it saw and did.</summary>
    public DeviceRecord Record { get; }

    /// <summary>Records the final state: what the client has cached, then what the server says of each conversation (details, all messages, receipts).
    /// Call it when everything is quiet; calling it again begins a new final state. When the connection is lost meanwhile it begins anew on the next.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that completes when it is recorded.</returns>
    /// <exception cref="ChatClientException">The server refused for good, or the client is stopped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                await RecordFinalAsync(cancellationToken);
                return;
            }
            catch (ChatClientException e) when (e.IsTransient && Client.State != ChatConnectionState.Stopped)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task RecordFinalAsync(CancellationToken cancellationToken)
    {
        Record.Add(new RecordLine { Kind = RecordKind.Final });
        foreach (var id in Record.Conversations())
        {
            var cached = Client.Conversation(new ConversationId(id));
            Record.Add(new RecordLine
            {
                Kind = RecordKind.Cache,
                Conversation = id,
                Messages = [.. cached.CachedMessages.Where(static message => message.Status == MessageStatus.Accepted).Select(m => ToWire(id, m))],
                Receipts = [.. cached.CachedReceipts.Select(static mark => new WireReceipt(mark.User.Value, mark.Delivered, mark.Read))],
                Unread = cached.CachedUnread,
            });
        }

        foreach (var info in await ListAsync(cancellationToken))
        {
            var conversation = Client.Conversation(info.Id);
            var page = await conversation.GetMessagesAsync(new HistoryQuery { Limit = 200 }, cancellationToken);
            while (page.HasMore && page.From > 1)
            {
                page = await conversation.GetMessagesAsync(new HistoryQuery { Before = page.From, Limit = 200 }, cancellationToken);
            }

            if (info.IsMember)
            {
                await conversation.GetReceiptsAsync(cancellationToken);
            }
        }
    }

    /// <summary>Disposes the client and ends the record.</summary>
    /// <returns>A task that completes when nothing is recorded any more.</returns>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Client.DisposeAsync();
        await reading;
        await loading;
        stopping.Dispose();
    }

    private static void Tap(IHubConnectionBuilder builder, DeviceRecord record)
    {
        // The last one registered is the one SignalR uses.
        var chosen = builder.Services.Last(static service => service.ServiceType == typeof(IHubProtocol));
        builder.Services.AddSingleton<IHubProtocol>(provider => new TappedProtocol(
            chosen.ImplementationInstance as IHubProtocol
                ?? (IHubProtocol?)chosen.ImplementationFactory?.Invoke(provider)
                ?? (IHubProtocol)ActivatorUtilities.CreateInstance(provider, chosen.ImplementationType!),
            record));
    }

    private static WireEntry ToWire(string conversation, ChatMessage message) => new()
    {
        Conversation = conversation,
        Seq = message.Seq,
        At = message.At,
        Kind = "message",
        From = message.From?.Value ?? "",
        Id = message.Command?.Value,
        Text = message.Text,
        Data = message.Data.IsEmpty ? null : Convert.ToBase64String(message.Data.Span),
        Version = message.Version == 0 ? null : message.Version,
        Deleted = message.IsDeleted ? true : null,
        Counts = message.Counts ? true : null,
    };

    private async Task<IReadOnlyList<ConversationInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<ConversationInfo>();
        string? next = null;
        do
        {
            var page = await Client.GetConversationsAsync(next, 200, cancellationToken);
            all.AddRange(page.Conversations);
            next = page.Next;
        }
        while (next is not null);

        return all;
    }

    private async Task ReadAsync(IAsyncEnumerable<ChatEvent> events)
    {
        await foreach (var happened in events)
        {
            if (LineOf(happened) is { } line)
            {
                Record.Add(line);
            }

            mustLoad |= happened is ResyncRequired;
            if (mustLoad && loading.IsCompleted && happened is ResyncRequired or ConnectionChanged { State: ChatConnectionState.Connected })
            {
                loading = LoadAsync();
            }
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            await ListAsync(stopping.Token);
            mustLoad = false;
        }
        catch (Exception e) when (e is ChatClientException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection was lost: again with the next.
        }
    }

    private static RecordLine? LineOf(ChatEvent happened) => happened switch
    {
        MessagePending { Message: var m } => new RecordLine { Kind = RecordKind.Pending, Conversation = m.Conversation?.Value, Id = m.Command?.Value },
        MessageAccepted { Message: var m } => new RecordLine { Kind = RecordKind.Accepted, Conversation = m.Conversation?.Value, Seq = m.Seq, Id = m.Command?.Value },
        MessageRefused { Message: var m, Error: var e } => new RecordLine { Kind = RecordKind.Refused, Conversation = m.Conversation?.Value, Id = m.Command?.Value, Code = e.Code.ToWire() },
        MessageWithdrawn { Message: var m } => new RecordLine { Kind = RecordKind.Withdrawn, Conversation = m.Conversation?.Value, Id = m.Command?.Value },
        MessageReceived { Message: var m } => new RecordLine { Kind = RecordKind.Shown, Conversation = m.Conversation?.Value, Seq = m.Seq, Id = m.Command?.Value },
        MessageEdited { Change: var m } => new RecordLine { Kind = RecordKind.Changed, Conversation = m.Conversation?.Value, Seq = m.Version },
        MembershipUpdated m => new RecordLine { Kind = RecordKind.Changed, Conversation = m.Conversation.Value, Seq = m.Seq },
        OtherEntryReceived { Entry: var entry } => new RecordLine { Kind = RecordKind.Changed, Conversation = entry.Conversation, Seq = entry.Seq },
        EntriesSkipped s => new RecordLine { Kind = RecordKind.Skipped, Conversation = s.Conversation.Value, Seq = s.From, To = s.To },
        ResyncRequired => new RecordLine { Kind = RecordKind.Resync },
        ConnectionChanged c => new RecordLine { Kind = RecordKind.State, Code = c.State.ToString() },
        _ => null, // On the wire it is recorded.
    };
}
