namespace ChatKit.Wire;

/// <summary>A member.</summary>
/// <param name="User">The user.</param>
/// <param name="Name">The name from the host's user directory.</param>
/// <param name="Role"><c>member</c>, <c>admin</c> or <c>owner</c>.</param>
/// <param name="Picture">The address of a picture; absent for none.</param>
public sealed record WireMember(string User, string? Name, string Role, string? Picture);
