using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Scenarios.Tests.Stores;

namespace ChatKit.Scenarios.Tests.OnLiteDb;

[OnStore<LiteDbStore>]
public sealed class Delivery : DeliveryTests;

[OnStore<LiteDbStore>]
public sealed class Direct : DirectTests;

[OnStore<LiteDbStore>]
public sealed class FeedStart : FeedStartTests;

[OnStore<LiteDbStore>]
public sealed class Groups : GroupTests;

[OnStore<LiteDbStore>]
public sealed class Hello : HelloTests;

[OnStore<LiteDbStore>]
public sealed class History : HistoryTests;

[OnStore<LiteDbStore>]
public sealed class Presence : PresenceTests;

[OnStore<LiteDbStore>]
public sealed class Receipts : ReceiptTests;

[OnStore<LiteDbStore>]
public sealed class Recovery : RecoveryTests;

[OnStore<LiteDbStore>]
public sealed class Retry : RetryTests;
