namespace ChatKit.Messaging;

/// <summary>The answers and hints of a batch that went in as a whole and reach many connections: they can wait until the next batch is on its way to the store, which
/// would otherwise have nothing to do meanwhile. Of one writer at a time.</summary>
internal sealed class HeldAnswers(Action give)
{
    private bool given;

    /// <summary>Gives them, once.</summary>
    public void Give()
    {
        if (!given)
        {
            given = true;
            give();
        }
    }
}
