using Npgsql;
using NpgsqlTypes;

namespace ChatKit.Storage.Postgres;

/// <summary>Typed positional parameters. A null array is sent as NULL: all its elements are null then.</summary>
internal static class Parameters
{
    public static NpgsqlParameterCollection Text(this NpgsqlParameterCollection parameters, string? value) =>
        parameters.Typed(NpgsqlDbType.Text, value);

    public static NpgsqlParameterCollection Texts(this NpgsqlParameterCollection parameters, string?[]? values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Text, values);

    public static NpgsqlParameterCollection Long(this NpgsqlParameterCollection parameters, long value) =>
        parameters.Typed(NpgsqlDbType.Bigint, value);

    public static NpgsqlParameterCollection Longs(this NpgsqlParameterCollection parameters, long[]? values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values);

    public static NpgsqlParameterCollection Longs(this NpgsqlParameterCollection parameters, long?[]? values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values);

    public static NpgsqlParameterCollection Long(this NpgsqlParameterCollection parameters, long? value) =>
        value is { } number ? parameters.Long(number) : parameters.Typed<DBNull>(NpgsqlDbType.Bigint, null);

    public static NpgsqlParameterCollection Int(this NpgsqlParameterCollection parameters, int value) =>
        parameters.Typed(NpgsqlDbType.Integer, value);

    public static NpgsqlParameterCollection Ints(this NpgsqlParameterCollection parameters, int[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Integer, values);

    public static NpgsqlParameterCollection Shorts(this NpgsqlParameterCollection parameters, short[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Smallint, values);

    public static NpgsqlParameterCollection Shorts(this NpgsqlParameterCollection parameters, short?[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Smallint, values);

    public static NpgsqlParameterCollection Bool(this NpgsqlParameterCollection parameters, bool value) =>
        parameters.Typed(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameterCollection Bools(this NpgsqlParameterCollection parameters, bool[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Boolean, values);

    public static NpgsqlParameterCollection Guid(this NpgsqlParameterCollection parameters, Guid value) =>
        parameters.Typed(NpgsqlDbType.Uuid, value);

    public static NpgsqlParameterCollection Guids(this NpgsqlParameterCollection parameters, Guid[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    public static NpgsqlParameterCollection Bytes(this NpgsqlParameterCollection parameters, ReadOnlyMemory<byte> value) =>
        parameters.Typed(NpgsqlDbType.Bytea, value);

    public static NpgsqlParameterCollection Bytes(this NpgsqlParameterCollection parameters, ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? parameters.Bytes(bytes) : parameters.Typed<DBNull>(NpgsqlDbType.Bytea, null);

    public static NpgsqlParameterCollection ByteArrays(this NpgsqlParameterCollection parameters, byte[]?[]? values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.Bytea, values);

    public static NpgsqlParameterCollection Time(this NpgsqlParameterCollection parameters, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            return parameters.Typed(NpgsqlDbType.TimestampTz, time.UtcDateTime);
        }

        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = DBNull.Value });
        return parameters;
    }

    public static NpgsqlParameterCollection Times(this NpgsqlParameterCollection parameters, DateTime[] values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, values);

    public static NpgsqlParameterCollection Times(this NpgsqlParameterCollection parameters, DateTime?[]? values) =>
        parameters.Typed(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, values);

    public static NpgsqlParameterCollection Interval(this NpgsqlParameterCollection parameters, TimeSpan value) =>
        parameters.Typed(NpgsqlDbType.Interval, value);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int ordinal) => new(reader.GetFieldValue<DateTime>(ordinal));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.Time(ordinal);

    public static string? TextOrNull(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static NpgsqlParameterCollection Typed<T>(this NpgsqlParameterCollection parameters, NpgsqlDbType type, T? value)
    {
        if (value is null)
        {
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value });
        }
        else
        {
            parameters.Add(new NpgsqlParameter<T> { NpgsqlDbType = type, TypedValue = value });
        }

        return parameters;
    }
}
