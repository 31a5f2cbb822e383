namespace ChatKit;

/// <summary>How far a device has persisted a conversation.</summary>
/// <param name="Device">The device.</param>
/// <param name="Conversation">The conversation.</param>
/// <param name="Delivered">The highest <c>Seq</c> up to which the device says it has persisted everything.</param>
public readonly record struct DeviceCursor(DeviceId Device, ConversationId Conversation, long Delivered);
