using System.Globalization;

namespace ChatKit.Storage.Testing.Support;

/// <summary>How long tests may take and how many random sequences they run; the environment may ask for more.</summary>
internal static class Limits
{
    /// <summary>How many random sequences a test runs: <c>CHATKIT_KIT_SEQUENCES</c>, by default 60.</summary>
    public static int Sequences { get; } = Number("CHATKIT_KIT_SEQUENCES", 60);

    /// <summary>The same for a test whose sequences cost more than others'.</summary>
    public static int FewSequences { get; } = Math.Max(1, Sequences / 2);

    /// <summary>After this a test has failed: <c>CHATKIT_KIT_TIMEOUT</c> seconds, by default 60, and more for more sequences.</summary>
    public static TimeSpan Test { get; } = TimeSpan.FromSeconds(Number("CHATKIT_KIT_TIMEOUT", 60 + Sequences));

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : otherwise;
}
