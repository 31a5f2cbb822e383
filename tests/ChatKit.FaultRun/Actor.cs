using ChatKit.Client;
using ChatKit.Testing;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChatKit.FaultRun;

/// <summary>One device of one user, through the proxy.</summary>
internal sealed class Actor : IAsyncDisposable
{
    private readonly RecordingClient recording;
    private int sent;

    public Actor(string tenant, string user, string device, Uri server)
    {
        User = user;
        recording = new RecordingClient(new DeviceRecord(user, device), tap => new ChatClient(new ChatClientOptions
        {
            Server = server,
            DeviceId = device,
            AccessTokenProvider = _ => Task.FromResult<string?>($"{tenant}/{user}"),
            ReconnectBaseDelay = TimeSpan.FromMilliseconds(30),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(150),
            RequestTimeout = TimeSpan.FromSeconds(2),
            // Of every second device every socket carries frames; the others negotiate, and keep a connection for that.
            Transports = HttpTransportType.WebSockets,
            ConfigureHttp = http => http.SkipNegotiation = device[^1] % 2 == 0,
            ConfigureConnection = builder =>
            {
                builder.WithServerTimeout(TimeSpan.FromMilliseconds(800)).WithKeepAliveInterval(TimeSpan.FromMilliseconds(200));
                tap(builder);
            },
        }));
    }

    public string User { get; }

    public ChatClient Client => recording.Client;

    public DeviceRecord Record => recording.Record;

    /// <summary>A text nobody else sends.</summary>
    public string NextText() => $"{User}/{Record.Device} {++sent}";

    public Task FinishAsync(CancellationToken cancellationToken) => recording.FinishAsync(cancellationToken);

    public ValueTask DisposeAsync() => recording.DisposeAsync();
}
