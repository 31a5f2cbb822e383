namespace ChatKit.Wire;

/// <summary>Who has got and who has read one message.</summary>
/// <param name="Total">How many members it went to, without its sender.</param>
/// <param name="Delivered">Who has got it.</param>
/// <param name="Read">Who was shown it.</param>
public sealed record WireMessageReceipts(int Total, IReadOnlyList<string> Delivered, IReadOnlyList<string> Read);
