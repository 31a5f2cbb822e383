using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ChatKit.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace ChatKit.Testing;

/// <summary>The protocol of one connection, with a record of what passes. It changes nothing.</summary>
internal sealed class TappedProtocol(IHubProtocol inner, DeviceRecord record) : IHubProtocol
{
    private readonly int connection = record.NextConnection();
    private string? hello;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (!inner.TryParseMessage(ref input, binder, out message))
        {
            return false;
        }

        if (message is InvocationMessage { Arguments: [EventFrame[] events] })
        {
            foreach (var happened in events)
            {
                record.Add(new RecordLine { Kind = RecordKind.Event, Connection = connection, Event = happened });
            }
        }
        else if (message is CompletionMessage { Result: HelloReply reply } completion && completion.InvocationId == hello)
        {
            record.Add(new RecordLine { Kind = RecordKind.Welcome, Connection = connection, Welcome = reply });
        }

        return true;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        Note(message);
        inner.WriteMessage(message, output);
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        Note(message);
        return inner.GetMessageBytes(message);
    }

    private void Note(HubMessage message)
    {
        if (message is not InvocationMessage { Arguments: [{ } argument] } call)
        {
            return;
        }

        if (argument is HelloRequest request)
        {
            hello = call.InvocationId;
            record.Add(new RecordLine { Kind = RecordKind.Hello, Connection = connection, Hello = request });
        }
        else if (argument is CommandFrame[] commands)
        {
            foreach (var command in commands)
            {
                record.Add(new RecordLine { Kind = RecordKind.Command, Connection = connection, Command = command });
            }
        }
    }
}
