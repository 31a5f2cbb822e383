using ChatKit;

namespace Messenger.SignIn;

/// <summary>Who is called what. Here the id is the name in small letters; a real host asks its database.</summary>
internal sealed class People : IUserDirectory
{
    private const int MaxLength = 32;

    public static bool TryGetId(string name, out string id)
    {
        id = name.Trim().ToLowerInvariant();
        return id.Length is > 0 and <= MaxLength && id.All(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '.' or '\'');
    }

    public ValueTask<IReadOnlyList<UserProfile?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<UserProfile?>>([.. users.Select(static user => new UserProfile(user, Name(user.Value)))]);

    private static string Name(string id) =>
        string.Join(' ', id.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
