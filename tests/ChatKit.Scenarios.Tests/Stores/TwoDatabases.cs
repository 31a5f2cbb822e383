namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>Groups, devices and sessions in one PostgreSQL database, all else in another.</summary>
internal sealed class TwoDatabases() : MixedStore(
    new PostgresStore(), (ChatPlugs.Groups | ChatPlugs.Devices | ChatPlugs.Sessions, new PostgresStore()));
