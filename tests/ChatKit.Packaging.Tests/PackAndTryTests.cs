using System.Diagnostics;

namespace ChatKit.Packaging.Tests;

/// <summary>A newcomer's first minutes: the packages, an empty folder, the README's lines.</summary>
public sealed class PackAndTryTests
{
    [Fact]
    public async Task The_readme_s_host_chats_with_nothing_but_the_packages()
    {
        var root = FindRoot();
        using var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(root, "eng", "pack-and-try.sh")])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = await output + await errors;
        Assert.True(process.ExitCode == 0, text);
        Assert.Contains("PASS sync: a waiting poll is woken", text, StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This test runs a script of the source tree: run it from a build inside the repository.");
    }
}
