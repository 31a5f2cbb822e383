using ChatKit.Client;

namespace ChatKit.Docs.Tests.Snippets;

internal static class ClientSnippets
{
    public interface ITokens
    {
        Task<string?> GetAsync(CancellationToken ct);
    }

    public static async Task Client(string deviceId, string folder, ITokens tokens, CancellationToken ct)
    {
        #region client
        await using var store = await FileClientStore.OpenAsync(folder, ct);    // survives the app's kill; leave it out to keep nothing
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = new Uri("https://example.com/chat"),           // the path the host gave to MapChatKit
            DeviceId = deviceId,                                    // chosen once an installation, and kept
            Store = store,
            AccessTokenProvider = ct => tokens.GetAsync(ct),        // or cookies: ConfigureHttp = http => http.Cookies = jar
        });
        var events = chat.Events(ct);                               // from this call on; any number of readers
        await chat.StartAsync(ct);                                  // throws only when refused for good

        var sent = await chat.Direct("bob").SendAsync("Hi", ct);    // in the outbox: show it
        SentMessage stored = await sent.Accepted;                   // in the log, however many connections that took
        await foreach (var e in events)
        {
            if (e is MessageReceived { Message: var m }) Console.WriteLine($"{m.From}: {m.Text}");
        }
        #endregion

        _ = stored;
    }
}
