using System.Diagnostics;
using System.Text.Json;

namespace ChatKit.Mls.Benchmarks;

/// <summary>A Node process that runs a round on ts-mls when told to.</summary>
internal sealed class TsMlsRounds : IDisposable
{
    private readonly Process _process;

    public TsMlsRounds()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "ts-mls");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var npm = Start("npm", "ci --no-audit --no-fund", folder, redirect: false);
            npm.WaitForExit();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException("`npm ci` failed; use --own-only without Node.js.");
            }
        }

        _process = Start("node", "ts-mls-bench.mjs", folder, redirect: true);
    }

    public void Run(MlsCipherSuite suite, int size, Figures figures)
    {
        _process.StandardInput.WriteLine($"{suite.Name} {size}");
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The ts-mls process ended.");
        using var document = JsonDocument.Parse(line);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            figures.Add(property.Name, property.Value.GetDouble());
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string file, string arguments, string folder, bool redirect) => Process.Start(new ProcessStartInfo(file, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = redirect,
        RedirectStandardOutput = redirect,
    })!;
}
