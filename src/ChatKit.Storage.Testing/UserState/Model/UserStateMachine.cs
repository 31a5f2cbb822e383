using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.UserState.Model;

/// <summary>Drives user state beside a table of rows.</summary>
internal sealed class UserStateMachine(Func<IUserStateStore> store, Func<Task>? reopen) : Machine
{
    private readonly List<UserStateRow> _rows = [];
    private readonly Dictionary<UserId, long> _highest = [];

    protected override IReadOnlyList<Move> Moves =>
        [new(40, PutAsync), new(10, ReadKeysAsync), new(15, ReadChangesAsync), new(reopen is null ? 0 : 3, ReopenAsync)];

    protected override async Task CheckAllAsync()
    {
        foreach (var user in Enumerable.Range(0, 3).Select(User))
        {
            await CompareAsync(user, 0, 10_000);
        }
    }

    private UserId User(int number) => new($"{(number == 1 ? "ben" : "ann")}-{Run}", number == 2 ? "acme" : "");

    private async Task PutAsync(Dice dice)
    {
        UserStateRow[] batch = [.. Enumerable.Range(0, 1 + dice.Next(4)).Select(_ => new UserStateRow(User(dice.Next(3)), $"k{dice.Next(4)}", new byte[dice.Next(4)]))];
        Tell($"put {string.Join("; ", batch.Select(row => $"{row.User} {row.Key} of {row.Value.Length}"))}");
        var versions = await store().PutAsync(batch, Token);
        Add(string.Join(' ', versions));
        Same(batch.Length, versions.Count, "The number of versions");
        foreach (var (row, version) in batch.Zip(versions))
        {
            Assert.True(version > _highest.GetValueOrDefault(row.User), $"Version {version} of {row.User} comes after {_highest.GetValueOrDefault(row.User)}.");
            _highest[row.User] = version;
            _rows.RemoveAll(other => other.User == row.User && other.Key == row.Key);
            _rows.Add(row with { Version = version });
        }
    }

    private async Task ReadKeysAsync(Dice dice)
    {
        var user = User(dice.Next(3));
        string[] keys = [.. Enumerable.Range(0, 1 + dice.Next(4)).Select(_ => $"k{dice.Next(5)}")];
        Tell($"read {string.Join(' ', keys)} of {user}");
        SameLines(
            keys.Select(key => Describe(_rows.Find(row => row.User == user && row.Key == key))),
            (await store().GetAsync(user, keys, Token)).Select(Describe),
            $"Rows of {user}");
    }

    private Task ReadChangesAsync(Dice dice)
    {
        var user = User(dice.Next(3));
        var own = _rows.FindAll(row => row.User == user);
        var after = own.Count > 0 && dice.OnceIn(2) ? own[dice.Next(own.Count)].Version : 0;
        var limit = dice.OnceIn(2) ? 1 + dice.Next(4) : 10_000;
        Tell($"read what changed of {user} after {after}, {limit} at most");
        return CompareAsync(user, after, limit);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return reopen!();
    }

    private async Task CompareAsync(UserId user, long after, int limit) => SameLines(
        _rows.Where(row => row.User == user && row.Version > after).OrderBy(row => row.Version).Take(limit).Select(Describe),
        (await store().ReadChangesAsync(user, after, limit, Token)).Select(Describe),
        $"What changed of {user}");

    private static string Describe(UserStateRow? row) => row is null ? "-" : $"{row.Version} {row.User} {row.Key} {Convert.ToHexString(row.Value.Span)}";
}
