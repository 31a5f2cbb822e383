namespace ChatKit.Client.Outbox;

/// <summary>The unanswered commands of one conversation, in the order of the calls (rule 6). What is in flight is a prefix of <see cref="Items"/>
/// while the lane is not <see cref="Stalled"/>; a stalled lane first lets everything in flight be answered, waits, and then sends anew
/// from its first item on.</summary>
internal sealed class Lane(string key)
{
    /// <summary>Enough to keep a fast line busy, few enough to resend after a refusal.</summary>
    public const int MaxInFlight = 256;

    public string Key { get; set; } = key;

    public List<OutboxItem> Items { get; } = [];

    public int InFlight { get; set; }

    /// <summary>Something was refused for now: nothing more is sent until <see cref="Retry"/>.</summary>
    public bool Stalled { get; set; }

    /// <summary>Refusals for now since the last acceptance.</summary>
    public int Attempts { get; set; }

    /// <summary>The longest wait the server asked for since the lane stalled.</summary>
    public TimeSpan? Wait { get; set; }

    public ITimer? Retry { get; set; }

    public void CancelRetry()
    {
        Retry?.Dispose();
        Retry = null;
    }

    /// <summary>A new connection: nothing is in flight, nothing was refused.</summary>
    public void Restart()
    {
        CancelRetry();
        Stalled = false;
        Wait = null;
        InFlight = 0;
        foreach (var item in Items)
        {
            item.InFlight = false;
        }
    }

    /// <summary>Takes the items of another lane that turned out to be of the same conversation; the order of the calls stays.</summary>
    public void Absorb(Lane other)
    {
        other.CancelRetry();
        foreach (var item in other.Items)
        {
            item.Lane = this;
            Items.Add(item);
        }

        Items.Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
        InFlight += other.InFlight;
        Attempts = Math.Max(Attempts, other.Attempts);
        Wait = Wait > other.Wait ? Wait : other.Wait ?? Wait;

        // In flight must be a prefix; where it is not, the lane drains first.
        Stalled |= other.Stalled || Items.Take(InFlight).Any(static item => !item.InFlight);
    }
}
