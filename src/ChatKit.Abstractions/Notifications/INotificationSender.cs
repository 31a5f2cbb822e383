namespace ChatKit;

/// <summary>A small role the host may register: tells users who are away (push, mail …). At least once: the same notification may
/// come again after a crash; user, conversation and <c>Seq</c> name it.</summary>
public interface INotificationSender
{
    /// <summary>Sends notifications. An exception means: the whole batch is sent again later.</summary>
    /// <param name="notifications">The notifications.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <returns>A task that completes when they are handed on.</returns>
    ValueTask SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken);
}
