using System.Runtime.CompilerServices;
using ChatKit.AspNetCore.Tests.Scenarios;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Waits for facts that no event tells of.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        TrueAsync(() => Task.FromResult(holds()), what);

    public static async Task TrueAsync(Func<Task<bool>> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Person.Patience, $"Waited in vain for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
