using ChatKit.Load.Clients;

namespace ChatKit.Load.Scenarios;

/// <summary>Somebody who writes somewhere.</summary>
/// <param name="Sender">The sender's connection.</param>
/// <param name="Target">The conversation, user or group.</param>
/// <param name="Receivers">How many others get each message.</param>
internal sealed record Lane(LoadConnection Sender, byte[] Target, int Receivers);
