using System.Text;
using ChatKit.Client.Connection;
using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client.Outbox;

/// <summary>Every command that writes the log, from the call to the answer, over any number of connections (rules 5 and 6). All members are called
/// under the gate of the engine; the timers take it themselves.</summary>
internal sealed class CommandOutbox(
    Lock gate, ChatClientOptions options, Backoff backoff, Directs directs, Unsaved unsaved, Func<string, bool> isKnown, Action<OutboxItem, ChatClientException> failed)
{
    // No id contains a control character: these prefixes cannot be mistaken for a conversation.
    private const string ToPrefix = "\nto:";
    private const string GroupPrefix = "\ngroup:";

    private readonly Dictionary<string, OutboxItem> items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly Refusals refusals = new(unsaved);
    private readonly List<CommandFrame> withdrawals = [];
    private Action<CommandFrame>? send;
    private int maxBodyBytes = int.MaxValue;
    private long ordinal;

    public int Count => items.Count;

    /// <summary>Puts a command at the end of its lane. It is sent after <see cref="MarkStored"/>.</summary>
    public OutboxItem Add(StoredCommand command, ChatMessage? echo) => Insert(new OutboxItem(command, ++ordinal, echo, stored: false));

    /// <summary>Brings back what an earlier process left unanswered or refused; its order is 0 and below, before everything that was added since.</summary>
    public void Restore(IReadOnlyList<StoredCommand> commands, Func<StoredCommand, ChatMessage?> echo)
    {
        foreach (var command in commands)
        {
            var item = new OutboxItem(command, command.Order, echo(command), stored: true);
            if (command.Code is not null)
            {
                refusals.Restore(item);
            }
            else
            {
                Insert(item);
            }
        }
    }

    public void MarkStored(OutboxItem item)
    {
        item.Stored = true;
        if (items.ContainsKey(item.Id))
        {
            Pump(item.Lane);
        }
    }

    /// <summary>A new connection: everything unanswered is sent again, in order, with the same ids.</summary>
    public void Attach(Action<CommandFrame> sender, int bodyLimit)
    {
        // With nobody to send to yet: merging lanes and giving up must not send anything twice.
        maxBodyBytes = bodyLimit > 0 ? bodyLimit : int.MaxValue;
        ProveDirects();
        Expire();
        send = sender;
        withdrawals.ForEach(sender);
        withdrawals.Clear();
        foreach (var lane in lanes.Values.OrderBy(static l => l.Items[0].Ordinal).ToList())
        {
            lane.Restart();
            Pump(lane);
        }
    }

    public void Detach()
    {
        send = null;
        foreach (var lane in lanes.Values)
        {
            lane.Restart();
        }
    }

    /// <summary>The item with this id, unanswered.</summary>
    public OutboxItem? Find(string? id) => id is null ? null : items.GetValueOrDefault(id);

    /// <summary>The item is refused for good, or given up: its lane goes on. A message stays, shown as refused, until it is withdrawn.</summary>
    public void Refuse(OutboxItem item, ChatClientException error)
    {
        Remove(item);
        Keep(item, error);
    }

    /// <summary>Takes a command back, unanswered or refused, and lets later ones pass; null when there is none.</summary>
    public OutboxItem? Withdraw(string id)
    {
        if (refusals.Remove(id) is { } refused)
        {
            return refused;
        }

        if (Find(id) is { } item)
        {
            TakeBack(item);
            return item;
        }

        return null;
    }

    /// <summary>Refuses the commands that name a position: the server's store was restored, and another message may have it.</summary>
    public void RefuseTargeted(Func<ChatClientException> error)
    {
        foreach (var item in items.Values.Where(static i => i.Frame.Seq is not null).ToList())
        {
            Refuse(item, error());
        }
    }

    /// <summary>Takes an answered item out; its lane goes on.</summary>
    public void Remove(OutboxItem item)
    {
        if (Take(item) && item.Lane.Items.Count > 0)
        {
            Continue(item.Lane);
        }
    }

    /// <summary>The item was accepted: the lane is healthy.</summary>
    public void Accept(OutboxItem item)
    {
        if (!item.Lane.Stalled)
        {
            item.Lane.Attempts = 0;
        }

        Remove(item);
    }

    /// <summary>The item was refused for now: its lane drains, waits, and sends again from its first item on.</summary>
    public void Postpone(OutboxItem item, TimeSpan? retryAfter)
    {
        if (!item.InFlight)
        {
            return; // An answer to a transmission of an earlier connection; it was sent again since, or will be.
        }

        var lane = item.Lane;
        item.InFlight = false;
        lane.InFlight--;
        if (!lane.Stalled)
        {
            lane.Stalled = true;
            lane.Attempts++;
        }

        if (retryAfter is { } wait && (lane.Wait is null || wait > lane.Wait))
        {
            lane.Wait = wait;
        }

        Continue(lane);
    }

    /// <summary>Gives up what is older than the limit, and tells the server so that later commands may pass.</summary>
    public void Expire()
    {
        var oldest = options.TimeProvider.GetUtcNow() - options.OutboxGiveUp;
        foreach (var item in items.Values.Where(i => i.Command.CreatedAt < oldest).OrderBy(static i => i.Ordinal).ToList())
        {
            TakeBack(item);
            Keep(item, new ChatClientException(ChatErrorCode.Unavailable, "Given up after OutboxGiveUp; whether it was stored is open."));
        }
    }

    /// <summary>The direct conversation with a user became known: two lanes become one.</summary>
    public void Learn(string user, string conversation, bool isNews = true)
    {
        if (!directs.Learn(user, conversation))
        {
            return;
        }

        if (isNews)
        {
            unsaved.Put(Unsaved.Direct(user), conversation, StoreJson.Default.String);
        }

        if (!lanes.Remove(ToPrefix + user, out var lane))
        {
            return;
        }

        if (lanes.TryGetValue(conversation, out var present))
        {
            present.Absorb(lane);
            Continue(present);
        }
        else
        {
            lane.Key = conversation;
            lanes.Add(conversation, lane);
        }
    }

    /// <summary>Everything unanswered or refused, in the order of the calls.</summary>
    public IReadOnlyList<OutboxItem> All() => [.. items.Values.Concat(refusals.All).OrderBy(static i => i.Ordinal)];

    /// <summary>If the server has refused it for now, what is in flight behind it will be refused as out of order, and what came after the
    /// withdrawal would pass it (rule 6): the lane drains first.</summary>
    private void TakeBack(OutboxItem item)
    {
        var lane = item.Lane;
        var passed = item.InFlight;
        if (!Take(item))
        {
            return;
        }

        lane.Stalled |= passed && lane.InFlight > 0;
        SayWithdrawn(item);
        if (lane.Items.Count > 0)
        {
            Continue(lane);
        }
    }

    private void SayWithdrawn(OutboxItem item) => (send ?? withdrawals.Add)(new CommandFrame
    {
        T = CommandTags.Withdraw,
        Id = item.Id,
        Conversation = item.Frame.Conversation,
        To = item.Frame.To,
    });

    private void Keep(OutboxItem item, ChatClientException error)
    {
        if (item.Echo is not null)
        {
            refusals.Add(item, error);
        }

        failed(item, error);
    }

    private bool Take(OutboxItem item)
    {
        if (!items.Remove(item.Id))
        {
            return false;
        }

        unsaved.Delete(Unsaved.Command(item.Id));
        var lane = item.Lane;
        lane.Items.Remove(item);
        if (item.InFlight)
        {
            item.InFlight = false;
            lane.InFlight--;
        }

        if (lane.Items.Count == 0)
        {
            lane.CancelRetry();
            lanes.Remove(lane.Key);
        }

        return true;
    }

    private OutboxItem Insert(OutboxItem item)
    {
        items.Add(item.Id, item);
        var key = KeyOf(item.Frame);
        if (!lanes.TryGetValue(key, out var lane))
        {
            lanes.Add(key, lane = new Lane(key));
        }

        item.Lane = lane;
        lane.Items.Add(item);
        if (item.Ordinal <= 0)
        {
            lane.Items.Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
        }

        return item;
    }

    private string KeyOf(CommandFrame frame)
    {
        if (frame.To is { } user)
        {
            if (directs.Find(user) is null && directs.Guess(user) is { } guess && (lanes.ContainsKey(guess) || isKnown(guess)))
            {
                Learn(user, guess);
            }

            return directs.Find(user) ?? ToPrefix + user;
        }

        if (frame.Conversation is { } conversation)
        {
            ProveDirects(conversation);
            return conversation;
        }

        return GroupPrefix + frame.Id;
    }

    /// <summary>Looks whether a known conversation is the direct one of a lane that is still named by its user.</summary>
    private void ProveDirects(string? conversation = null)
    {
        foreach (var user in lanes.Keys.Where(static k => k.StartsWith(ToPrefix, StringComparison.Ordinal)).Select(static k => k[ToPrefix.Length..]).ToList())
        {
            if (directs.Guess(user) is { } guess && (guess == conversation || lanes.ContainsKey(guess) || isKnown(guess)))
            {
                Learn(user, guess);
            }
        }
    }

    private void Continue(Lane lane)
    {
        if (!lane.Stalled)
        {
            Pump(lane);
            return;
        }

        if (lane.InFlight > 0 || lane.Retry is not null || send is null)
        {
            return;
        }

        var wait = lane.Wait ?? (lane.Attempts == 0 ? TimeSpan.Zero : backoff.Next(lane.Attempts - 1));
        lane.Retry = options.TimeProvider.CreateTimer(_ => OnRetry(lane), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void OnRetry(Lane lane)
    {
        lock (gate)
        {
            if (send is null || !lane.Stalled || lane.InFlight > 0)
            {
                return;
            }

            lane.Restart();
            Expire();
            Pump(lane);
        }
    }

    private void Pump(Lane lane)
    {
        while (send is not null && !lane.Stalled && lane.InFlight < Math.Min(Lane.MaxInFlight, lane.Items.Count))
        {
            var item = lane.Items[lane.InFlight];
            if (!item.Stored)
            {
                return;
            }

            if (BodyBytes(item.Frame) > maxBodyBytes)
            {
                // The server would cut the connection, and the next, for ever.
                Take(item);
                Keep(item, new ChatClientException(ChatErrorCode.TooLarge, $"The server takes bodies of at most {maxBodyBytes} bytes."));
                continue;
            }

            item.InFlight = true;
            lane.InFlight++;
            send(item.Frame);
        }
    }

    private static long BodyBytes(CommandFrame frame) => frame switch
    {
        { Text: { } text } => Encoding.UTF8.GetByteCount(text),
        { Data: { Length: > 0 } data } => (data.Length / 4 * 3L) - (data.EndsWith("==", StringComparison.Ordinal) ? 2 : data[^1] == '=' ? 1 : 0),
        _ => 0,
    };
}
