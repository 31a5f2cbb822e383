namespace Messenger.Demo;

internal static class DemoPlay
{
    public static Task<int> RunAsync(Func<string[], WebApplication> build)
    {
        _ = build;
        return Task.FromResult(1);
    }
}
