namespace ChatKit.Client.Cache;

/// <summary>What is remembered of one conversation: its newest messages in their present state, marks, unread. Not thread-safe.</summary>
internal sealed class ConversationCache(int limit)
{
    private readonly SortedList<long, ChatMessage> messages = [];
    private readonly Dictionary<UserId, Receipt> receipts = [];

    /// <summary>How many are unread; null until the server said so, or the conversation was seen from its first entry on.</summary>
    public long? Unread { get; private set; }

    /// <summary>The own read mark.</summary>
    public long Read { get; private set; }

    /// <summary>Of a copy: its differences from the original, null for what it no longer has. Null of an original.</summary>
    public Dictionary<long, ChatMessage?>? Changes { get; private init; }

    public IReadOnlyList<ChatMessage> Messages => [.. messages.Values];

    public IReadOnlyList<Receipt> Receipts => [.. receipts.Values];

    public bool Has(long seq) => messages.ContainsKey(seq);

    /// <summary>A copy of the messages that notes what is done to it.</summary>
    public ConversationCache Copy()
    {
        var copy = new ConversationCache(limit) { Changes = [] };
        copy.messages.Capacity = messages.Count + 1;
        foreach (var (seq, message) in messages)
        {
            copy.messages.Add(seq, message);
        }

        return copy;
    }

    /// <summary>Keeps a message unless a newer state of it is known.</summary>
    public void Put(ChatMessage message)
    {
        if (messages.TryGetValue(message.Seq, out var known) && known.Version > message.Version)
        {
            return;
        }

        Set(message);
        while (messages.Count > limit)
        {
            if (Changes is not null)
            {
                Changes[messages.GetKeyAtIndex(0)] = null;
            }

            messages.RemoveAt(0);
        }
    }

    /// <summary>Gives a message its new body.</summary>
    /// <returns>The message in its present state; null when it is not here.</returns>
    public ChatMessage? Edit(ChatMessage change)
    {
        if (!messages.TryGetValue(change.Seq, out var known))
        {
            return null;
        }

        return known.Version >= change.Version || known.IsDeleted ? known : Set(known with
        {
            Text = change.Text,
            Data = change.Data,
            ContentType = change.ContentType,
            Version = change.Version,
        });
    }

    /// <summary>Leaves a tombstone.</summary>
    /// <returns>The message as it was before; null when it is not here, or was deleted before.</returns>
    public ChatMessage? Delete(long seq, long version)
    {
        if (!messages.TryGetValue(seq, out var known) || known.IsDeleted)
        {
            return null;
        }

        Set(known with { Text = null, Data = default, Assets = [], Version = version, IsDeleted = true });
        return known;
    }

    public void Mark(Receipt receipt)
    {
        var known = receipts.GetValueOrDefault(receipt.User);
        receipts[receipt.User] = receipt with
        {
            Delivered = Math.Max(receipt.Delivered, known.Delivered),
            Read = Math.Max(receipt.Read, known.Read),
        };
    }

    /// <summary>What the server said.</summary>
    public void SetUnread(long read, long unread)
    {
        Read = Math.Max(Read, read);
        Unread = unread;
    }

    /// <summary>An own message: one has read up to it (rule 3).</summary>
    /// <returns>Whether the number of unread ones changed.</returns>
    public bool ReadByWriting(long seq)
    {
        Read = Math.Max(Read, seq);
        var changed = Unread > 0;
        Unread = 0;
        return changed;
    }

    /// <summary>One more or one less unread, when their number is known.</summary>
    /// <returns>Whether it changed.</returns>
    public bool Count(int by)
    {
        if (Unread is not { } unread)
        {
            return false;
        }

        Unread = Math.Max(0, unread + by);
        return Unread != unread;
    }

    private ChatMessage Set(ChatMessage message)
    {
        messages[message.Seq] = message;
        if (Changes is not null)
        {
            Changes[message.Seq] = message;
        }

        return message;
    }
}
