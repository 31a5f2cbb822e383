namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>Groups in a LiteDB file, all else in PostgreSQL.</summary>
internal sealed class GroupsInLiteDb() : MixedStore(new PostgresStore(), (ChatPlugs.Groups, new AspNetCore.Tests.Hosting.LiteDbStore()));
