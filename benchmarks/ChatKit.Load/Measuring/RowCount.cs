namespace ChatKit.Load.Measuring;

/// <summary>What a server's store holds.</summary>
/// <param name="Rows">Messages stored after the position asked for; -1 when the server stores nothing.</param>
/// <param name="Position">Where to count on.</param>
internal sealed record RowCount(long Rows, long Position);
