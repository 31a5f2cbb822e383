namespace ChatKit;

/// <summary>What the device directory knew of a device when it was touched.</summary>
public enum DeviceState
{
    /// <summary>It was known and may go on.</summary>
    Known = 0,

    /// <summary>It was not known (new, or forgotten) and is registered now.</summary>
    Registered = 1,

    /// <summary>It was revoked; it stays so for ever.</summary>
    Revoked = 2,
}
