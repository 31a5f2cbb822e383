namespace ChatKit;

/// <summary>A registered device.</summary>
/// <param name="Id">The device.</param>
/// <param name="RegisteredAt">When it was first seen.</param>
/// <param name="SeenAt">When it was last seen.</param>
/// <param name="Revoked">Whether it was revoked.</param>
public sealed record Device(DeviceId Id, DateTimeOffset RegisteredAt, DateTimeOffset SeenAt, bool Revoked);
