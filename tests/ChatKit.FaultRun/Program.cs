using System.Globalization;
using ChatKit.FaultRun;

try
{
    if (args is ["--hold"])
    {
        // For the test that kills a parent: a host, its id, and nothing more until we are killed.
        await using var stage = await FaultStage.StartAsync(new RunOptions(), CancellationToken.None);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{stage.Host.ProcessId}"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }

    var failed = await Runner.RunAsync(RunOptions.Parse(args), Console.Out, CancellationToken.None);
    return failed.Count == 0 ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
