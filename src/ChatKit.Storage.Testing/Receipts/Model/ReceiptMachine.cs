using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Receipts.Model;

/// <summary>Drives a receipt store beside a table of the highest marks.</summary>
internal sealed class ReceiptMachine(Func<IReceiptStore> store, Func<Task>? reopen) : Machine
{
    private static readonly string[] Tenants = ["", "acme"];

    private readonly Dictionary<(ConversationId Conversation, UserId User), Receipt> _marks = [];

    protected override IReadOnlyList<Move> Moves =>
        [new(40, AdvanceAsync), new(10, _ => ReadAllAsync()), new(10, ReadOneAsync), new(reopen is null ? 0 : 3, ReopenAsync)];

    protected override async Task CheckAllAsync()
    {
        await CompareAsync();
        foreach (var tenant in Tenants)
        {
            await CompareAsync(new UserId("ann", tenant));
            await CompareAsync(new UserId("ben", tenant));
        }
    }

    private ConversationId[] Conversations => [.. Tenants.SelectMany(tenant => new[] { $"c-{Run}", $"d-{Run}" }.Select(id => new ConversationId(id, tenant)))];

    private async Task AdvanceAsync(Dice dice)
    {
        Receipt[] batch = [.. Enumerable.Range(0, 1 + dice.Next(5)).Select(_ =>
        {
            var id = Conversations[dice.Next(4)];
            return new Receipt(id, new UserId(dice.Pick("ann", "ben"), id.Tenant), Mark(dice), Mark(dice));
        })];
        Tell($"advance {string.Join("; ", batch)}");
        foreach (var mark in batch)
        {
            var key = (mark.Conversation, mark.User);
            var old = _marks.GetValueOrDefault(key);
            var read = Math.Max(old.Read, mark.Read);
            var delivered = Math.Max(Math.Max(old.Delivered, mark.Delivered), read);
            if (delivered > 0)
            {
                _marks[key] = mark with { Delivered = delivered, Read = read };
            }
        }

        await store().AdvanceAsync(batch, Token);
    }

    private static long Mark(Dice dice) => dice.OnceIn(12) ? long.MaxValue : dice.Next(20);

    private Task ReadAllAsync()
    {
        Tell("read the marks of all conversations");
        return CompareAsync();
    }

    private Task ReadOneAsync(Dice dice)
    {
        var user = new UserId(dice.Pick("ann", "ben"), dice.Pick("", "acme"));
        Tell($"read the marks of {user}");
        return CompareAsync(user);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return reopen!();
    }

    private async Task CompareAsync()
    {
        var ids = Conversations;
        var answers = await store().GetAsync(ids, Token);
        SameLines(
            ids.Select(id => $"{id}: {Lines(_marks.Values.Where(mark => mark.Conversation == id))}"),
            ids.Zip(answers, (id, answer) => $"{id}: {Lines(answer)}"),
            "The marks of the conversations");

        static string Lines(IEnumerable<Receipt> marks) => string.Join("; ", marks.Select(mark => $"{mark}").Order(StringComparer.Ordinal));
    }

    private async Task CompareAsync(UserId user)
    {
        var ids = Conversations;
        var answers = await store().GetForUserAsync(user, ids, Token);
        SameLines(
            ids.Select(id => $"{_marks.GetValueOrDefault((id, user), new Receipt(id, user, 0, 0))}"),
            answers.Select(answer => $"{answer}"),
            $"The marks of {user}");
    }
}
