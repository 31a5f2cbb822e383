namespace ChatKit.Storage.Testing.Sequences;

/// <summary>Something a machine can do.</summary>
/// <param name="Weight">How often, beside the other moves.</param>
/// <param name="DoAsync">Does it to store and model, compares them, and fails where they differ.</param>
internal sealed record Move(int Weight, Func<Dice, Task> DoAsync);
