namespace ChatKit;

/// <summary>What a node does with hints. May be called by several threads at once.</summary>
public interface IBackplaneHandler
{
    /// <summary>Hints arrived.</summary>
    /// <param name="messages">The hints.</param>
    /// <returns>A task that completes when they are handed on.</returns>
    ValueTask OnMessagesAsync(IReadOnlyList<BackplaneMessage> messages);

    /// <summary>Hints may have been lost: every local session pulls.</summary>
    /// <returns>A task that completes when the sessions are woken.</returns>
    ValueTask OnInterruptedAsync();
}
