using System.Diagnostics;
using System.Globalization;
using ChatKit.Mls;
using ChatKit.Mls.Benchmarks;

var ownOnly = args.Contains("--own-only");
var rounds = int.Parse(Argument("--rounds", "5"), CultureInfo.InvariantCulture);
var sizes = Argument("--sizes", "2,32,256").Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
var large = int.Parse(Argument("--large", "1000"), CultureInfo.InvariantCulture);
using var node = ownOnly ? null : new TsMlsRounds();

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds, medians; times in microseconds");
foreach (var suite in new[] { MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519 })
{
    var started = Stopwatch.StartNew();
    var warm = new Figures();
    while (started.Elapsed < TimeSpan.FromSeconds(3))
    {
        OwnRound.Run(suite, 8, warm);
    }

    node?.Run(suite, 8, warm);
    foreach (var size in sizes)
    {
        var own = new Figures();
        var other = new Figures();
        for (var i = 0; i < rounds; i++)
        {
            OwnRound.Run(suite, size, own);
            node?.Run(suite, size, other);
        }

        Print($"{suite.Name}, {size} members", own, node is null ? null : other);
    }

    if (large > 0)
    {
        var own = new Figures();
        for (var i = 0; i < rounds; i++)
        {
            OwnRound.Run(suite, large, own);
        }

        Print($"{suite.Name}, {large} members", own, null);
    }
}

return;

string Argument(string name, string otherwise)
{
    var index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : otherwise;
}

static void Print(string title, Figures own, Figures? other)
{
    Console.WriteLine();
    Console.WriteLine(title);
    Console.WriteLine($"{"",-14}{"ChatKit.Mls",14}{"ts-mls",14}{"ratio",10}");
    foreach (var operation in Figures.Operations)
    {
        if (own.Median(operation) is not { } mine)
        {
            continue;
        }

        var theirs = other?.Median(operation);
        var ratio = theirs is { } t && mine > 0 ? (t / mine).ToString("F1", CultureInfo.InvariantCulture) : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operation,-14}{mine,14:F0}{theirs,14:F0}{ratio,10}"));
    }
}
