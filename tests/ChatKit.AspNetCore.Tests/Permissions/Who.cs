namespace ChatKit.AspNetCore.Tests.Permissions;

/// <summary>The columns of docs/permissions.md, in their order.</summary>
internal enum Who
{
    Anonymous,
    ExpiredToken,
    RevokedDevice,
    OtherTenant,
    Outsider,
    ExMember,
    Member,
    Admin,
    Owner,
}
