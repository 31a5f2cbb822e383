namespace ChatKit.Mls;

/// <summary>How a key package is made.</summary>
public sealed class MlsKeyPackageOptions
{
    /// <summary>When it is valid.</summary>
    /// <value>Default: from an hour ago for 84 days.</value>
    public MlsLifetime? Lifetime { get; init; }

    /// <summary>The client's capabilities.</summary>
    /// <value>Default: those of this package and the cipher suite of the key package.</value>
    public MlsCapabilities? Capabilities { get; init; }

    /// <summary>Whether it may be used more than once, when no other is left (RFC 9420, section 16.8).</summary>
    public bool LastResort { get; init; }

    /// <summary>Extensions of the leaf node.</summary>
    public IReadOnlyList<MlsExtension> LeafExtensions { get; init; } = [];

    /// <summary>Extensions of the key package.</summary>
    public IReadOnlyList<MlsExtension> Extensions { get; init; } = [];

    /// <summary>The clock for the default lifetime.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal MlsCapabilities CapabilitiesFor(MlsCipherSuite suite)
    {
        if (Capabilities is not null)
        {
            return Capabilities;
        }

        ushort[] suites = suite.Id is 1 or 3 ? [1, 3] : [1, 3, suite.Id];
        return new MlsCapabilities(suites, LastResort ? [MlsExtensionType.LastResort] : []);
    }

    internal MlsLifetime LifetimeOrDefault() => Lifetime ?? MlsLifetime.FromNow(TimeProvider, TimeSpan.FromDays(84));
}
