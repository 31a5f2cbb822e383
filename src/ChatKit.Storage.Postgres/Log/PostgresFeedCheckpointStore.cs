using System.Text;

namespace ChatKit.Storage.Postgres;

/// <summary>How far each consumer of the feed has come.</summary>
internal sealed class PostgresFeedCheckpointStore(PostgresDatabase database) : IFeedCheckpointStore
{
    private const int MaxConsumerBytes = 128;

    private readonly string _get = database.Sql("select position from {schema}.feed_checkpoints where consumer = $1");

    private readonly string _save = database.Sql("""
        insert into {schema}.feed_checkpoints as c (consumer, position) values ($1, $2)
        on conflict (consumer) do update set position = excluded.position where c.position < excluded.position
        """);

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        return database.ReadAsync(
            _get, p => p.Text(Texts.Encode(consumer)),
            static async reader => await reader.ReadAsync().ConfigureAwait(false) ? (long?)reader.GetInt64(0) : null,
            cancellationToken);
    }

    public ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return database.WriteAsync(Safety.Repeatable, _save, p => p.Text(Texts.Encode(consumer)).Long(position), cancellationToken);
    }

    private static void CheckConsumer(string consumer)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(consumer), MaxConsumerBytes, nameof(consumer));
    }
}
