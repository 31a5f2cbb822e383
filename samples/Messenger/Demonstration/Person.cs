using System.Net;
using ChatKit;
using ChatKit.Client;

namespace Messenger.Demonstration;

/// <summary>One person of the demo: a signed-in client, and everything that happened to it.</summary>
internal sealed class Person : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<ChatEvent> happened = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Task reading;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Person(string name, Uri server, HttpClient http, CookieContainer cookies)
    {
        Name = name;
        Id = new UserId(name.ToLowerInvariant());
        Http = http;
        Client = new ChatClient(new ChatClientOptions
        {
            Server = new Uri(server, "/chat"),
            DeviceId = "demo",
            ConfigureHttp = connection =>
            {
                connection.Cookies = cookies;
                connection.Url = new Uri($"{connection.Url}?as={Id.Value}");
            },
            ReconnectBaseDelay = TimeSpan.FromMilliseconds(50),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(500),
        });
        reading = ReadAsync(Client.Events(stopping.Token));
    }

    public string Name { get; }

    public UserId Id { get; }

    public ChatClient Client { get; }

    public HttpClient Http { get; }

    /// <summary>Signs in as a browser would, with the cookie; does not connect yet.</summary>
    public static async Task<Person> SignInAsync(string name, Uri server)
    {
        var cookies = new CookieContainer();
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = server };
        using var form = new FormUrlEncodedContent([new("name", name)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.Redirect)
        {
            throw new InvalidOperationException($"{name} could not sign in: {answer.StatusCode}.");
        }

        return new Person(name, server, http, cookies);
    }

    /// <summary>What was heard so far of one kind.</summary>
    public IReadOnlyList<T> Heard<T>()
        where T : ChatEvent
    {
        lock (gate)
        {
            return [.. happened.OfType<T>()];
        }
    }

    /// <summary>How often a text came.</summary>
    public int Times(string text) => Heard<MessageReceived>().Count(one => one.Message.Text == text);

    /// <summary>How far another person has got, as far as this one was told.</summary>
    public (long Delivered, long Read) Marks(ConversationId conversation, Person other)
    {
        var marks = Heard<ReceiptsUpdated>().Where(one => one.Conversation == conversation).SelectMany(one => one.Receipts)
            .Where(one => one.User == other.Id).ToList();
        return marks.Count == 0 ? (0, 0) : (marks.Max(one => one.Delivered), marks.Max(one => one.Read));
    }

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
