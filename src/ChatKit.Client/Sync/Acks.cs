using ChatKit.Wire;

namespace ChatKit.Client.Sync;

/// <summary>Tells the server what is persisted: one vector after 64 entries or 100 ms (rule 9), or with a command that is sent anyway. Called under the gate; the timer
/// takes it itself.</summary>
internal sealed class Acks(Lock gate, TimeProvider time)
{
    private const int MaxEntries = 64;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, long> pending = new(StringComparer.Ordinal);
    private Action<CommandFrame>? send;
    private ITimer? timer;
    private long since;
    private int entries;

    public void Attach(Action<CommandFrame> sender) => send = sender;

    /// <summary>What was not sent is not lost: the next connection restates the positions.</summary>
    public void Detach()
    {
        send = null;
        Reset();
    }

    /// <summary>An event up to <paramref name="seq"/> is persisted, or was before and came again.</summary>
    public void Note(string conversation, long seq)
    {
        pending[conversation] = Math.Max(seq, pending.GetValueOrDefault(conversation));
        if (++entries >= MaxEntries)
        {
            Flush();
            return;
        }

        if (timer is null)
        {
            since = time.GetTimestamp();
            timer = time.CreateTimer(_ => OnTimer(), null, MaxWait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sends a command. What has waited for half of what it may goes along and needs no call of its own; less waits on, so that many commands cause no more
    /// acknowledgements.</summary>
    public void SendWith(CommandFrame frame)
    {
        send?.Invoke(frame);
        if (entries >= MaxEntries / 2 || (timer is not null && time.GetElapsedTime(since) >= MaxWait / 2))
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (pending.Count > 0)
        {
            send?.Invoke(new CommandFrame { T = CommandTags.Ack, Cursors = [.. pending.Select(static p => new WireCursor(p.Key, p.Value))] });
        }

        Reset();
    }

    private void OnTimer()
    {
        lock (gate)
        {
            Flush();
        }
    }

    private void Reset()
    {
        timer?.Dispose();
        timer = null;
        pending.Clear();
        entries = 0;
    }
}
