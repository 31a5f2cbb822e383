namespace ChatKit.Storage.Testing.Support;

/// <summary>Ends the process, naming the test, when a test blocks its thread: xunit's own time limit reaches only what awaits.</summary>
internal sealed class HangGuard : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Timer _timer;

    public HangGuard(string test) => _timer = new Timer(
        _ => Environment.FailFast($"The conformance test {test} hangs: the store blocks its thread for more than {Limits.Test + Grace}."),
        null, Limits.Test + Grace, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
