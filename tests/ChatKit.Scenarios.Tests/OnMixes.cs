using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Scenarios.Tests.Stores;

namespace ChatKit.Scenarios.Tests.OnMixes;

[OnStore<GroupsInLiteDb>]
public sealed class GroupsOnGroupsInLiteDb : GroupTests;

[OnStore<TwoDatabases>]
public sealed class GroupsOnTwoDatabases : GroupTests;

[OnStore<FourAdapters>]
public sealed class GroupsOnFourAdapters : GroupTests;

[OnStore<FourAdapters>]
public sealed class HistoryOnFourAdapters : HistoryTests;

[OnStore<FourAdapters>]
public sealed class ReceiptsOnFourAdapters : ReceiptTests;

[OnStore<FourAdapters>]
public sealed class RetryOnFourAdapters : RetryTests;
