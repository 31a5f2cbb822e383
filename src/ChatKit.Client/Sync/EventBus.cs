using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ChatKit.Client.Sync;

/// <summary>Hands every event to every reader. A reader that lags too far behind loses its stream, loudly, and nobody else notices.
/// <see cref="Publish"/> is called under the gate, so all readers see one order.</summary>
internal sealed class EventBus(Lock gate, int buffer)
{
    private readonly List<Channel<ChatEvent>> readers = [];
    private bool completed;

    public void Publish(ChatEvent happened)
    {
        for (var i = readers.Count - 1; i >= 0; i--)
        {
            if (!readers[i].Writer.TryWrite(happened))
            {
                readers[i].Writer.TryComplete(new ChatClientException(ChatErrorCode.SlowConsumer,
                    "This reader of Events lagged behind by more than EventBuffer events: read faster, or read anew and load what is shown."));
                readers.RemoveAt(i);
            }
        }
    }

    /// <summary>Starts a stream with the next event.</summary>
    public IAsyncEnumerable<ChatEvent> Subscribe(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ChatEvent>(new BoundedChannelOptions(buffer) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        lock (gate)
        {
            if (completed)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                readers.Add(channel);
            }
        }

        // Also when nobody ever enumerates.
        var registration = cancellationToken.Register(() => Remove(channel));
        return ReadAsync(channel, registration, cancellationToken);
    }

    /// <summary>Ends all streams after what they hold.</summary>
    public void Complete()
    {
        completed = true;
        readers.ForEach(static r => r.Writer.TryComplete());
        readers.Clear();
    }

    private async IAsyncEnumerable<ChatEvent> ReadAsync(
        Channel<ChatEvent> channel, CancellationTokenRegistration registration, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (registration)
        {
            try
            {
                await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
                {
                    yield return happened;
                }
            }
            finally
            {
                Remove(channel);
            }
        }
    }

    private void Remove(Channel<ChatEvent> channel)
    {
        lock (gate)
        {
            readers.Remove(channel);
            channel.Writer.TryComplete();
        }
    }
}
