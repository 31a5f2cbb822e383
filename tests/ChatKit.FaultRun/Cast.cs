using ChatKit.Client;

namespace ChatKit.FaultRun;

/// <summary>Who plays in one seed, and what they do when a step names them.</summary>
internal sealed class Cast(string tenant, Uri server) : IAsyncDisposable
{
    private const int MostDevices = 4;
    private const int RemovedBurst = 12;
    private static readonly TimeSpan StartAgain = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly List<Actor> actors = [];
    private readonly List<string> users = [];
    private readonly List<(ConversationId Id, string Owner)> groups = [];
    private readonly List<(Step Step, Task Task)> running = [];

    public IReadOnlyList<Actor> Actors => actors;

    /// <summary>Devices connect, the first user makes the groups. Before the weather, so that there is a place to play.</summary>
    public async Task EnterAsync(Plan plan, CancellationToken cancellationToken)
    {
        for (var user = 0; user < plan.Devices.Count; user++)
        {
            users.Add($"u{user}");
            for (var device = 0; device < plan.Devices[user]; device++)
            {
                actors.Add(new Actor(tenant, users[user], $"d{device}", server));
            }
        }

        await Task.WhenAll(actors.Select(actor => actor.Client.StartAsync(cancellationToken)));
        for (var group = 0; group < plan.Groups; group++)
        {
            var history = group == 1 && plan.GroupShowsAll ? GroupHistory.All : GroupHistory.FromJoining;
            var made = await actors[0].Client.CreateGroupAsync($"g{group}", users.Skip(1).Take(group + 1).Select(static u => new UserId(u)), history, cancellationToken);
            groups.Add((made.Id!.Value, users[0]));
        }
    }

    /// <summary>Begins a step; it may last.</summary>
    public void Do(Step step, CancellationToken cancellationToken)
    {
        var actor = actors[step.Device % actors.Count];
        lock (gate)
        {
            running.RemoveAll(static one => one.Task.IsCompletedSuccessfully);
            running.Add((step, Quietly(Task.Run(() => StepAsync(actor, step, cancellationToken), CancellationToken.None))));
        }
    }

