using System.Reflection;
using System.Text;
using PublicApiGenerator;

namespace ChatKit.Architecture.Tests;

/// <summary>What others may build on changes only when somebody approves the change.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "CHATKIT_ACCEPT_API";
    private const string Command = $"{Accept}=1 dotnet run --project tests/ChatKit.Architecture.Tests";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "ChatKit.Architecture.Tests", "Approved");

    private static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        // The extension methods live in Microsoft's namespaces on purpose and are part of the API.
        DenyNamespacePrefixes = [],
        ExcludeAttributes =
        [
            "System.Runtime.CompilerServices.AsyncStateMachineAttribute",
            "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute",
            "System.Runtime.CompilerServices.IteratorStateMachineAttribute",
            "System.Diagnostics.DebuggerStepThroughAttribute",
            "System.CodeDom.Compiler.GeneratedCodeAttribute",
            // They carry the path and line of the source file on the machine that built it.
            "Xunit.FactAttribute",
            "Xunit.TheoryAttribute",
        ],
    };

    [Theory]
    [MemberData(nameof(Repository.ProjectNames), MemberType = typeof(Repository))]
    public async Task The_public_api_is_the_approved_one(string project)
    {
        var received = Normalise(Assembly.Load(project).GeneratePublicApi(Options));
        var approvedFile = Path.Combine(Folder, project + ".approved.txt");
        var receivedFile = Path.Combine(Folder, project + ".received.txt");
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            await File.WriteAllTextAsync(approvedFile, received, TestContext.Current.CancellationToken);
            File.Delete(receivedFile);
            return;
        }

        var approved = File.Exists(approvedFile) ? Normalise(await File.ReadAllTextAsync(approvedFile, TestContext.Current.CancellationToken)) : "";
        if (received == approved)
        {
            File.Delete(receivedFile);
            return;
        }

        await File.WriteAllTextAsync(receivedFile, received, TestContext.Current.CancellationToken);
        Assert.Fail($"The public API of {project} is not the approved one.\n{TextDiff.Of(approved, received)}\nIf this change is meant: {Command}");
    }

    [Fact]
    public void No_approved_file_is_left_of_a_project_that_is_gone() =>
        Assert.Empty(Directory.EnumerateFiles(Folder, "*.approved.txt").Select(file => Path.GetFileName(file).Replace(".approved.txt", "", StringComparison.Ordinal))
            .Except(Repository.Projects, StringComparer.Ordinal));

    private static string Normalise(string text) => new StringBuilder(text).Replace("\r\n", "\n").ToString().TrimEnd() + "\n";
}
