namespace ChatKit.Client;

/// <summary>Something that happened, as <see cref="ChatClient.Events"/> tells it. New kinds may come: ignore those you do not know.</summary>
public abstract record ChatEvent
{
    private protected ChatEvent()
    {
    }
}
