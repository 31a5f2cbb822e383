using ChatKit.Delivery;
using ChatKit.Groups;
using ChatKit.LastSeen;
using ChatKit.Messaging;
using Microsoft.Extensions.Logging;

namespace ChatKit.Sessions;

/// <summary>What all sessions of a node share.</summary>
internal sealed class SessionServices(
    CommandPreparer preparer,
    MessageWriter writer,
    ReceiptService receipts,
    MembershipService memberships,
    TypingService typing,
    PresenceService presence,
    ConversationPresenter presenter,
    IChatKit chat,
    ILogger<ChatSession> logger,
    ICommandLimiter? limiter = null)
{
    public CommandPreparer Preparer { get; } = preparer;

    public MessageWriter Writer { get; } = writer;

    public ReceiptService Receipts { get; } = receipts;

    public MembershipService Memberships { get; } = memberships;

    public TypingService Typing { get; } = typing;

    public PresenceService Presence { get; } = presence;

    public ConversationPresenter Presenter { get; } = presenter;

    public IChatKit Chat { get; } = chat;

    /// <summary>Null: nothing is limited.</summary>
    public ICommandLimiter? Limiter { get; } = limiter;

    public ILogger Logger { get; } = logger;
}
