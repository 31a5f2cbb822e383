using System.Xml.Linq;

namespace ChatKit.Architecture.Tests;

/// <summary>The table "Rooms" of ARCHITECTURE: who may reference whom.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["ChatKit.Abstractions"] = [],
        ["ChatKit.Core"] = ["ChatKit.Abstractions"],
        ["ChatKit.AspNetCore"] = ["ChatKit.Core"],
        ["ChatKit.Storage.LiteDb"] = ["ChatKit.Abstractions"],
        ["ChatKit.Storage.Postgres"] = ["ChatKit.Abstractions"],
        ["ChatKit.Storage.Testing"] = ["ChatKit.Abstractions"],
        ["ChatKit.Testing"] = ["ChatKit.AspNetCore", "ChatKit.Client"],
        ["ChatKit.Client"] = ["ChatKit.Abstractions"],
        ["ChatKit.Mls"] = [],
    };

    [Theory]
    [MemberData(nameof(Repository.ProjectNames), MemberType = typeof(Repository))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"src/{project} is not in the table of ARCHITECTURE: give it a row there and here.");
        var references = XDocument.Load(Repository.ProjectFile(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed!, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Repository.ProjectNames), MemberType = typeof(Repository))]
    public void What_is_compiled_in_is_allowed_too(string project)
    {
        // A project file is not the only way to a reference (props, Reference items): the assembly says what it uses.
        var used = Repository.Assemblies.Single(assembly => assembly.GetName().Name == project).GetReferencedAssemblies()
            .Select(name => name.Name!).Where(name => Repository.Projects.Contains(name, StringComparer.Ordinal));
        Assert.Empty(used.Except(Reachable(project), StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_in_src_is_one_project_of_the_same_name() =>
        Assert.Equal(Repository.Projects, Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
            .Where(folder => Directory.EnumerateFiles(folder).Any()).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("ChatKit.sln");
        var projects = new[] { "src", "tests", "samples", "benchmarks" }.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)).Select(path => Path.GetFileName(path)!);
        Assert.Empty(projects.Where(file => !solution.Contains('\\' + file, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Reachable(string project) => Allowed[project].SelectMany(next => Reachable(next).Prepend(next));
}
