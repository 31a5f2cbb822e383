using System.Reflection;
using Microsoft.Extensions.Logging;

namespace ChatKit.Architecture.Tests;

/// <summary>Operators filter and alert by the id or the name of a log event: each means one thing in the whole product.</summary>
public sealed class LogEventTests
{
    private static readonly IReadOnlyList<(string Where, int Id, string? Name)> Events =
        [.. Repository.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Where: $"{method.DeclaringType!.FullName}.{method.Name}", Attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Attribute is not null)
            .Select(found => (found.Where, found.Attribute!.EventId, found.Attribute.EventName))];

    [Fact]
    public void Events_are_found() => Assert.True(Events.Count > 20, $"Only {Events.Count} log events were found: the search is broken.");

    [Fact]
    public void Every_event_has_an_id_and_a_name() =>
        Assert.Empty(Events.Where(e => e.Id <= 0 || string.IsNullOrEmpty(e.Name)).Select(e => e.Where));

    [Fact]
    public void Ids_are_unique() => Assert.Empty(Twice(Events.GroupBy(e => $"{e.Id}")));

    [Fact]
    public void Names_are_unique() => Assert.Empty(Twice(Events.GroupBy(e => e.Name ?? "")));

    private static IEnumerable<string> Twice(IEnumerable<IGrouping<string, (string Where, int Id, string? Name)>> groups) =>
        groups.Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(e => e.Where))}");
}
