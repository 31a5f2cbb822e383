using ChatKit.Client;

namespace ChatKit.Testing.Tests.Docs;

/// <summary>The code of docs/testing.md, compiled and run.</summary>
public sealed class TestingGuideTests
{
    private static string HostDll => Path.Combine(AppContext.BaseDirectory, "ChatKit.FaultHost.dll");

    private static Task<string?> TokenOf(string user) => Task.FromResult<string?>($"guide/{user}");

    [Fact]
    public async Task The_guide_runs()
    {
        var data = Directory.CreateTempSubdirectory("chatkit-guide-").FullName;
        var ct = TestContext.Current.CancellationToken;
        try
        {
            await RunAsync(data, ct);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task RunAsync(string data, CancellationToken ct)
    {
        await using var host = await HostRunner.StartAsync(new HostRunnerOptions
        {
            Arguments = [HostDll, "--urls", "http://127.0.0.1:{port}", "--store", "litedb", "--data", data],
        }, ct);
        await using var proxy = FaultProxy.Start(host.Address);

        RecordingClient Device(string user, string device) => new(new DeviceRecord(user, device), record => new ChatClient(new ChatClientOptions
        {
            Server = new Uri(proxy.Through(host.Address), "chat"),
            DeviceId = device,
            AccessTokenProvider = _ => TokenOf(user),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(500),
            ConfigureConnection = record,
        }));
        await using var alice = Device("alice", "phone");
        await using var bob = Device("bob", "laptop");
        await Task.WhenAll(alice.Client.StartAsync(ct), bob.Client.StartAsync(ct));

        var script = FaultScript.FromSeed(42, new FaultScriptOptions { Faults = 6 });   // script.ToString() shows it
        var weather = proxy.RunAsync(script, ct);
        var sent = new List<OutgoingMessage>();
        for (var i = 0; i < 50; i++)
        {
            sent.Add(await alice.Client.Direct("bob").SendAsync($"message {i}", ct));
        }

        await host.RestartAsync(ct);                                                    // kill -9, same port, same data
        await weather;
        proxy.Calm();
        await Task.WhenAll(sent.Select(message => message.Accepted));

        IReadOnlyList<Finding> findings = [];
        var patience = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.WhenAll(alice.FinishAsync(ct), bob.FinishAsync(ct));
            findings = Checker.Check([alice.Record, bob.Record]);
        }
        while (findings.Count > 0 && TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(10));
        Assert.Empty(findings);
    }
}
