namespace ChatKit.Mls;

/// <summary>Lifetime of a key package (RFC 9420, section 7.2).</summary>
/// <param name="NotBefore">First moment of validity, in seconds since the Unix epoch.</param>
/// <param name="NotAfter">Last moment of validity, in seconds since the Unix epoch.</param>
public readonly record struct MlsLifetime(ulong NotBefore, ulong NotAfter)
{
    /// <summary>A lifetime that starts an hour before now, for clocks that are slow.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="duration">How long it lasts from now.</param>
    /// <returns>The lifetime.</returns>
    public static MlsLifetime FromNow(TimeProvider timeProvider, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        return new((ulong)Math.Max(0, now - 3600), (ulong)Math.Max(0, now + (long)duration.TotalSeconds));
    }

    /// <summary>Whether a moment lies within the lifetime.</summary>
    /// <param name="now">The moment.</param>
    /// <returns>True if it does.</returns>
    public bool Contains(DateTimeOffset now)
    {
        var seconds = (ulong)Math.Max(0, now.ToUnixTimeSeconds());
        return seconds >= NotBefore && seconds <= NotAfter;
    }
}
