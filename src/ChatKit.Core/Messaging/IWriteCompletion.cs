namespace ChatKit.Messaging;

/// <summary>Told once what became of a command.</summary>
internal interface IWriteCompletion
{
    void Accepted(SentMessage sent);

    void Refused(ChatError error);
}
