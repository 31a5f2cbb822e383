namespace ChatKit.Client;

/// <summary>A member as others see him.</summary>
/// <param name="User">The user.</param>
/// <param name="Name">The name from the host's user directory; null when it has none.</param>
/// <param name="Role">What the member may do.</param>
/// <param name="Picture">The address of a picture; null for none.</param>
public sealed record MemberInfo(UserId User, string? Name, MemberRole Role, string? Picture);
