namespace ChatKit;

/// <summary>Whether a user is there.</summary>
public enum PresenceState
{
    /// <summary>No connection with user activity.</summary>
    Offline = 0,

    /// <summary>Connected, but not active for a while.</summary>
    Away = 1,

    /// <summary>Connected and active just now.</summary>
    Online = 2,
}
