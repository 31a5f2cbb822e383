using System.Runtime.CompilerServices;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using Microsoft.AspNetCore.Http.Connections;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>One device of one user with the real client; remembers everything that happened to it.</summary>
internal sealed class Person : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly List<ChatEvent> happened = [];
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task reading = Task.CompletedTask;

    private Person(string name, ChatClient client)
    {
        Name = name;
        Client = client;
    }

    public string Name { get; }

    public UserId Id => new(Name);

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

    /// <summary>The texts of messages received, in order.</summary>
    public IReadOnlyList<string?> Texts => [.. Happened.OfType<MessageReceived>().Select(received => received.Message.Text)];

    public static Person Create(ChatHost host, string name, string device = "phone", HttpTransportType transport = HttpTransportType.WebSockets, bool background = false) =>
        Create(host.Url(""), name, device, transport, background);

    public static Person Create(Uri server, string name, string device = "phone", HttpTransportType transport = HttpTransportType.WebSockets, bool background = false)
    {
        var client = new ChatClient(new ChatClientOptions
        {
            Server = server,
            DeviceId = device,
            Transports = transport,
            AccessTokenProvider = _ => Task.FromResult<string?>(name),
            ReconnectBaseDelay = TimeSpan.FromMilliseconds(50),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(500),
            JitterSeed = 1,
            Background = background,
        });
        var person = new Person(name, client);
        var events = client.Events(person.stopping.Token);
        person.reading = person.ReadAsync(events);
        return person;
    }

    public static async Task<Person> ConnectAsync(
        ChatHost host, string name, string device = "phone", HttpTransportType transport = HttpTransportType.WebSockets, bool background = false)
    {
        var person = Create(host, name, device, transport, background);
        await person.Client.StartAsync(TestContext.Current.CancellationToken);
        return person;
    }

    public static async Task<Person> ConnectAsync(Uri server, string name)
    {
        var person = Create(server, name);
        await person.Client.StartAsync(TestContext.Current.CancellationToken);
        return person;
    }

    public static async Task<SentMessage> SendToAsync(ChatConversation conversation, string text) =>
        await (await conversation.SendAsync(text, TestContext.Current.CancellationToken)).Accepted.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public Task<SentMessage> SendAsync(Person other, string text) => SendToAsync(Client.Direct(other.Name), text);

    /// <summary>Waits for the first event of a kind, past or to come, that fits.</summary>
    public async Task<T> SeesAsync<T>(Func<T, bool> fits, [CallerArgumentExpression(nameof(fits))] string what = "")
        where T : ChatEvent
    {
        T? found = null;
        await EventuallyAsync(
            () =>
            {
                found = Happened.OfType<T>().FirstOrDefault(fits);
                return found is not null;
            },
            $"{typeof(T).Name} {what}");
        return found!;
    }

    public Task<MessageReceived> GetsAsync(string text) => SeesAsync<MessageReceived>(received => received.Message.Text == text, text);

    /// <summary>Waits until a fact holds; it is looked at after every event.</summary>
    public async Task EventuallyAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = changed.Task;
            }

            if (holds())
            {
                return;
            }

            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{Name} waited in vain for {what}. Happened: {string.Join("; ", Happened)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await stopping.CancelAsync();
        await reading;
        stopping.Dispose();
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
            // The test is over.
        }
    }
}
