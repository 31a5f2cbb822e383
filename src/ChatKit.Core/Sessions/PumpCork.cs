namespace ChatKit.Sessions;

/// <summary>While it is on the stack, pumps signalled on this thread wait for its end, so that all an event causes on a connection leaves in one write.</summary>
internal readonly ref struct PumpCork
{
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

    public void Dispose()
    {
        if (!isOuter)
        {
            return;
        }

        corked = false;
        foreach (var pump in signalled ?? [])
        {
            pump.Start();
        }

        signalled?.Clear();
        if (signalled?.Capacity > Kept)
        {
            signalled = null;
        }
    }
}
