namespace ChatKit.Storage.Testing.Sequences;

/// <summary>One step of a random sequence before it is interpreted: which move, and the numbers it is made with. It means something after
/// any other steps, so that a failing sequence can be shortened at any place.</summary>
/// <param name="Move">Chooses the move, by the moves' weights.</param>
/// <param name="Dice">Numbers from 0 on, consumed in order; when they end, zeros follow. Zero always means the simplest.</param>
internal sealed record Step(int Move, IReadOnlyList<int> Dice);
