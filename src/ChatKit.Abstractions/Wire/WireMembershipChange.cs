namespace ChatKit.Wire;

/// <summary>What a membership entry does.</summary>
/// <param name="Action"><c>created</c>, <c>added</c>, <c>removed</c>, <c>left</c> or <c>roleChanged</c>.</param>
/// <param name="Users">The members it happens to.</param>
/// <param name="Kind">Of a creation: <c>direct</c> or <c>group</c>.</param>
/// <param name="Title">Of a creation: the title.</param>
/// <param name="Role">Of <c>roleChanged</c>: the role they have now, <c>member</c>, <c>admin</c> or <c>owner</c>.</param>
public sealed record WireMembershipChange(string Action, IReadOnlyList<string> Users, string? Kind, string? Title, string? Role = null);
