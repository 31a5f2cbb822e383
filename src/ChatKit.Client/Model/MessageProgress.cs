namespace ChatKit.Client;

/// <summary>Who has got and who has read one message: k of n, and who.</summary>
/// <param name="Total">How many members it went to, without its sender: n.</param>
/// <param name="DeliveredTo">Those of them whose device has it.</param>
/// <param name="ReadBy">Those of them who were shown it.</param>
public sealed record MessageProgress(int Total, IReadOnlyList<UserId> DeliveredTo, IReadOnlyList<UserId> ReadBy);
