namespace ChatKit;

/// <summary>One installation of a client app of one user. It has its own delivered cursors (ARCHITECTURE, rule 8).</summary>
public readonly record struct DeviceId
{
    /// <summary>Creates a device id.</summary>
    /// <param name="user">The device's user.</param>
    /// <param name="value">The id the client chose and keeps: 1 to 128 UTF-8 bytes, no control characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long or malformed.</exception>
    public DeviceId(UserId user, string value)
    {
        User = user;
        Value = IdRules.Check(value, "device id");
    }

    /// <summary>The device's user.</summary>
    public UserId User { get; }

    /// <summary>The id the client chose.</summary>
    public string Value { get; }

    /// <summary>The tenant of <see cref="User"/>.</summary>
    public string Tenant => User.Tenant;

    /// <inheritdoc/>
    public override string ToString() => $"{User}:{Value}";
}
