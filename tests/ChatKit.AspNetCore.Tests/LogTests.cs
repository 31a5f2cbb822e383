using System.Reflection;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Tests;

public sealed class LogTests
{
    [Fact]
    public void Event_ids_are_unique_named_and_of_the_doors_range()
    {
        var events = typeof(ChatKitWebOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Log: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.Log is not null)
            .ToList();
        Assert.NotEmpty(events);
        Assert.All(events, pair => Assert.InRange(pair.Log!.EventId, 2000, 2999));
        Assert.All(events, pair => Assert.Equal(pair.Method.Name, pair.Log!.EventName));
        Assert.Equal(events.Count, events.Select(pair => pair.Log!.EventId).Distinct().Count());
        Assert.Equal(events.Count, events.Select(pair => pair.Log!.EventName).Distinct().Count());
    }
}
