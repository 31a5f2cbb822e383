using System.Net.Http.Json;
using ChatKit.Load.Clients;
using ChatKit.Load.Measuring;
using ChatKit.Load.Running;

namespace ChatKit.Load.Scenarios;

/// <summary>One server as a scenario sees it: seeding, counting, connections.</summary>
internal sealed class Site : IDisposable
{
    private const int ConnectAtOnce = 32;
    private readonly Reactor reactor = new(Environment.ProcessorCount);
    private readonly List<LoadConnection> connections = [];
    private readonly Timer pings;

    public Site(Plan plan)
    {
        Plan = plan;
        Http = new HttpClient { BaseAddress = plan.Server, Timeout = TimeSpan.FromMinutes(5) };
        pings = new Timer(_ => Ping(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
    }

    public Plan Plan { get; }

    public HttpClient Http { get; }

    public bool IsChatKit => Plan.Protocol == "chatkit";

    private Uri Hub => new(Plan.Server, IsChatKit ? "/chat/hub" : "/hub");

    public async Task<SeedReply> SeedAsync(SeedRequest request)
    {
        using var response = await Http.PostAsJsonAsync("/bench/seed", request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<SeedReply>())!;
    }

    public async Task<RowCount> CountAsync(long after) => (await Http.GetFromJsonAsync<RowCount>($"/bench/rows?after={after}"))!;

    public async Task<ServerStats> CollectAsync() =>
        (await (await Http.PostAsync(new Uri("/bench/collect", UriKind.Relative), null)).Content.ReadFromJsonAsync<ServerStats>())!;

    public LoadConnection Create(string user, ITraffic traffic) =>
        IsChatKit ? new ChatKitConnection(user, traffic) : new PlainHubConnection(user, traffic);

    public Task OpenAsync(LoadConnection connection, CancellationToken cancellationToken = default)
    {
        lock (connections)
        {
            connections.Add(connection);
        }

        return connection.OpenAsync(Hub, reactor, cancellationToken);
    }

    public async Task<LoadConnection[]> ConnectAsync(IEnumerable<string> users, ITraffic traffic)
    {
        var made = users.Select(user => Create(user, traffic)).ToArray();
        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = ConnectAtOnce }, async (connection, token) => await OpenAsync(connection, token));
        return made;
    }

    /// <summary>Closes the connections opened last, when their last acknowledgements have left.</summary>
    public async Task CloseAsync(int count)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        lock (connections)
        {
            foreach (var connection in connections[^count..])
            {
                connection.Dispose();
            }

            connections.RemoveRange(connections.Count - count, count);
        }
    }

    public void Dispose()
    {
        pings.Dispose();
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        reactor.Dispose();
        Http.Dispose();
    }

    private void Ping()
    {
        LoadConnection[] all;
        lock (connections)
        {
            all = [.. connections];
        }

        foreach (var connection in all)
        {
            connection.Ping();
        }
    }
}
