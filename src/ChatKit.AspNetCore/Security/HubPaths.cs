namespace ChatKit.AspNetCore.Security;

/// <summary>Where hubs are mapped. The ends of the paths are known, what a host's groups and path bases put before them is not.</summary>
internal sealed class HubPaths
{
    private readonly Lock adding = new();
    private volatile string[] endings = [];

    public void Add(string pattern)
    {
        // Only what follows the last parameter of the pattern is the same in every path.
        var literal = pattern[(pattern.LastIndexOf('}') + 1)..].Trim('/');
        var ending = "/" + (literal.Length == 0 ? "" : literal + "/") + "hub";
        lock (adding)
        {
            endings = [.. endings, ending];
        }
    }

    public bool Contains(string path)
    {
        const string negotiate = "/negotiate";
        var span = path.AsSpan().TrimEnd('/');
        if (span.EndsWith(negotiate, StringComparison.OrdinalIgnoreCase))
        {
            span = span[..^negotiate.Length];
        }

        foreach (var ending in endings)
        {
            if (span.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
