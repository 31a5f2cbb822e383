using System.Net;
using ChatKit;
using ChatKit.Client;

namespace Messenger.Demonstration;

/// <summary>One person of the demo: a signed-in client, and everything that happened to it.</summary>
internal sealed class Actor : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly List<ChatEvent> happened = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri server;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private Actor(string name, Uri server, HttpClient http, CookieContainer cookies)
    {
        Name = name;
        Http = http;
        this.server = server;
        Client = new ChatClient(new ChatClientOptions
        {
            Server = new Uri(server, "/chat"),
            DeviceId = "demo",
            ConfigureHttp = connection => connection.Cookies = cookies,
            ReconnectBaseDelay = TimeSpan.FromMilliseconds(50),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(500),
        });
        reading = ReadAsync(Client.Events(stopping.Token));
    }

    public string Name { get; }

    public HttpClient Http { get; }

    public ChatClient Client { get; }

    public IReadOnlyList<ChatEvent> Happened
    {
        get
        {
            lock (gate)
            {
                return [.. happened];
            }
        }
    }

    public int TimesReceived(string text) => Happened.OfType<MessageReceived>().Count(one => one.Message.Text == text);

    /// <summary>Signs in as a browser would, with the cookie; does not connect yet.</summary>
    public static async Task<Actor> SignInAsync(string name, Uri server)
    {
        var cookies = new CookieContainer();
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = server };
        using var form = new FormUrlEncodedContent([new("name", name)]);
        using var answer = await http.PostAsync(new Uri("/signin", UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.Redirect)
        {
            throw new InvalidOperationException($"{name} could not sign in: {answer.StatusCode}.");
        }

        return new Actor(name, server, http, cookies);
    }

    public static async Task<SentMessage> SendAsync(ChatConversation conversation, string text) =>
        await (await conversation.SendAsync(text)).Accepted.WaitAsync(Patience);

    /// <summary>Waits until a fact holds; it is looked at after every event. False when patience ends.</summary>
    public async Task<bool> EventuallyAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = changed.Task;
            }

            if (holds())
            {
                return true;
            }

            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return holds();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await stopping.CancelAsync();
        await reading;
        stopping.Dispose();
        Http.Dispose();
    }

    public override string ToString() => $"{Name} at {server}";

    private async Task ReadAsync(IAsyncEnumerable<ChatEvent> events)
    {
        try
        {
            await foreach (var one in events)
            {
                TaskCompletionSource told;
                lock (gate)
                {
                    happened.Add(one);
                    (told, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }

                told.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The play is over.
        }
    }
}
