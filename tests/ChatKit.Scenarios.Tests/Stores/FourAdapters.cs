using ChatKit.AspNetCore.Tests.Hosting;

namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>Logs and bytes in SQLite, groups in PostgreSQL, what users have read and set in LiteDB, what may be lost in memory.</summary>
internal sealed class FourAdapters() : MixedStore(
    new SqliteStore(),
    (ChatPlugs.Groups, new PostgresStore()),
    (ChatPlugs.Receipts | ChatPlugs.UserState, new LiteDbStore()),
    (ChatPlugs.Relay | ChatPlugs.Sessions | ChatPlugs.LastSeen, new InMemoryStore()));
