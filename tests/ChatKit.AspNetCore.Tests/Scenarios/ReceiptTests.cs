using System.Net.Http.Json;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Delivered, read and unread (rules 3 and 8).</summary>
public class ReceiptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sender_sees_delivered_then_read()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var sent = await anna.SendAsync(ben, "Hi");
        await ben.GetsAsync("Hi");

        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Delivered >= sent.Seq));
        Assert.DoesNotContain(anna.Happened.OfType<ReceiptsUpdated>(), update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Read >= sent.Seq));
        await ben.Client.Direct("anna").MarkReadAsync(sent.Seq, Stop);
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Read == sent.Seq));
    }

    [Fact]
    public async Task Rule_3_the_count_of_an_earlier_mark_does_not_come_after_that_of_a_later_one()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var first = await anna.SendAsync(ben, "One");
        var second = await anna.SendAsync(ben, "Two");
        await ben.GetsAsync("Two");

        var conversation = ConversationId.Direct(anna.Id, ben.Id);
        await host.App.Services.GetRequiredService<IBackplane>().PublishAsync(
            [
                new ReceiptsMoved(conversation, 1, [new Receipt(conversation, ben.Id, second.Seq, first.Seq)]),
                new ReceiptsMoved(conversation, 1, [new Receipt(conversation, ben.Id, second.Seq, second.Seq)]),
            ],
            Stop);
        await ben.SeesAsync<UnreadUpdated>(update => update.Read == second.Seq && update.Unread == 0);
        await anna.SendAsync(ben, "Three");
        await ben.GetsAsync("Three");

        var reads = ben.Happened.OfType<UnreadUpdated>().Select(update => update.Read).ToList();
        Assert.Equal(reads.Order(), reads);
    }

    [Fact]
    public async Task A_message_to_somebody_offline_is_not_delivered_until_his_device_has_it()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using (await Person.ConnectAsync(host, "ben"))
        {
            // His device is known from here on.
        }

        var sent = await Person.SendToAsync(anna.Client.Direct("ben"), "Hi");
        var before = await anna.Client.Direct("ben").GetReceiptsAsync(sent.Seq, Stop);
        Assert.Equal((1, 0, 0), (before.Total, before.DeliveredTo.Count, before.ReadBy.Count));

        await using var ben = await Person.ConnectAsync(host, "ben");
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Delivered >= sent.Seq));
    }

    [Fact]
    public async Task A_group_message_is_delivered_to_k_of_n_and_says_to_whom()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var group = await anna.Client.CreateGroupAsync("Trip", [ben.Id, new UserId("carla"), new UserId("dora")], cancellationToken: Stop);
        var sent = await Person.SendToAsync(group, "Who comes?");
        await ben.GetsAsync("Who comes?");
        await ben.Client.Conversation(group.Id!.Value).MarkReadAsync(sent.Seq, Stop);
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Read >= sent.Seq));

        // Rule 7: n are the members at the message, whoever leaves or joins later.
        await group.RemoveMembersAsync([new UserId("dora")], Stop);
        await group.AddMembersAsync([new UserId("emil")], Stop);
        var progress = await group.GetReceiptsAsync(sent.Seq, Stop);
        Assert.Equal(3, progress.Total);
        Assert.Equal(["ben"], progress.DeliveredTo.Select(user => user.Value));
        Assert.Equal(["ben"], progress.ReadBy.Select(user => user.Value));
    }

    [Fact]
    public async Task In_a_large_group_a_mark_is_told_to_the_authors_it_passes_and_to_nobody_else()
    {
        await using var host = await ChatHost.StartAsync(options => options.Chat = static chat => chat.ReceiptsToAllMembers = 2);
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        await using var carla = await Person.ConnectAsync(host, "carla");
        var group = await anna.Client.CreateGroupAsync("Trip", [ben.Id, carla.Id], cancellationToken: Stop);
        var first = await Person.SendToAsync(group, "One");
        await AllReadAsync(first.Seq);
        var second = await Person.SendToAsync(group, "Two");
        await AllReadAsync(second.Seq);

        // His own message makes Ben an author, of whom all marks that pass it are told.
        var third = await Person.SendToAsync(ben.Client.Conversation(group.Id!.Value), "Three");
        await carla.GetsAsync("Three");
        await ben.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == carla.Id && receipt.Delivered >= third.Seq));
        await ben.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == anna.Id && receipt.Delivered >= third.Seq));

        // What was told came before it: events keep their order.
        await Person.SendToAsync(group, "Four");
        await carla.GetsAsync("Four");
        Assert.DoesNotContain(
            carla.Happened.OfType<ReceiptsUpdated>().SelectMany(update => update.Receipts),
            receipt => receipt.User != carla.Id && receipt.Delivered >= second.Seq);

        // Who asks learns everything.
        var marks = await carla.Client.Conversation(group.Id!.Value).GetReceiptsAsync(Stop);
        Assert.All(marks, mark => Assert.True(mark.Delivered >= third.Seq));

        async Task AllReadAsync(long seq)
        {
            foreach (var other in (Person[])[ben, carla])
            {
                await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == other.Id && receipt.Delivered >= seq));
                await other.Client.Conversation(group.Id!.Value).MarkReadAsync(seq, Stop);
                await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == other.Id && receipt.Read >= seq));
            }
        }
    }

    [Fact]
    public async Task Delivered_is_the_furthest_device_and_a_revoked_one_takes_nothing_back()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var phone = await Person.ConnectAsync(host, "ben", "phone");
        var sent = await anna.SendAsync(phone, "Hi");
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == phone.Id && receipt.Delivered >= sent.Seq));

        await host.Chat.RevokeDeviceAsync(new DeviceId(phone.Id, "phone"), Stop);
        await phone.SeesAsync<ConnectionChanged>(change => change.Error?.Code == ChatErrorCode.DeviceRevoked);
        var receipts = (await host.Chat.GetReceiptsAsync(anna.Id, sent.Conversation, Stop)).Value;
        Assert.Equal(sent.Seq, receipts.Single(receipt => receipt.User == phone.Id).Delivered);

        var refused = await Assert.ThrowsAsync<ChatClientException>(() => Person.ConnectAsync(host, "ben", "phone"));
        Assert.Equal(ChatErrorCode.DeviceRevoked, refused.Code);
    }

    [Fact]
    public async Task Unread_counts_messages_of_others_that_were_not_deleted()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var talk = anna.Client.Direct("ben");
        var one = await Person.SendToAsync(talk, "one");
        await Person.SendToAsync(talk, "two");
        await talk.EditAsync(one.Seq, "one, better", Stop); // an edit counts nothing
        Assert.Equal(2, await UnreadAsync(host, ben.Id, one.Conversation));

        await talk.DeleteAsync(one.Seq, Stop);
        Assert.Equal(1, await UnreadAsync(host, ben.Id, one.Conversation));
        await ben.SendAsync(anna, "I have read all that"); // an own send moves the own read cursor (rule 3)
        Assert.Equal(0, await UnreadAsync(host, ben.Id, one.Conversation));
        Assert.Equal(1, await UnreadAsync(host, anna.Id, one.Conversation));
    }

    [Fact]
    public async Task Reading_on_one_device_is_told_to_the_other()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var phone = await Person.ConnectAsync(host, "ben", "phone");
        await using var laptop = await Person.ConnectAsync(host, "ben", "laptop");
        await anna.SendAsync(phone, "one");
        var two = await anna.SendAsync(phone, "two");
        await phone.GetsAsync("two");

        await phone.Client.Direct("anna").MarkReadAsync(two.Seq - 1, Stop);
        await laptop.SeesAsync<UnreadUpdated>(update => update.Read == two.Seq - 1 && update.Unread == 1);
        await laptop.Client.Direct("anna").MarkReadAsync(two.Seq, Stop);
        await phone.SeesAsync<UnreadUpdated>(update => update.Read == two.Seq && update.Unread == 0);
    }

    [Fact]
    public async Task Marks_never_pass_the_end_and_never_go_back()
    {
        await using var host = await ChatHost.StartAsync();
        var (anna, ben) = (new UserId("anna"), new UserId("ben"));
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(anna, ben, "hi"), Stop)).Value;
        var beyond = (await host.Chat.MarkReadAsync(ben, sent.Conversation, 1000, Stop)).Value;
        Assert.Equal((sent.Seq, sent.Seq), (beyond.Delivered, beyond.Read)); // rule 8: read <= delivered <= last
        var back = (await host.Chat.MarkReadAsync(ben, sent.Conversation, 1, Stop)).Value;
        Assert.Equal(sent.Seq, back.Read);
    }

    [Fact]
    public async Task An_acknowledgement_beyond_what_was_sent_is_worth_what_was_sent()
    {
        await using var host = await ChatHost.StartAsync();
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(new UserId("anna"), new UserId("ben"), "hi"), Stop)).Value;
        await ben.NextAsync(frame => frame.Entry?.Seq == sent.Seq);
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(sent.Conversation.Value, 1000)] });
        var told = await ben.NextAsync(frame => frame.T == EventTags.Receipts && frame.Receipts!.Any(receipt => receipt.User == "ben"));
        Assert.Equal(sent.Seq, told.Receipts!.Single(receipt => receipt.User == "ben").Delivered);
    }

    [Fact]
    public async Task A_mark_that_is_flushed_while_the_list_is_read_counts_all_the_same()
    {
        var marks = new TroubledReceipts();
        await using var host = await ChatHost.StartAsync(options => options.Store = chat =>
        {
            chat.UseInMemory();
            marks.Wrap(chat.Services);
        });
        var (anna, ben) = (new UserId("anna"), new UserId("ben"));
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(anna, ben, "one"), Stop)).Value;
        await host.Chat.SendAsync(SendMessage.Direct(anna, ben, "two"), Stop);
        await host.Chat.MarkReadAsync(ben, sent.Conversation, sent.Seq, Stop);

        var receipts = host.App.Services.GetRequiredService<Delivery.ReceiptService>();
        marks.Meanwhile = receipts.FlushAsync;
        Assert.Equal(1, await UnreadAsync(host, ben, sent.Conversation)); // rule 3
        Assert.Equal(1, Assert.Single((await host.Chat.GetConversationsAsync(ben, null, 10, Stop)).Value.Conversations).Unread);
    }

    private static async Task<long> UnreadAsync(ChatHost host, UserId user, ConversationId conversation) =>
        (await host.Chat.GetConversationAsync(user, conversation, Stop)).Value.Unread;
}
