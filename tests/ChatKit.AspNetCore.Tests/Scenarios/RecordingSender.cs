using System.Threading.Channels;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>A host's sender of notifications that keeps them.</summary>
internal sealed class RecordingSender : INotificationSender
{
    private readonly Channel<Notification> sent = Channel.CreateUnbounded<Notification>();

    public ValueTask SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        foreach (var notification in notifications)
        {
            sent.Writer.TryWrite(notification);
        }

        return ValueTask.CompletedTask;
    }

    public async Task<Notification> NextAsync() =>
        await sent.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Person.Patience, TestContext.Current.CancellationToken);
}
