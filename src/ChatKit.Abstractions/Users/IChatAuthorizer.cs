namespace ChatKit;

/// <summary>A small role the host registers: who may write to whom. The default lets anyone who is signed in, and says so in the log.
/// Asked on every command, so an answer from memory is best. Thread-safe.</summary>
public interface IChatAuthorizer
{
    /// <summary>Decides.</summary>
    /// <param name="context">Who wants to do what.</param>
    /// <param name="cancellationToken">Cancels the decision.</param>
    /// <returns>Whether it is allowed.</returns>
    ValueTask<bool> IsAllowedAsync(ChatAuthorizationContext context, CancellationToken cancellationToken);
}
