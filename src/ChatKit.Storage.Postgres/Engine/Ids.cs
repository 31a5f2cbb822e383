namespace ChatKit.Storage.Postgres;

/// <summary>Refuses ids that are not set (the default value of their type), before anything is asked of the server.</summary>
internal static class Ids
{
    private const string NotSet = "An id is not set (the default value of its type).";

    public static void Check(ConversationId id) => Set(id.Value);

    public static void Check(UserId id) => Set(id.Value);

    public static void Check(DeviceId id)
    {
        Set(id.Value);
        Check(id.User);
    }

    public static string Set(string? value) => value ?? throw new ArgumentException(NotSet);

    /// <summary>Refuses a row that mixes tenants: the tenant is stored once.</summary>
    public static void SameTenant(string one, string other)
    {
        if (!string.Equals(one, other, StringComparison.Ordinal))
        {
            throw new ArgumentException("The ids of one row belong to one tenant.");
        }
    }

    public static void CheckLimit(int limit, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, max);
    }

    /// <summary>Copies what the caller may change meanwhile, and checks it.</summary>
    public static ConversationId[] Copy(IReadOnlyList<ConversationId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ConversationId[] copy = [.. ids];
        foreach (var id in copy)
        {
            Check(id);
        }

        return copy;
    }

    public static UserId[] Copy(IReadOnlyList<UserId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        UserId[] copy = [.. ids];
        foreach (var id in copy)
        {
            Check(id);
        }

        return copy;
    }
}