    /// <summary>Everybody comes back, and what was begun ends.</summary>
    public async Task GatherAsync(CancellationToken cancellationToken)
    {
        Task open;
        lock (gate)
        {
            open = Task.WhenAll(running.Select(static one => one.Task));
        }

        // A step that stops a client may still be under way: what was begun can end only when that client is started again.
        do
        {
            await Task.WhenAll(actors.Select(actor => actor.Client.StartAsync(cancellationToken)));
            await Task.WhenAny(open, Task.Delay(StartAgain, TimeProvider.System, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (!open.IsCompleted || actors.Exists(static actor => actor.Client.State == ChatConnectionState.Stopped));
    }

    /// <summary>What is not quiet: for the message when time is up.</summary>
    public string Unquiet()
    {
        lock (gate)
        {
            return string.Join("; ", actors.Where(static a => a.Client.State != ChatConnectionState.Connected).Select(static a => $"{a.User}/{a.Record.Device} is {a.Client.State}")
                .Concat(running.Where(static one => !one.Task.IsCompleted).Select(static one => $"unfinished: {one.Step}")));
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(actors.Select(static actor => actor.DisposeAsync().AsTask()));

    /// <summary>Refusals and lost answers are part of the play: the records have them.</summary>
    private static async Task Quietly(Task step)
    {
        try
        {
            await step;
        }
        catch (Exception e) when (e is ChatClientException or OperationCanceledException)
        {
            // Recorded by the client.
        }
    }

    private async Task StepAsync(Actor actor, Step step, CancellationToken cancellationToken)
    {
        var place = Place(actor, step.Place);
        switch (step.Kind)
        {
            case StepKind.Burst:
                await BurstAsync(actor, place, 1 + (step.Number % 12), cancellationToken);
                break;
            case StepKind.Withdraw:
                await BurstAsync(actor, place, 1, cancellationToken);
                var taken = await place.SendAsync(actor.NextText(), cancellationToken);
                await actor.Client.WithdrawAsync(taken.Command, cancellationToken);
                await BurstAsync(actor, place, 1, cancellationToken);
                break;
            case StepKind.Edit when Own(actor, place, step.Number) is { } seq:
                await place.EditAsync(seq, actor.NextText(), cancellationToken);
                break;
            case StepKind.Delete when Own(actor, place, step.Number) is { } seq:
                await place.DeleteAsync(seq, cancellationToken);
                break;
            case StepKind.Read when place.CachedMessages.LastOrDefault(static m => m.Seq > 0) is { } last:
                await place.MarkReadAsync(last.Seq, cancellationToken);
                break;
            case StepKind.Add:
                await Group(Manager(actor, step), step.Place).AddMembersAsync([new UserId(users[step.Number % users.Count])], cancellationToken);
                break;
            case StepKind.Remove:
                await RemoveAsync(actor, step, cancellationToken);
                break;
            case StepKind.Leave:
                await Group(actor, step.Place).LeaveAsync(cancellationToken);
                break;
            case StepKind.Create:
                var made = await actor.Client.CreateGroupAsync("new", users.Where(u => u != actor.User).Take(1 + (step.Number % 3)).Select(static u => new UserId(u)), cancellationToken: cancellationToken);
                lock (gate)
                {
                    groups.Add((made.Id!.Value, actor.User));
                }

                break;
            case StepKind.Look:
                await Task.WhenAll(place.GetMessagesAsync(cancellationToken: cancellationToken), place.GetInfoAsync(cancellationToken), place.GetReceiptsAsync(cancellationToken));
                break;
            case StepKind.Stop:
                await actor.Client.StopAsync(cancellationToken);
                break;
            case StepKind.Start:
                await actor.Client.StartAsync(cancellationToken);
                break;
            case StepKind.NewDevice:
                await NewDeviceAsync(actor.User, cancellationToken);
                break;
            case StepKind.Type:
                place.ReportTyping();
                break;
        }
    }

    private static async Task BurstAsync(Actor actor, ChatConversation place, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await place.SendAsync(actor.NextText(), cancellationToken);
        }
    }

    private async Task RemoveAsync(Actor actor, Step step, CancellationToken cancellationToken)
    {
        var group = Group(Manager(actor, step), step.Place);
        var whom = users[step.Number % users.Count];
        var sends = actors.Where(a => a.User == whom).Select(a => BurstAsync(a, Group(a, step.Place), RemovedBurst, cancellationToken)).ToList();
        await group.RemoveMembersAsync([new UserId(whom)], cancellationToken);
        await Task.WhenAll(sends);
    }

    private async Task NewDeviceAsync(string user, CancellationToken cancellationToken)
    {
        Actor fresh;
        lock (gate)
        {
            var mine = actors.Count(a => a.User == user);
            if (mine >= MostDevices)
            {
                return;
            }

            actors.Add(fresh = new Actor(tenant, user, $"d{mine}", server));
        }

        await fresh.Client.StartAsync(cancellationToken);
    }

    private ChatConversation Place(Actor actor, int place) =>
        place % 2 == 0 ? Group(actor, place / 2) : actor.Client.Direct(users[place / 2 % users.Count]);

    private ChatConversation Group(Actor actor, int place)
    {
        lock (gate)
        {
            return actor.Client.Conversation(groups[place % groups.Count].Id);
        }
    }

    /// <summary>Who changes the members of the group: mostly its first owner, whom the others may not replace.</summary>
    private Actor Manager(Actor actor, Step step)
    {
        lock (gate)
        {
            var owner = groups[step.Place % groups.Count].Owner;
            return step.Number % 4 == 0 ? actor : actors.First(a => a.User == owner);
        }
    }

    private static long? Own(Actor actor, ChatConversation place, int number)
    {
        var own = place.CachedMessages.Where(m => m.From?.Value == actor.User && m is { Seq: > 0, IsDeleted: false }).ToList();
        return own.Count == 0 ? null : own[number % own.Count].Seq;
    }
}
