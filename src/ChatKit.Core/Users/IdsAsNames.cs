namespace ChatKit.Users;

/// <summary>The default: a user's name is his id.</summary>
internal sealed class IdsAsNames : IUserDirectory
{
    public ValueTask<IReadOnlyList<UserProfile?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken) =>
        new([.. users.Select(user => new UserProfile(user, user.Value))]);
}
