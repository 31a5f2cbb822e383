using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Scenarios.Tests.Stores;

namespace ChatKit.Scenarios.Tests.OnSqlite;

[OnStore<SqliteStore>]
public sealed class Delivery : DeliveryTests;

[OnStore<SqliteStore>]
public sealed class Direct : DirectTests;

[OnStore<SqliteStore>]
public sealed class FeedStart : FeedStartTests;

[OnStore<SqliteStore>]
public sealed class Groups : GroupTests;

[OnStore<SqliteStore>]
public sealed class Hello : HelloTests;

[OnStore<SqliteStore>]
public sealed class History : HistoryTests;

[OnStore<SqliteStore>]
public sealed class Presence : PresenceTests;

[OnStore<SqliteStore>]
public sealed class Receipts : ReceiptTests;

[OnStore<SqliteStore>]
public sealed class Recovery : RecoveryTests;

[OnStore<SqliteStore>]
public sealed class Retry : RetryTests;
