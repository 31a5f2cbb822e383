namespace ChatKit.Storage.Testing.Support;

/// <summary>Runs things at once, on as many tasks, started together.</summary>
internal static class Racing
{
    public static Task<T[]> RunAsync<T>(int count, Func<Task<T>> action) => RunAsync(count, _ => action());

    public static async Task<T[]> RunAsync<T>(int count, Func<int, Task<T>> action)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = Enumerable.Range(0, count).Select(n => Task.Run(async () =>
        {
            await start.Task;
            return await action(n);
        })).ToArray();
        start.SetResult();
        return await Task.WhenAll(tasks);
    }
}
