namespace ChatKit;

/// <summary>Who has got and who has read one message.</summary>
/// <param name="Recipients">The members at the message without its sender: n.</param>
/// <param name="DeliveredTo">Those of them whose device has it.</param>
/// <param name="ReadBy">Those of them who were shown it.</param>
public sealed record MessageReceipts(IReadOnlyList<UserId> Recipients, IReadOnlyList<UserId> DeliveredTo, IReadOnlyList<UserId> ReadBy);
