using ChatKit.FaultRun;

try
{
    var failed = await Runner.RunAsync(RunOptions.Parse(args), Console.Out, CancellationToken.None);
    return failed.Count == 0 ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
