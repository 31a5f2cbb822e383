namespace ChatKit.Sessions;

/// <summary>While it is on the stack, pumps signalled on this thread wait for its end, so that all an event causes on a connection leaves in one write.</summary>
internal readonly ref struct PumpCork
{
    [ThreadStatic]
    private static List<SessionPump>? corked;

    private readonly bool isOuter;

    private PumpCork(bool isOuter) => this.isOuter = isOuter;

    /// <summary>Begins; nothing may be awaited before <see cref="Dispose"/>.</summary>
    public static PumpCork Begin()
    {
        if (corked is not null)
        {
            return new PumpCork(isOuter: false);
        }

        corked = Spare.Take();
        return new PumpCork(isOuter: true);
    }

    /// <returns>Whether the pump will be started at the end.</returns>
    public static bool TryAdd(SessionPump pump)
    {
        corked?.Add(pump);
        return corked is not null;
    }

    public void Dispose()
    {
        if (!isOuter)
        {
            return;
        }

        var pumps = corked!;
        corked = null;
        foreach (var pump in pumps)
        {
            pump.Start();
        }

        Spare.Return(pumps);
    }

    /// <summary>The list of the thread, used again unless it has grown large.</summary>
    private static class Spare
    {
        private const int Kept = 4096;

        [ThreadStatic]
        private static List<SessionPump>? spare;

        public static List<SessionPump> Take()
        {
            var taken = spare ?? [];
            spare = null;
            return taken;
        }

        public static void Return(List<SessionPump> list)
        {
            if (list.Count <= Kept)
            {
                list.Clear();
                spare = list;
            }
        }
    }
}
