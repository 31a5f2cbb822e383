using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>A connection out of the pool.</summary>
/// <param name="Open">The connection.</param>
/// <param name="Age">Of <see cref="WarmConnections"/> when it was opened.</param>
/// <param name="Since">The timestamp since when it is out of the pool.</param>
internal readonly record struct WarmConnection(NpgsqlConnection Open, int Age, long Since);
