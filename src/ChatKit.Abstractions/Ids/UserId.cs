namespace ChatKit;

/// <summary>A person (or bot) of the host app, within a tenant. Compared ordinally, case-sensitively.</summary>
public readonly record struct UserId
{
    /// <summary>Creates a user id.</summary>
    /// <param name="value">The host's own id of the user: 1 to 128 UTF-8 bytes, no control characters.</param>
    /// <param name="tenant">The tenant, or the empty string (the default) for a host with one customer.</param>
    /// <exception cref="ArgumentException">A part is too long, malformed, or <paramref name="value"/> is empty.</exception>
    public UserId(string value, string tenant = "")
    {
        Tenant = IdRules.CheckTenant(tenant);
        Value = IdRules.Check(value, "user id");
    }

    /// <summary>The tenant; empty for a host with one customer.</summary>
    public string Tenant { get; }

    /// <summary>The host's own id of the user.</summary>
    public string Value { get; }

    /// <summary>Creates a user id from untrusted text.</summary>
    /// <param name="value">The user's id.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The id, when the text obeys the rules.</param>
    /// <returns>Whether the text obeys the rules of the constructor.</returns>
    public static bool TryCreate(string? value, string tenant, out UserId id)
    {
        var ok = IdRules.IsValid(value) && (tenant is { Length: 0 } || IdRules.IsValid(tenant));
        id = ok ? new UserId(value!, tenant) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Tenant) ? Value ?? "" : $"{Tenant}/{Value}";
}
