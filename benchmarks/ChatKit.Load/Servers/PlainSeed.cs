using ChatKit.Load.Scenarios;

namespace ChatKit.Load.Servers;

/// <summary>What the plain servers know of users and groups.</summary>
internal static class PlainSeed
{
    public const string GroupPrefix = "g:";

    public static SeedReply Apply(SeedRequest request, Presences presences)
    {
        var groups = request.Groups.Select(members => (GroupPrefix + members[0], members)).ToList();
        presences.SetGroups(groups);
        return new SeedReply([.. request.Directs.Select(pair => pair[1])], [.. groups.Select(group => group.Item1)]);
    }
}
