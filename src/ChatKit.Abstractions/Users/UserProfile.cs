namespace ChatKit;

/// <summary>What others see of a user.</summary>
/// <param name="User">The user.</param>
/// <param name="Name">The name shown.</param>
/// <param name="Picture">The address of a picture; null for none.</param>
public sealed record UserProfile(UserId User, string Name, Uri? Picture = null);
