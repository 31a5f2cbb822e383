namespace ChatKit.Mls;

/// <summary>A node of a filtered direct path with its child on the copath (RFC 9420, section 4.1.2).</summary>
internal readonly record struct PathStep(int Node, int CopathChild);
