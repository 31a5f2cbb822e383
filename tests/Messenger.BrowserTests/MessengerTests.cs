using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Messenger.BrowserTests;

/// <summary>The Messenger's page in a real browser, against the real process.</summary>
public sealed class MessengerTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private readonly SampleProcess sample = new();
    private readonly List<IBrowserContext> contexts = [];
    private readonly List<Tab> tabs = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await sample.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }

        await sample.DisposeAsync();
    }

    [Fact]
    public async Task Two_people_chat_both_ways_with_ticks_typing_and_presence()
    {
        var anna = await OpenAsync("Anna");
        var ben = await OpenAsync("Ben");
        await ben.Page.GotoAsync("about:blank");
        await anna.NewChatAsync("Ben");
        await anna.SendAsync("Hello Ben!");
        await Expect(anna.Message("Hello Ben!", "sent")).ToHaveCountAsync(1); // Accepted, and Ben's device has not got it.

        await ben.ReturnAsync(sample.Address);
        await Expect(anna.Message("Hello Ben!", "delivered")).ToHaveCountAsync(1);
        await Expect(anna.Page.Locator("#thread-status")).ToHaveTextAsync("online");
        await Expect(anna.Row("Ben").Locator(".avatar")).ToHaveAttributeAsync("data-presence", "online");
        await Expect(ben.Row("Anna").Locator(".badge")).ToHaveTextAsync("1");

        await ben.Row("Anna").ClickAsync();
        await Expect(ben.Message("Hello Ben!")).ToHaveCountAsync(1);
        await Expect(anna.Message("Hello Ben!", "read")).ToHaveCountAsync(1);
        await Expect(ben.Row("Anna").Locator(".badge")).ToHaveCountAsync(0);

        await ben.Composer.PressSequentiallyAsync("Hi Anna, shall we meet?");
        await Expect(anna.Page.Locator("#typing")).ToHaveTextAsync("Ben is typing …");
        await ben.Composer.PressAsync("Enter");
        await Expect(anna.Message("Hi Anna, shall we meet?", "received")).ToHaveCountAsync(1);
        await Expect(anna.Page.Locator("#typing")).ToHaveTextAsync("");
        await Expect(ben.Message("Hi Anna, shall we meet?", "read")).ToHaveCountAsync(1);

        await ben.Page.CloseAsync();
        await Expect(anna.Page.Locator("#thread-status")).ToContainTextAsync("last seen");
        NobodyComplains();
    }

    [Fact]
    public async Task A_group_shows_how_many_have_read_a_message()
    {
        var anna = await OpenAsync("Anna");
        var ben = await OpenAsync("Ben");
        var carla = await OpenAsync("Carla");
        await carla.NewGroupAsync("Weekend", "Anna, Ben");
        await carla.SendAsync("Who comes along?");
        await Expect(carla.Message("Who comes along?", "delivered")).ToHaveCountAsync(1);
        await Expect(carla.Page.Locator("#thread-status")).ToHaveTextAsync("You, Anna, Ben · 2 online");

        await anna.Row("Weekend").ClickAsync();
        await Expect(carla.Message("Who comes along?").Locator(".count")).ToHaveTextAsync("read 1 of 2");
        await ben.Row("Weekend").ClickAsync();
        await Expect(carla.Message("Who comes along?", "read").Locator(".count")).ToHaveTextAsync("read 2 of 2");

        await anna.SendAsync("Me!");
        await Expect(ben.Message("Me!", "received").Locator(".author")).ToHaveTextAsync("Anna");
        await Expect(carla.Message("Me!", "received")).ToHaveCountAsync(1);
        NobodyComplains();
    }

    [Fact]
    public async Task A_reload_keeps_the_history_and_older_messages_come_by_scrolling()
    {
        const int count = 60;
        var anna = await OpenAsync("Anna", width: 900, height: 420);
        await anna.NewChatAsync("Ben");
        for (var i = 1; i <= count; i++)
        {
            await anna.SendAsync($"Message {i}");
        }

        await Expect(anna.Message($"Message {count}", "sent")).ToHaveCountAsync(1);
        await Expect(anna.Page.Locator(".message[data-state=pending]")).ToHaveCountAsync(0);

        await anna.Page.ReloadAsync();
        await anna.ConnectedAsync();
        await anna.Row("Ben").ClickAsync();
        await Expect(anna.Message($"Message {count}")).ToBeInViewportAsync();
        Assert.InRange(await anna.Page.Locator(".message").CountAsync(), 10, count - 1); // A page of the screen's size.

        for (var page = 0; page < count && await anna.Message("Message 1").CountAsync() == 0; page++)
        {
            var before = await anna.Page.Locator(".message").CountAsync();
            await anna.Page.Locator("#scroll").EvaluateAsync("element => { element.scrollTop = 0; }");
            await Expect(anna.Page.Locator(".message").Nth(before)).ToBeAttachedAsync();
        }

        var texts = await anna.Page.Locator(".message .text").AllTextContentsAsync();
        Assert.Equal(Enumerable.Range(1, count).Select(i => $"Message {i}"), texts);
        NobodyComplains();
    }

    [Fact]
    public async Task After_a_kill_of_the_server_the_page_recovers_and_what_was_typed_meanwhile_arrives_once()
    {
        var anna = await OpenAsync("Anna");
        var ben = await OpenAsync("Ben");
        await anna.NewChatAsync("Ben");
        await anna.SendAsync("Before");
        await ben.Row("Anna").ClickAsync();
        await Expect(anna.Message("Before", "read")).ToHaveCountAsync(1);

        tabs.ForEach(tab => tab.ServerGoesDown());
        await sample.KillAsync();
        await Expect(anna.Page.Locator("#banner")).ToBeVisibleAsync();
        await Expect(ben.Page.Locator("#banner")).ToBeVisibleAsync();
        await anna.SendAsync("Meanwhile, one");
        await anna.SendAsync("Meanwhile, two");
        await Expect(anna.Page.Locator(".message[data-state=pending]")).ToHaveCountAsync(2);
        await Assert.ThrowsAsync<PlaywrightException>(() => anna.Page.ReloadAsync()); // No server: the page cannot be loaded.

        await sample.StartAsync(Cancel);
        await anna.ReturnAsync(sample.Address); // What was typed is kept by the tab all the same.
        foreach (var tab in tabs)
        {
            await tab.ServerIsBackAsync();
            await Expect(tab.Page.Locator("#banner")).ToBeHiddenAsync();
        }

        await Expect(ben.Message("Meanwhile, two")).ToHaveCountAsync(1);
        await anna.Row("Ben").ClickAsync();
        await Expect(anna.Message("Meanwhile, two", "read")).ToHaveCountAsync(1);
        await ben.Page.ReloadAsync();
        await ben.ConnectedAsync();
        await ben.Row("Anna").ClickAsync();
        foreach (var tab in tabs)
        {
            await Expect(tab.Page.Locator(".message .text")).ToHaveTextAsync(["Before", "Meanwhile, one", "Meanwhile, two"]);
        }

        NobodyComplains();
    }

    [Fact]
    public async Task Two_tabs_of_one_person_are_two_devices_in_step_and_two_people_fit_into_one_browser()
    {
        var browser = await ContextAsync(1100, 700);
        var one = await OpenAsync("Anna", browser);
        var two = await OpenAsync("Anna", browser);
        var ben = await OpenAsync("Ben", browser);
        Assert.NotEqual(await DeviceAsync(one), await DeviceAsync(two));

        await ben.NewChatAsync("Anna");
        await ben.SendAsync("Hi Anna");
        await Expect(one.Row("Ben").Locator(".badge")).ToHaveTextAsync("1");
        await Expect(two.Row("Ben").Locator(".badge")).ToHaveTextAsync("1");
        await one.Row("Ben").ClickAsync();
        await Expect(two.Row("Ben").Locator(".badge")).ToHaveCountAsync(0); // Read on the other device.
        await two.Row("Ben").ClickAsync();
        await one.SendAsync("Hi Ben");
        await Expect(two.Message("Hi Ben", "read")).ToHaveCountAsync(0);
        await Expect(two.Message("Hi Ben")).ToHaveCountAsync(1);
        await Expect(ben.Message("Hi Ben", "received")).ToHaveCountAsync(1);
        NobodyComplains();

        static Task<string> DeviceAsync(Tab tab) => tab.Page.EvaluateAsync<string>("() => sessionStorage.getItem('messenger.anna.device')");
    }

    [Fact]
    public async Task On_a_phone_one_pane_is_shown_at_a_time_and_nothing_is_cut_off()
    {
        var anna = await OpenAsync("Anna", width: 390, height: 780);
        await anna.NewChatAsync("Ben");
        await anna.SendAsync("A long line that has to wrap on a small screen, with a wordthatismuchtoolongtofitintoasinglelineofanyphoneintheworld.");
        await Expect(anna.Page.Locator(".message[data-state=sent]")).ToHaveCountAsync(1);
        await Expect(anna.Page.Locator("#list")).ToBeHiddenAsync();
        Assert.True(await anna.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        await ScreenshotAsync(anna, "phone");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the conversations" }).ClickAsync();
        await Expect(anna.Row("Ben")).ToBeVisibleAsync();
        await Expect(anna.Composer).ToBeHiddenAsync();
        NobodyComplains();
    }

    [Fact]
    public async Task A_row_that_changes_between_press_and_release_opens_all_the_same()
    {
        var anna = await OpenAsync("Anna");
        var ben = await OpenAsync("Ben");
        await anna.NewChatAsync("Ben");
        await anna.SendAsync("One");
        await Expect(ben.Row("Anna")).ToContainTextAsync("One");
        await ben.Row("Anna").Locator(".preview").HoverAsync(new() { Force = true });
        await ben.Page.Mouse.DownAsync();
        await anna.SendAsync("Two");
        await Expect(ben.Row("Anna")).ToContainTextAsync("Two");
        await ben.Page.Mouse.UpAsync();
        await Expect(ben.Message("Two")).ToHaveCountAsync(1);
        NobodyComplains();
    }

    [Fact]
    public async Task A_conversation_for_the_picture_in_the_readme()
    {
        var anna = await OpenAsync("Anna", width: 1200, height: 720);
        var ben = await OpenAsync("Ben");
        var carla = await OpenAsync("Carla");
        await anna.NewGroupAsync("Weekend", "Ben, Carla");
        await anna.SendAsync("Who comes along on Saturday?");
        await carla.Row("Weekend").ClickAsync();
        await carla.SendAsync("Me! I bring the cake 🍰");
        await Expect(anna.Message("Me! I bring the cake 🍰")).ToHaveCountAsync(1);
        await carla.NewChatAsync("Anna");
        await carla.SendAsync("Do you still have my tent?");
        await anna.Row("Carla").ClickAsync();
        await anna.SendAsync("Yes, I bring it along.");
        await anna.NewChatAsync("Ben");
        await anna.SendAsync("Hi Ben! Have you seen the plan for Saturday?");
        await ben.Row("Anna").ClickAsync();
        await ben.SendAsync("Yes, it looks great.");
        await ben.SendAsync("I only wonder about the weather: they say it may rain in the afternoon. Shall we start early, say at nine?");
        await Expect(anna.Message("Yes, it looks great.")).ToHaveCountAsync(1);
        await anna.SendAsync("Nine is fine. Then we are back before the rain comes.");
        await anna.SendAsync("And Carla brings a cake!");
        await Expect(anna.Message("And Carla brings a cake!", "read")).ToHaveCountAsync(1);
        await carla.Row("Weekend").ClickAsync();
        await carla.SendAsync("Shall I bring tea as well?");
        await Expect(anna.Row("Weekend").Locator(".badge")).ToHaveTextAsync("1");
        await ben.Composer.PressSequentiallyAsync("Then nine it is");
        await Expect(anna.Page.Locator("#typing")).ToHaveTextAsync("Ben is typing …");
        await anna.Page.Mouse.MoveAsync(900, 300);
        await ScreenshotAsync(anna, "messenger");
        await anna.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ScreenshotAsync(anna, "messenger-dark");
        NobodyComplains();
    }

    private async Task<IBrowserContext> ContextAsync(int width, int height)
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB" });
        context.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        contexts.Add(context);
        return context;
    }

    private async Task<Tab> OpenAsync(string name, int width = 1100, int height = 700) => await OpenAsync(name, await ContextAsync(width, height));

    private async Task<Tab> OpenAsync(string name, IBrowserContext context)
    {
        var tab = await Tab.SignInAsync(context, sample.Address, name);
        tabs.Add(tab);
        return tab;
    }

    private void NobodyComplains() => Assert.Empty(tabs.SelectMany(tab => tab.Complaints));

    private static async Task ScreenshotAsync(Tab tab, string name)
    {
        var path = Path.Combine(SampleFiles.Root, "artifacts", "screenshots", $"{name}.png");
        await tab.Page.ScreenshotAsync(new() { Path = path });
        Assert.InRange(new FileInfo(path).Length, 5_000, 300_000);
    }
}
