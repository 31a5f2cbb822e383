namespace ChatKit;

/// <summary>A photo, video or file in the asset store, within a tenant.</summary>
public readonly record struct AssetId
{
    /// <summary>Creates an asset id.</summary>
    /// <param name="value">1 to 128 UTF-8 bytes, no control characters.</param>
    /// <param name="tenant">The tenant, or the empty string (the default).</param>
    /// <exception cref="ArgumentException">A part is too long, malformed, or <paramref name="value"/> is empty.</exception>
    public AssetId(string value, string tenant = "")
    {
        Tenant = IdRules.CheckTenant(tenant);
        Value = IdRules.Check(value, "asset id");
    }

    /// <summary>The tenant; empty for a host with one customer.</summary>
    public string Tenant { get; }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Tenant) ? Value ?? "" : $"{Tenant}/{Value}";
}
