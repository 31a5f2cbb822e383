using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>What is read from rows again and again.</summary>
internal static class Rows
{
    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) => Time(row.GetInt64(column));

    public static string? GetText(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static void CheckLimit(int limit, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, max);
    }
}
