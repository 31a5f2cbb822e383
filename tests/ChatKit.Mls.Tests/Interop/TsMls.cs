using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatKit.Mls.Tests;

/// <summary>A Node process with ts-mls clients. Installs the packages itself; without Node the tests fail and say so.</summary>
public sealed class TsMls : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public TsMls()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "interop");
        Install(folder);
        _process = Start("node", "interop.mjs", folder, redirectInput: true);
        _process.ErrorDataReceived += (_, e) => _errors.AppendLine(e.Data);
        _process.BeginErrorReadLine();
    }

    public JsonElement Call(string op, JsonObject arguments)
    {
        var answer = TryCall(op, arguments);
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"ts-mls refused {op}: {error.GetString()}")
            : answer;
    }

    public JsonElement TryCall(string op, JsonObject arguments)
    {
        arguments["op"] = op;
        _process.StandardInput.WriteLine(arguments.ToJsonString());
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The ts-mls process ended: " + _errors);
        return JsonDocument.Parse(line).RootElement.Clone();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void Install(string folder)
    {
        var wanted = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "package-lock.json"))));
        var stamp = Path.Combine(folder, "installed.txt");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
        {
            return;
        }

        using var npm = Start("npm", "ci --no-audit --no-fund", folder, redirectInput: false);
        var error = npm.StandardError.ReadToEndAsync();
        var output = npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"The interop tests need ts-mls, and `npm ci` failed with code {npm.ExitCode}:\n{output}\n{error.GetAwaiter().GetResult()}");
        }

        Correct(folder);
        File.WriteAllText(stamp, wanted);
    }

    /// <summary>
    /// Two faults of ts-mls 1.6.4 are corrected in the installed copy, since most groups of more than a few members run into them: it
    /// appends to unmerged_leaves instead of keeping the order (RFC 9420, section 7.7), and on joining it wants equal lists of unmerged
    /// leaves on a whole direct path, where section 12.4.3.1 wants the leaf to be listed between itself and the node only.
    /// </summary>
    private static void Correct(string folder)
    {
        var source = Path.Combine(folder, "node_modules", "ts-mls", "dist", "src");
        Replace(
            Path.Combine(source, "ratchetTree.js"),
            "unmergedLeaves: [...parentNode.parent.unmergedLeaves, insertedLeafIndex]",
            "unmergedLeaves: [...parentNode.parent.unmergedLeaves, insertedLeafIndex].sort((a, b) => a - b)");
        Replace(
            Path.Combine(source, "clientState.js"),
            "if (!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves))",
            "if (dp.indexOf(parentIdx) < dp.indexOf(toNodeIndex(i)) && !dpNode.parent.unmergedLeaves.includes(unmergedLeaf))");
    }

    private static void Replace(string file, string old, string replacement)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    private static Process Start(string file, string arguments, string folder, bool redirectInput)
    {
        try
        {
            var windows = OperatingSystem.IsWindows() && file == "npm";
            return Process.Start(new ProcessStartInfo(windows ? "cmd" : file, windows ? "/c npm " + arguments : arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = redirectInput,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"The interop tests run ts-mls in Node.js, and `{file}` could not be started: install Node.js 20 or later. ({e.Message})", e);
        }
    }
}
