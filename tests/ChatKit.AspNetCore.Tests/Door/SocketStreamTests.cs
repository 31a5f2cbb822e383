using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChatKit.AspNetCore.Hubs;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>Writing to the socket itself: only where nothing lies between, in order, and no longer than the connection lives.</summary>
public sealed class SocketStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_the_client_has_spoken_what_is_written_goes_to_the_socket()
    {
        await using var app = await StartAsync(Plain, async (stream, _) =>
        {
            Assert.IsType<SocketStream>(stream);
            await EchoAsync(stream);
        });
        using var client = await UpgradeAsync(app);
        for (var i = 0; i < 50; i++)
        {
            await AssertEchoAsync(client, RandomNumberGenerator.GetBytes(1 + (i * 977)));
        }
    }

    [Fact]
    public async Task What_is_written_before_the_client_spoke_comes_before_what_is_written_later()
    {
        await using var app = await StartAsync(Plain, async (stream, _) =>
        {
            Assert.IsType<SocketStream>(stream);
            await stream.WriteAsync("first "u8.ToArray(), Stop);
            await stream.FlushAsync(Stop);
            await EchoAsync(stream);
        });
        using var client = await UpgradeAsync(app);
        await client.WriteAsync("second"u8.ToArray(), Stop);
        Assert.Equal("first second", Encoding.ASCII.GetString(await ReadAsync(client, "first second".Length)));
    }

    [Fact]
    public async Task A_write_that_the_client_does_not_take_ends_with_the_connection()
    {
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(Plain, async (stream, context) =>
        {
            await stream.ReadExactlyAsync(new byte[1], Stop);
            var write = stream.WriteAsync(new byte[64 * 1024 * 1024], Stop).AsTask();
            Assert.False(write.IsCompleted);
            writing.SetResult();
            context.Abort();
            ended.SetResult(await Record.ExceptionAsync(() => write));
        });
        using var client = await UpgradeAsync(app);
        await client.WriteAsync(new byte[1], Stop);
        await writing.Task.WaitAsync(Patience, Stop);
        Assert.IsType<IOException>(await ended.Task.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task Nothing_is_written_past_a_connection_middleware()
    {
        await using var app = await StartAsync(
            listen =>
            {
                Plain(listen);
                listen.UseConnectionLogging();
            },
            async (stream, _) =>
            {
                Assert.IsNotType<SocketStream>(stream);
                await EchoAsync(stream);
            });
        using var client = await UpgradeAsync(app);
        await AssertEchoAsync(client, "echo"u8.ToArray());
    }

    [Fact]
    public async Task Nothing_is_written_past_a_stream_that_another_middleware_put_there()
    {
        Stream? between = null;
        await using var app = await StartAsync(
            Plain,
            async (stream, _) =>
            {
                Assert.Same(between, stream);
                await EchoAsync(stream);
            },
            features => features.Set<IHttpUpgradeFeature>(new Between(features.GetRequiredFeature<IHttpUpgradeFeature>(), stream => between = new BufferedStream(stream))));
        using var client = await UpgradeAsync(app);
        await AssertEchoAsync(client, "echo"u8.ToArray());
    }

    [Fact]
    public async Task Nothing_is_written_past_TLS()
    {
        using var certificate = NewCertificate();
        await using var host = await ChatHost.StartAsync(options => options.Build = builder =>
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))));
        await using var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer anna");
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        await socket.ConnectAsync(host.Url("hub"));
        await socket.HandshakeAsync();
        await socket.InvokeAsync("h", "Hello", """[{"versions":[1],"device":"raw"}]""");
        await socket.SendAsync("""{"type":1,"target":"Frames","arguments":[[{"t":"send","id":"1","to":"ben","text":"Hello"}]]}""");
        var events = new List<System.Text.Json.JsonElement>();
        await socket.ReadUntilAsync(_ => events.Exists(static one => one.GetProperty("t").GetString() == "accepted"), events);
    }

    private static void Plain(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    /// <summary>An app that upgrades every request as the hub does and hands the stream over.</summary>
    private static async Task<WebApplication> StartAsync(
        Action<ListenOptions> configure, Func<Stream, HttpContext, Task> use, Action<IFeatureCollection>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, configure));
        var app = builder.Build();
        app.Run(async context =>
        {
            before?.Invoke(context.Features);
            SocketUpgradeFeature.Use(context.Features);
            await use(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync(), context);
        });
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task<NetworkStream> UpgradeAsync(WebApplication app)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.First()).Port, Stop);
        var client = new NetworkStream(socket, ownsSocket: true);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n"u8.ToArray(), Stop);
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(client, 1))[0]);
        }

        Assert.StartsWith("HTTP/1.1 101", head.ToString());
        return client;
    }

    private static async Task EchoAsync(Stream stream)
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer.AsMemory(), Stop) is > 0 and var count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), Stop);
            await stream.FlushAsync(Stop);
        }
    }

    private static async Task AssertEchoAsync(NetworkStream client, byte[] bytes)
    {
        await client.WriteAsync(bytes, Stop);
        Assert.Equal(bytes, await ReadAsync(client, bytes.Length));
    }

    private static async Task<byte[]> ReadAsync(NetworkStream client, int count)
    {
        var bytes = new byte[count];
        await client.ReadExactlyAsync(bytes, Stop).AsTask().WaitAsync(Patience, Stop);
        return bytes;
    }

    private static X509Certificate2 NewCertificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Between(IHttpUpgradeFeature inner, Func<Stream, Stream> wrap) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => wrap(await inner.UpgradeAsync());
    }
}
