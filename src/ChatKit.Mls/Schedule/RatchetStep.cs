namespace ChatKit.Mls;

/// <summary>A key taken from the secret tree but not yet removed from it: see <see cref="SecretTree.Apply"/>.</summary>
internal sealed record RatchetStep(RatchetId Id, MessageKey Key, Ratchet Next, Ratchet? Other, IReadOnlyList<(int Node, byte[]? Secret)> Expanded);
