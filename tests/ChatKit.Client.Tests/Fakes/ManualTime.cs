using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests.Fakes;

/// <summary>A clock that stands still, and tells which waits began.</summary>
public sealed class ManualTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the client waits before it connects again, and ends that wait.</summary>
    public async Task ReconnectAsync(ChatClientOptions options)
    {
        while (await waits.Reader.ReadAsync().AsTask().WaitAsync(FakeServer.Patience) is var wait)
        {
            if (wait >= TimeSpan.Zero && wait <= options.ReconnectMaxDelay)
            {
                Advance(options.ReconnectMaxDelay);
                return;
            }
        }
    }
}
