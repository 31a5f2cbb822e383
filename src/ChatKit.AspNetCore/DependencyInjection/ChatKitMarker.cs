namespace ChatKit.AspNetCore;

/// <summary>Says that <c>AddChatKit()</c> was called.</summary>
internal sealed class ChatKitMarker;
