using System.Globalization;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>Appends to a few conversations at once, the same in every process, and says what was accepted: "conversation seq command".
/// Every third command is the same in every process too: whoever comes second must learn what the first was told.</summary>
internal static class WorkerLanes
{
    public const int Count = 3;
    private static readonly UserId Writer = new("worker");

    public static ConversationId Lane(string name, int lane) => new(string.Create(CultureInfo.InvariantCulture, $"lane{lane}-{name.Split('.')[0]}"));

    public static CommandId Shared(string name, int lane, int batch) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name.Split('.')[0]}.{lane}.{batch}"));

    /// <summary>Appends batches of one to seven items.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The race, a dot, and the name of this participant.</param>
    /// <param name="batches">How many batches for each conversation.</param>
    /// <param name="say">Takes a line; called by one at a time.</param>
    public static Task AppendAsync(IMessageStore store, string name, int batches, Action<string> say)
    {
        var turn = new Lock();
        return Task.WhenAll(Enumerable.Range(0, Count).Select(lane => Task.Run(async () =>
        {
            await StoreAsync([Creation(name, lane)]).ConfigureAwait(false);
            for (var n = 0; n < batches; n++)
            {
                var own = Enumerable.Range(0, n % 7).Select(k => Message(name, lane, new CommandId(string.Create(CultureInfo.InvariantCulture, $"{name}.{lane}.{n}.{k}")), n));
                await StoreAsync(n % 3 == 0 || n % 7 == 0 ? [Message(name, lane, Shared(name, lane, n), n), .. own] : [.. own]).ConfigureAwait(false);
            }

            async Task StoreAsync(AppendRequest[] batch)
            {
                var results = await store.AppendAsync(batch, CancellationToken.None).ConfigureAwait(false);
                lock (turn)
                {
                    for (var k = 0; k < batch.Length; k++)
                    {
                        say(string.Create(CultureInfo.InvariantCulture, $"{batch[k].Conversation.Value} {results[k].Seq} {batch[k].Command.Value} {results[k].Outcome}"));
                    }
                }
            }
        })));
    }

    private static AppendRequest Creation(string name, int lane) =>
        Make.Creation(Lane(name, lane), Writer) with { Command = new CommandId("creation") };

    private static AppendRequest Message(string name, int lane, CommandId command, int n) =>
        Make.Message(Lane(name, lane), Writer, "") with { Command = command, PayloadHash = 7, Body = new byte[100 + (n % 900)] };
}
