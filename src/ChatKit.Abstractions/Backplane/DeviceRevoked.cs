namespace ChatKit;

/// <summary>A device was revoked: its sessions end on every node.</summary>
/// <param name="Device">The device.</param>
public sealed record DeviceRevoked(DeviceId Device) : BackplaneMessage;
