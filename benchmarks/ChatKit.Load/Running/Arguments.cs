using System.Globalization;

namespace ChatKit.Load.Running;

/// <summary>The command line: <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    public Arguments(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{args[i]}' is no option: options begin with --.");
            }

            var hasValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            values[args[i][2..]] = hasValue ? args[++i] : "";
        }
    }

    public bool Has(string name)
    {
        used.Add(name);
        return values.ContainsKey(name);
    }

    public string Text(string name) => Has(name) ? values[name] : throw new ArgumentException($"--{name} is missing.");

    public string Text(string name, string otherwise) => Has(name) ? values[name] : otherwise;

    public int Number(string name, int otherwise) => Has(name) ? int.Parse(values[name], CultureInfo.InvariantCulture) : otherwise;

    public double Real(string name, double otherwise) => Has(name) ? double.Parse(values[name], CultureInfo.InvariantCulture) : otherwise;

    public void RefuseUnknown()
    {
        if (values.Keys.FirstOrDefault(name => !used.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"There is no option --{unknown}.");
        }
    }
}
