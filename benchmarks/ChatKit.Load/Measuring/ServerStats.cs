namespace ChatKit.Load.Measuring;

/// <summary>What a bench host tells of itself.</summary>
/// <param name="Allocated">Bytes allocated since the start.</param>
/// <param name="Heap">Bytes on the managed heap.</param>
/// <param name="Collections">Collections of the oldest generation.</param>
/// <param name="Compiling">Milliseconds the just-in-time compiler has worked.</param>
internal sealed record ServerStats(long Allocated, long Heap, int Collections, double Compiling);
