using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Groups;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Permissions;

/// <summary>A fresh group with everybody in their roles, for one cell of the table.</summary>
internal sealed class Scene
{
    private const string Tenant = "north";
    private static int last;
    private readonly Dictionary<string, long> own = [];

    private Scene(string mark) => Mark = mark;

    /// <summary>Ends the names of this scene's users.</summary>
    public string Mark { get; }

    public string Group { get; private set; } = "";

    public string Olga => "olga" + Mark;

    public static Scene Prepare() => new($".{Interlocked.Increment(ref last)}");

    public static async Task<Scene> CreateAsync(ChatHost host)
    {
        var scene = Prepare();
        await scene.FillAsync(host);
        return scene;
    }

    /// <summary>The user's id and tenant of a column.</summary>
    public (string Name, string Tenant) NameOf(Who who) => who switch
    {
        Who.OtherTenant => ("mia" + Mark, "south"), // a member's name
        Who.Outsider => ("zoe" + Mark, Tenant),
        Who.ExMember => ("eve" + Mark, Tenant),
        Who.Admin => ("adam" + Mark, Tenant),
        Who.Owner => (Olga, Tenant),
        _ => ("mia" + Mark, Tenant),
    };

    /// <summary>A message of the user himself, if he wrote one.</summary>
    public long OwnMessage(Who who) => own.GetValueOrDefault(NameOf(who).Name, own[Olga]);

    /// <summary>A message of somebody else.</summary>
    public long OthersMessage(Who who) => who == Who.Owner ? own["mia" + Mark] : own[Olga];

    public async Task FillAsync(ChatHost host)
    {
        var stop = TestContext.Current.CancellationToken;
        var olga = User("olga");
        string[] others = ["otto", "adam", "ada", "mia", "max", "eve"];
        var created = await host.Chat.CreateGroupAsync(new CreateGroup { By = olga, Title = "secret plans", Members = [.. others.Select(User)] }, stop);
        var group = created.Value.Conversation;
        Group = group.Value;
        await PromoteAsync(host, group, 1, MemberRole.Admin, "adam", "ada");
        await PromoteAsync(host, group, 2, MemberRole.Owner, "otto");
        foreach (var writer in new[] { "olga", "adam", "mia", "eve" })
        {
            var sent = await host.Chat.SendAsync(SendMessage.Text(User(writer), group, "secret words"), stop);
            own[writer + Mark] = sent.Value.Seq;
        }

        var removed = await host.Chat.ChangeMembersAsync(new ChangeMembers { By = olga, Conversation = group, Action = MembershipAction.Removed, Users = [User("eve")] }, stop);
        Assert.True(removed.IsSuccess);
        Assert.True((await host.Chat.SendAsync(SendMessage.Text(olga, group, "secret afterwards"), stop)).IsSuccess);
    }

    private UserId User(string name) => new(name + Mark, Tenant);

    /// <summary>No command gives roles yet: an entry in the log does.</summary>
    private async Task PromoteAsync(ChatHost host, ConversationId group, long version, MemberRole role, params string[] names)
    {
        var stop = TestContext.Current.CancellationToken;
        var store = host.App.Services.GetRequiredService<IMessageStore>();
        var change = new MembershipChange { Action = MembershipAction.RoleChanged, Members = [.. names.Select(name => new MemberChange(name + Mark, role))] };
        var result = Assert.Single(await store.AppendAsync(
            [
                new AppendRequest
                {
                    Conversation = group,
                    Sender = User("olga"),
                    Command = CommandId.New(),
                    PayloadHash = 0,
                    Header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType },
                    Body = change.ToBody(),
                    MembershipVersion = version,
                },
            ],
            stop));
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        var entry = (await store.ReadAsync([new LogRange(group, result.Seq, result.Seq, 1)], stop))[0].Single();
        await host.App.Services.GetRequiredService<MembershipService>().ApplyAsync(entry, stop);
    }
}
