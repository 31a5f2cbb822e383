using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing.Sessions.Model;

/// <summary>Drives a session registry beside plain tables of leases and sessions, on the test's clock.</summary>
internal sealed class SessionMachine(ISessionRegistry registry, SettableClock? clock) : Machine
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<NodeId, TimeSpan> _leases = [];
    private readonly List<SessionRecord> _sessions = [];
    private TimeSpan _now;

    protected override IReadOnlyList<Move> Moves =>
    [
        new(20, RenewAsync), new(40, PutAsync), new(10, RemoveAsync), new(5, RemoveNodeAsync), new(clock is null ? 0 : 10, MoveClockAsync), new(15, _ => ReadAsync()),
    ];

    protected override Task CheckAllAsync() => CompareAsync();

    private NodeId Node(Dice dice) => new($"{Run}-{dice.Pick("n", "N")}");

    private UserId User(int number) => new($"{(number == 1 ? "ben" : "ann")}-{Run}", number == 2 ? "acme" : "");

    private SessionRecord Session(Dice dice)
    {
        var user = User(dice.Next(3));
        return new SessionRecord(new SessionId($"s{dice.Next(3)}"), new DeviceId(user, dice.Pick("phone", "tablet")), Node(dice), Noon.AddSeconds(dice.Next(9)));
    }

    private async Task RenewAsync(Dice dice)
    {
        // Half seconds: no lease ends just when the clock stands.
        var (node, lease) = (Node(dice), TimeSpan.FromSeconds(60 + (60 * dice.Next(3)) + 0.5));
        Tell($"renew {node} for {lease}");
        var lived = Lives(node);
        if (!lived)
        {
            // What was put for a node without a lease must be put again.
            _sessions.RemoveAll(session => session.Node == node);
        }

        _leases[node] = _now + lease;
        Same(lived, await registry.RenewNodeAsync(node, lease, Token), $"Whether {node} had a lease");
    }

    private async Task PutAsync(Dice dice)
    {
        SessionRecord[] batch = [.. Enumerable.Range(0, 1 + dice.Next(3)).Select(_ => Session(dice))];
        Tell($"put {string.Join<SessionRecord>("; ", batch)}");
        foreach (var session in batch)
        {
            _sessions.RemoveAll(other => IsSame(other, session));
            _sessions.Add(session);
        }

        await registry.PutAsync(batch, Token);
    }

    private async Task RemoveAsync(Dice dice)
    {
        SessionRecord[] batch = [.. Enumerable.Range(0, 1 + dice.Next(2)).Select(_ => Session(dice))];
        Tell($"remove {string.Join<SessionRecord>("; ", batch)}");
        foreach (var session in batch)
        {
            _sessions.RemoveAll(other => IsSame(other, session));
        }

        await registry.RemoveAsync(batch, Token);
    }

    private async Task RemoveNodeAsync(Dice dice)
    {
        var node = Node(dice);
        Tell($"remove {node}");
        _leases.Remove(node);
        _sessions.RemoveAll(session => session.Node == node);
        await registry.RemoveNodeAsync(node, Token);
    }

    private Task MoveClockAsync(Dice dice)
    {
        var by = TimeSpan.FromSeconds(1 + dice.Next(100));
        Tell($"let {by} pass");
        _now += by;
        clock!.Move(by);
        return Task.CompletedTask;
    }

    private Task ReadAsync()
    {
        Tell("read the sessions of all");
        return CompareAsync();
    }

    private bool Lives(NodeId node) => _leases.TryGetValue(node, out var until) && until > _now;

    /// <summary>A session is known by its user and its id.</summary>
    private static bool IsSame(SessionRecord one, SessionRecord other) => one.Session == other.Session && one.Device.User == other.Device.User;

    private async Task CompareAsync()
    {
        UserId[] users = [.. Enumerable.Range(0, 3).Select(User)];
        var answers = await registry.GetAsync(users, Token);
        SameLines(
            users.Select(user => $"{user}: {Lines(_sessions.Where(session => session.Device.User == user && Lives(session.Node)))}"),
            users.Zip(answers, (user, answer) => $"{user}: {Lines(answer)}"),
            "The sessions");

        static string Lines(IEnumerable<SessionRecord> sessions) => string.Join("; ", sessions.Select(session => $"{session}").Order(StringComparer.Ordinal));
    }
}
