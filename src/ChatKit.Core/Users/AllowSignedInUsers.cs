namespace ChatKit.Users;

/// <summary>The default: anyone who is signed in may. The log says so at start.</summary>
internal sealed class AllowSignedInUsers : IChatAuthorizer
{
    public ValueTask<bool> IsAllowedAsync(ChatAuthorizationContext context, CancellationToken cancellationToken) => new(true);
}
