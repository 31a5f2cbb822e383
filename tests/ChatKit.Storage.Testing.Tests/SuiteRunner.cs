using System.Reflection;
using Xunit.v3;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>Runs tests of a suite by name, each row of a theory too, on a store of its own.</summary>
internal static class SuiteRunner
{
    public static IReadOnlyList<string> TestsOf(Type suite) =>
        [.. Methods(suite).Select(method => method.Name)];

    /// <summary>Runs one test; gives what went wrong, a skip included, one exception a row that failed.</summary>
    public static async Task<IReadOnlyList<Exception>> RunAsync(Type suite, string test, Func<TimeProvider, StorageHarness> create)
    {
        var method = Assert.Single(Methods(suite), method => method.Name == test);
        List<Exception> failures = [];
        foreach (var row in RowsOf(method))
        {
            var instance = (StorageConformance)Activator.CreateInstance(suite, create)!;
            await instance.InitializeAsync();
            try
            {
                await (Task)method.Invoke(instance, row)!;
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
            finally
            {
                await instance.DisposeAsync();
            }
        }

        return failures;
    }

    private static IEnumerable<MethodInfo> Methods(Type suite) =>
        suite.GetMethods().Where(method => method.GetCustomAttributes().OfType<IFactAttribute>().Any());

    private static object?[][] RowsOf(MethodInfo method)
    {
        object?[][] rows = [.. method.GetCustomAttributes<InlineDataAttribute>().Select(data => data.Data)];
        return rows.Length > 0 ? rows : [[]];
    }
}
