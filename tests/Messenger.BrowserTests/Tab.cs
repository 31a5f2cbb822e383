using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Messenger.BrowserTests;

/// <summary>A tab in which one person uses the Messenger. Whatever the page complains about in its console is kept.</summary>
internal sealed class Tab
{
    private readonly ConcurrentQueue<string> complaints = new();
    private volatile bool serverIsDown;

    private Tab(IPage page, string name)
    {
        Page = page;
        Name = name;
        page.PageError += (_, error) => complaints.Enqueue($"{name}: {error}");
        page.Console += (_, message) =>
        {
            // The browser itself reports every connection that fails; that is so while there is no server, and at no other time.
            var network = serverIsDown && (message.Text.Contains("net::ERR_", StringComparison.Ordinal) || message.Text.Contains("WebSocket", StringComparison.Ordinal));
            if (message.Type is "error" or "warning" && !network)
            {
                complaints.Enqueue($"{name}: {message.Text}");
            }
        };
    }

    public IPage Page { get; }

    public string Name { get; }

    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Signs in by the form and waits for the connection.</summary>
    public static async Task<Tab> SignInAsync(IBrowserContext context, Uri address, string name)
    {
        var tab = new Tab(await context.NewPageAsync(), name);
        await tab.Page.GotoAsync(address.ToString());
        await tab.Page.GetByLabel("Your name").FillAsync(name);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await tab.ConnectedAsync();
        return tab;
    }

    /// <summary>Opens the page again in the same tab, signed in as before.</summary>
    public async Task ReturnAsync(Uri address)
    {
        await Page.GotoAsync($"{address}?as={Name.ToLowerInvariant()}");
        await ConnectedAsync();
    }

    public Task ConnectedAsync() => Page.Locator("#app[data-state=connected]").WaitForAsync();

    public ILocator Row(string title) => Page.Locator($".row[data-title='{title}']");

    public ILocator Message(string text) => Page.Locator(".message").Filter(new() { Has = Page.GetByText(text, new() { Exact = true }) });

    public ILocator Message(string text, string state) => Page.Locator($".message[data-state={state}]").Filter(new() { Has = Page.GetByText(text, new() { Exact = true }) });

    public async Task NewChatAsync(string other)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "New chat" }).ClickAsync();
        await Page.GetByLabel("With whom?").FillAsync(other);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator("#thread-title")).ToHaveTextAsync(other);
    }

    public async Task NewGroupAsync(string title, string members)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "New group" }).ClickAsync();
        await Page.GetByLabel("Title").FillAsync(title);
        await Page.GetByLabel("Members").FillAsync(members);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator("#thread-title")).ToHaveTextAsync(title);
    }

    public async Task SendAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    public ILocator Composer => Page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });

    /// <summary>From here until <see cref="ServerIsBackAsync"/> failing connections are no complaint.</summary>
    public void ServerGoesDown() => serverIsDown = true;

    public async Task ServerIsBackAsync()
    {
        await ConnectedAsync();
        serverIsDown = false;
    }
}
