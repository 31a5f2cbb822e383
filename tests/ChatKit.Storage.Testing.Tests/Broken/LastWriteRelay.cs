using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>The last write wins: a cursor moves back.</summary>
internal sealed class LastWriteRelay : IRelayQueue
{
    private readonly ConcurrentDictionary<(DeviceId Device, ConversationId Conversation), long> _cursors = new();

    public ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken)
    {
        foreach (var cursor in cursors)
        {
            _cursors[(cursor.Device, cursor.Conversation)] = cursor.Delivered;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DeviceCursor>>([.. _cursors
            .Where(cursor => cursor.Key.Device == device)
            .Select(cursor => new DeviceCursor(device, cursor.Key.Conversation, cursor.Value))]);

    public ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        foreach (var key in _cursors.Keys.Where(key => devices.Contains(key.Device)))
        {
            _cursors.TryRemove(key, out _);
        }

        return ValueTask.CompletedTask;
    }
}
