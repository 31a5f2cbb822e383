namespace ChatKit.Storage.Benchmarks;

/// <summary>A call of the store that the engine makes often.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Run">Makes the call once, at a random place.</param>
/// <param name="Timed">Whether its latency is measured; the others are explained only.</param>
/// <param name="Grows">Whether it fills the store so fast that its measurement has to end early.</param>
internal sealed record HotQuery(string Name, Func<Random, Task> Run, bool Timed = true, bool Grows = false);
