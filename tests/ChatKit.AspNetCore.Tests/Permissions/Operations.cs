using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests.Permissions;

/// <summary>What every row of docs/permissions.md does.</summary>
internal static class Operations
{
    /// <summary>Commands of the hub: the tag, perhaps a note, and the command.</summary>
    public static IReadOnlyDictionary<string, Func<Scene, Who, CommandFrame>> Commands { get; } = new Dictionary<string, Func<Scene, Who, CommandFrame>>(StringComparer.Ordinal)
    {
        ["send (to the group)"] = (s, _) => new() { Conversation = s.Group, Text = "let me in" },
        ["send (to a user)"] = (s, _) => new() { To = s.Olga, Text = "hello" },
        ["edit (an own message)"] = (s, w) => new() { Conversation = s.Group, Seq = s.OwnMessage(w), Text = "changed" },
        ["edit (another's message)"] = (s, w) => new() { Conversation = s.Group, Seq = s.OthersMessage(w), Text = "changed" },
        ["delete (an own message)"] = (s, w) => new() { Conversation = s.Group, Seq = s.OwnMessage(w) },
        ["delete (another's message)"] = (s, w) => new() { Conversation = s.Group, Seq = s.OthersMessage(w) },
        ["withdraw"] = (s, _) => new() { Conversation = s.Group },
        ["ack"] = (s, _) => new() { Cursors = [new WireCursor(s.Group, 9)] },
        ["read"] = (s, _) => new() { Conversation = s.Group, Seq = 2 },
        ["typing"] = (s, _) => new() { Conversation = s.Group, Typing = true },
        ["activity"] = (_, _) => new(),
        ["watch"] = (s, _) => new() { Users = [s.Olga] },
        ["messages (of the group)"] = (s, _) => new() { Conversation = s.Group },
        ["messages (of a direct chat of others)"] = (s, _) => new() { Conversation = ConversationId.Direct(new UserId(s.Olga, "north"), new UserId("otto" + s.Mark, "north")).Value },
        ["conversations"] = (_, _) => new(),
        ["conversation"] = (s, _) => new() { Conversation = s.Group },
        ["createGroup"] = (s, _) => new() { Title = "mine", Users = ["max" + s.Mark] },
        ["addMembers"] = (s, _) => new() { Conversation = s.Group, Users = ["new" + s.Mark] },
        ["removeMembers (a member)"] = (s, _) => new() { Conversation = s.Group, Users = ["max" + s.Mark] },
        ["removeMembers (an admin)"] = (s, _) => new() { Conversation = s.Group, Users = ["ada" + s.Mark] },
        ["removeMembers (an owner)"] = (s, _) => new() { Conversation = s.Group, Users = ["otto" + s.Mark] },
        ["leave"] = (s, _) => new() { Conversation = s.Group },
        ["receipts (of the group)"] = (s, _) => new() { Conversation = s.Group },
        ["receipts (of a message)"] = (s, _) => new() { Conversation = s.Group, Seq = s.OwnMessage(Who.Member) },
    };

    /// <summary>Endpoints of plain HTTP: the route, perhaps a note, and the path and body.</summary>
    public static IReadOnlyDictionary<string, Func<Scene, Who, (string Path, object? Body)>> Endpoints { get; } = new Dictionary<string, Func<Scene, Who, (string, object?)>>(StringComparer.Ordinal)
    {
        ["POST conversations/{conversation}/messages"] = (s, _) => ($"conversations/{s.Group}/messages", new { text = "let me in" }),
        ["POST direct/{user}/messages"] = (s, _) => ($"direct/{s.Olga}/messages", new { text = "hello" }),
        ["GET conversations/{conversation}/messages"] = (s, _) => ($"conversations/{s.Group}/messages", null),
        ["GET direct/{user}/messages (never written to)"] = (s, _) => ($"direct/otto{s.Mark}/messages", null),
        ["PUT conversations/{conversation}/messages/{seq} (own)"] = (s, w) => ($"conversations/{s.Group}/messages/{s.OwnMessage(w)}", new { text = "changed" }),
        ["PUT conversations/{conversation}/messages/{seq} (another's)"] = (s, w) => ($"conversations/{s.Group}/messages/{s.OthersMessage(w)}", new { text = "changed" }),
        ["DELETE conversations/{conversation}/messages/{seq} (own)"] = (s, w) => ($"conversations/{s.Group}/messages/{s.OwnMessage(w)}", null),
        ["DELETE conversations/{conversation}/messages/{seq} (another's)"] = (s, w) => ($"conversations/{s.Group}/messages/{s.OthersMessage(w)}", null),
        ["GET conversations"] = (_, _) => ("conversations", null),
        ["GET conversations/{conversation}"] = (s, _) => ($"conversations/{s.Group}", null),
        ["POST conversations/{conversation}/typing"] = (s, _) => ($"conversations/{s.Group}/typing", new { typing = true }),
        ["POST groups"] = (s, _) => ("groups", new { title = "mine", users = new[] { "max" + s.Mark } }),
        ["POST conversations/{conversation}/members"] = (s, _) => ($"conversations/{s.Group}/members", new { users = new[] { "new" + s.Mark } }),
        ["DELETE conversations/{conversation}/members/{user} (a member)"] = (s, _) => ($"conversations/{s.Group}/members/max{s.Mark}", null),
        ["DELETE conversations/{conversation}/members/{user} (an admin)"] = (s, _) => ($"conversations/{s.Group}/members/ada{s.Mark}", null),
        ["DELETE conversations/{conversation}/members/{user} (an owner)"] = (s, _) => ($"conversations/{s.Group}/members/otto{s.Mark}", null),
        ["POST conversations/{conversation}/leave"] = (s, _) => ($"conversations/{s.Group}/leave", null),
        ["POST conversations/{conversation}/read"] = (s, _) => ($"conversations/{s.Group}/read", new { seq = 2 }),
        ["GET conversations/{conversation}/receipts"] = (s, _) => ($"conversations/{s.Group}/receipts", null),
        ["GET conversations/{conversation}/messages/{seq}/receipts"] = (s, _) => ($"conversations/{s.Group}/messages/{s.OwnMessage(Who.Member)}/receipts", null),
        ["GET presence"] = (s, _) => ($"presence?user={s.Olga}", null),
        ["GET sync"] = (_, _) => ("sync?device=phone&wait=0", null),
        ["GET antiforgery"] = (_, _) => ("antiforgery", null),
        ["POST renewal"] = (_, _) => ("renewal", null),
        ["GET openapi.json"] = (_, _) => ("openapi.json", null),
    };

    /// <summary>The operation of a row without the note.</summary>
    public static string NameOf(string row)
    {
        var note = row.IndexOf(" (", StringComparison.Ordinal);
        return note < 0 ? row : row[..note];
    }
}
