namespace ChatKit;

/// <summary>A small role the host may register: names and pictures of its users. The default shows the id as the name. Thread-safe.</summary>
public interface IUserDirectory
{
    /// <summary>Reads profiles.</summary>
    /// <param name="users">The users, at most 200.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a user, in order; null for users the host does not know.</returns>
    ValueTask<IReadOnlyList<UserProfile?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken);
}
