using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IRelayQueue"/> does (rule 8).</summary>
public abstract partial class RelayQueueConformance : StorageConformance
{
    private IRelayQueue Queue => Plug<IRelayQueue>();

    /// <summary>A device nobody told of has no cursors; one told of has all that were set, also at 0.</summary>
    [ConformanceFact]
    public async Task A_device_has_the_cursors_that_were_set()
    {
        var device = Make.Device(Make.User());
        Assert.Empty(await Queue.GetCursorsAsync(device, Token));
        DeviceCursor[] cursors = [new(device, Make.Conversation(), 5), new(device, Make.Conversation(), 0), new(device, Make.Conversation(), long.MaxValue)];
        await Queue.AdvanceAsync(cursors, Token);
        Assert.Equal(cursors.ToHashSet(), (await Queue.GetCursorsAsync(device, Token)).ToHashSet());
        await Queue.AdvanceAsync([], Token);
        Assert.Equal(3, (await Queue.GetCursorsAsync(device, Token)).Count);
    }

    /// <summary>Rule 8: a cursor only moves forward.</summary>
    [ConformanceFact]
    public async Task A_cursor_only_moves_forward()
    {
        var (device, id) = (Make.Device(Make.User()), Make.Conversation());
        foreach (var (set, expected) in new (long, long)[] { (3, 3), (2, 3), (0, 3), (3, 3), (7, 7), (6, 7) })
        {
            await Queue.AdvanceAsync([new DeviceCursor(device, id, set)], Token);
            Assert.Equal([new DeviceCursor(device, id, expected)], await Queue.GetCursorsAsync(device, Token));
        }
    }

    /// <summary>Several cursors of one device and conversation in a batch are merged to the highest.</summary>
    [ConformanceFact]
    public async Task Cursors_of_one_batch_are_merged()
    {
        var (device, other, id) = (Make.Device(Make.User()), Make.Device(Make.User()), Make.Conversation());
        await Queue.AdvanceAsync([new(device, id, 4), new(other, id, 1), new(device, id, 9), new(device, id, 2)], Token);
        Assert.Equal([new DeviceCursor(device, id, 9)], await Queue.GetCursorsAsync(device, Token));
        Assert.Equal([new DeviceCursor(other, id, 1)], await Queue.GetCursorsAsync(other, Token));
    }

    /// <summary>Rule 8: a forgotten device has no cursors; the others keep theirs, and it may begin anew, lower.</summary>
    [ConformanceFact]
    public async Task A_forgotten_device_begins_anew()
    {
        var user = Make.User();
        var (device, other, id) = (Make.Device(user), Make.Device(user), Make.Conversation());
        await Queue.AdvanceAsync([new(device, id, 9), new(device, Make.Conversation(), 1), new(other, id, 5)], Token);
        await Queue.ForgetAsync([device, Make.Device(user)], Token);
        await Queue.ForgetAsync([], Token);
        Assert.Empty(await Queue.GetCursorsAsync(device, Token));
        Assert.Equal([new DeviceCursor(other, id, 5)], await Queue.GetCursorsAsync(other, Token));
        await Queue.AdvanceAsync([new(device, id, 2)], Token);
        Assert.Equal([new DeviceCursor(device, id, 2)], await Queue.GetCursorsAsync(device, Token));
    }

    /// <summary>A device may follow a thousand conversations.</summary>
    [ConformanceFact]
    public async Task A_device_may_have_a_thousand_cursors()
    {
        var device = Make.Device(Make.User());
        DeviceCursor[] cursors = [.. Enumerable.Range(1, 1_000).Select(n => new DeviceCursor(device, new ConversationId($"c{n}"), n))];
        await Queue.AdvanceAsync(cursors, Token);
        Assert.Equal(cursors.ToHashSet(), (await Queue.GetCursorsAsync(device, Token)).ToHashSet());
    }

    /// <summary>Rule 17: tenants, users and devices share nothing; ids are compared ordinally.</summary>
    [ConformanceFact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        List<DeviceCursor> cursors = [];
        foreach (var tenant in Texts.Tenants)
        {
            for (var n = 0; n < Texts.Alike.Count; n++)
            {
                var text = Texts.Alike[n];
                cursors.Add(new(new DeviceId(new UserId("someone", tenant), text), new ConversationId("c", tenant), n));
                cursors.Add(new(new DeviceId(new UserId(text, tenant), "the phone"), new ConversationId("c", tenant), 100 + n));
                cursors.Add(new(new DeviceId(new UserId("someone", tenant), "the tablet"), new ConversationId(text, tenant), 200 + n));
            }
        }

        await Queue.AdvanceAsync(cursors, Token);
        foreach (var group in cursors.GroupBy(cursor => cursor.Device))
        {
            Assert.Equal(group.ToHashSet(), (await Queue.GetCursorsAsync(group.Key, Token)).ToHashSet());
        }
    }

    /// <summary>Rule 8: moves that race leave the highest.</summary>
    [ConformanceFact]
    public async Task Racing_moves_leave_the_highest()
    {
        var (device, other, id) = (Make.Device(Make.User()), Make.Device(Make.User()), Make.Conversation());
        await Racing.RunAsync(8, async n =>
        {
            for (var k = 1; k <= 20; k++)
            {
                DeviceCursor[] batch = [new(device, id, (k * 10) + n), new(other, id, k)];
                await Queue.AdvanceAsync(n % 2 == 0 ? batch : [.. batch.Reverse()], Token);
            }

            return n;
        });
        Assert.Equal([new DeviceCursor(device, id, 207)], await Queue.GetCursorsAsync(device, Token));
        Assert.Equal([new DeviceCursor(other, id, 20)], await Queue.GetCursorsAsync(other, Token));
    }

    /// <summary>Promise: cursors outlive a restart.</summary>
    [ConformanceFact]
    public async Task Cursors_outlive_a_restart()
    {
        var (device, id) = (Make.Device(Make.User("ann", "acme")), Make.Conversation("acme"));
        await Queue.AdvanceAsync([new(device, id, 7)], Token);
        await ReopenAsync();
        await Queue.AdvanceAsync([new(device, id, 3)], Token);
        Assert.Equal([new DeviceCursor(device, id, 7)], await Queue.GetCursorsAsync(device, Token));
    }
}
