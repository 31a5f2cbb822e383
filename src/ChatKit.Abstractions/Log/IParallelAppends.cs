namespace ChatKit;

/// <summary>A role that a message store may have: it commits several batches at once, and says how many are worth it.
/// <para>Implemented by the message store itself; the engine then appends batches of different conversations side by side when much waits, unless the host sets
/// <c>ChatKitOptions.Writers</c>.</para></summary>
public interface IParallelAppends
{
    /// <summary>How many appends to different conversations are faster side by side than one after the other; at least 1. Constant.</summary>
    int UsefulAppends { get; }
}
