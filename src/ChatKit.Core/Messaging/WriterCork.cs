namespace ChatKit.Messaging;

/// <summary>While it is on the stack, a writer that was idle waits for its end, so that the commands that come together become one batch.</summary>
internal readonly ref struct WriterCork
{
    [ThreadStatic]
    private static List<MessageWriter>? woken;

    [ThreadStatic]
    private static bool corked;

    private readonly bool isOuter;

    private WriterCork(bool isOuter) => this.isOuter = isOuter;

    /// <summary>Begins; nothing may be awaited before <see cref="Dispose"/>, and no lock be held then: the writers run on this thread, as far as their first wait.</summary>
    public static WriterCork Begin()
    {
        var cork = new WriterCork(isOuter: !corked);
        corked = true;
        return cork;
    }

    /// <returns>Whether the writer will be run at the end.</returns>
    public static bool TryAdd(MessageWriter writer)
    {
        if (corked)
        {
            (woken ??= []).Add(writer);
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
        if (woken is not { Count: > 0 } writers)
        {
            return;
        }

        // A writer that runs may get here again.
        woken = null;
        foreach (var writer in writers)
        {
            writer.Run();
        }

        writers.Clear();
        woken = writers;
    }
}
