namespace ChatKit.Sessions;

/// <summary>While it is on the stack, pumps signalled on this thread wait for its end, so that all an event causes on a connection leaves in one write. A few run on
/// this thread then: no lock may be held at the end.</summary>
internal readonly ref struct PumpCork
{
    /// <summary>Up to so many pumps run on this thread: waking others takes longer than their write.</summary>
    private const int Few = 2;

    /// <summary>A thread keeps its list, unless it has grown large.</summary>
    private const int Kept = 4096;

    [ThreadStatic]
    private static List<SessionPump>? signalled;

    [ThreadStatic]
    private static bool corked;

    private readonly bool isOuter;

    private PumpCork(bool isOuter) => this.isOuter = isOuter;

    /// <summary>Begins; nothing may be awaited before <see cref="Dispose"/>.</summary>
    public static PumpCork Begin()
    {
        var cork = new PumpCork(isOuter: !corked);
        corked = true;
        return cork;
    }

    /// <returns>Whether the pump will be started at the end.</returns>
    public static bool TryAdd(SessionPump pump)
    {
        if (corked)
        {
            (signalled ??= []).Add(pump);
        }

        return corked;
    }

    /// <summary>How many pumps wait for the end.</summary>
    public static int Waiting => corked ? signalled?.Count ?? 0 : 0;

    /// <summary>Starts those that were signalled since <see cref="Waiting"/> was <paramref name="since"/>, without waiting for the end: for events that go to many.</summary>
    public static void Release(int since)
    {
        if (!corked || signalled is not { } pumps || pumps.Count - since <= Few)
        {
            return;
        }

        for (var i = since; i < pumps.Count; i++)
        {
            pumps[i].Start();
        }

        pumps.RemoveRange(since, pumps.Count - since);
    }

    public void Dispose()
    {
        if (!isOuter)
        {
            return;
        }

        corked = false;
        if (signalled is not { Count: > 0 } pumps)
        {
            return;
        }

        // A pump that runs may get here again.
        signalled = null;
        foreach (var pump in pumps)
        {
            if (pumps.Count <= Few)
            {
                pump.Run();
            }
            else
            {
                pump.Start();
            }
        }

        pumps.Clear();
        if (pumps.Capacity <= Kept)
        {
            signalled = pumps;
        }
    }
}
