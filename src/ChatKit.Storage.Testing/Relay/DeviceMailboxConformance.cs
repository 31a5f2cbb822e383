using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IDeviceMailbox"/> does (rule 14).</summary>
public abstract class DeviceMailboxConformance : StorageConformance
{
    private IDeviceMailbox Mailbox => Plug<IDeviceMailbox>();

    /// <summary>An envelope is read as it was posted, with a position above 0.</summary>
    [Fact]
    public async Task An_envelope_is_read_as_it_was_posted()
    {
        var device = Make.Device(Make.User("ann", "acme"));
        Assert.Empty(await Mailbox.ReadAsync(device, 0, 10, Token));
        var welcome = Envelope(device, [0, 1, 255]) with { Conversation = Make.Conversation("acme"), Commit = CommandId.New() };
        var plain = Envelope(device, []);
        await Mailbox.PostAsync([welcome, plain], Token);
        var read = await Mailbox.ReadAsync(device, 0, 10, Token);
        Assert.Equal(2, read.Count);
        Assert.Equal((device, welcome.Id, welcome.ContentType, welcome.Conversation, welcome.Commit), Describe(read[0]));
        Assert.Equal([0, 1, 255], read[0].Body.ToArray());
        Assert.Equal((device, plain.Id, plain.ContentType, null, null), Describe(read[1]));
        Assert.True(read[1].Body.IsEmpty);
        Assert.True(read[0].Position > 0 && read[1].Position > read[0].Position);

        static (DeviceId, CommandId, string, ConversationId?, CommandId?) Describe(MailboxEnvelope envelope) =>
            (envelope.Device, envelope.Id, envelope.ContentType, envelope.Conversation, envelope.Commit);
    }

    /// <summary>A limit out of its range, and a body of more than 1 MiB, are refused.</summary>
    [Fact]
    public async Task What_is_out_of_bounds_is_refused()
    {
        var device = Make.Device(Make.User());
        foreach (var limit in new[] { int.MinValue, 0, 1_001 })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Mailbox.ReadAsync(device, 0, limit, Token));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await Mailbox.PostAsync([Envelope(device, [1]), Envelope(device, new byte[(1024 * 1024) + 1])], Token));
        Assert.Empty(await Mailbox.ReadAsync(device, 0, 10, Token));
    }

    /// <summary>Posting the same id to the same device again changes nothing, in a batch too; another device has its own ids.</summary>
    [Fact]
    public async Task An_id_is_posted_once_a_device()
    {
        var user = Make.User();
        var (device, other) = (Make.Device(user), Make.Device(user));
        var envelope = Envelope(device, [1]);
        await Mailbox.PostAsync([envelope, envelope with { Body = new byte[] { 2 } }], Token);
        await Mailbox.PostAsync([envelope with { Body = new byte[] { 3 } }, envelope with { Device = other }], Token);
        Assert.Equal([1], Assert.Single(await Mailbox.ReadAsync(device, 0, 10, Token)).Body.ToArray());
        Assert.Single(await Mailbox.ReadAsync(other, 0, 10, Token));
    }

    /// <summary>Envelopes are read in pages in the order they were posted.</summary>
    [Fact]
    public async Task Envelopes_are_read_in_pages()
    {
        var device = Make.Device(Make.User());
        MailboxEnvelope[] envelopes = [.. Enumerable.Range(0, 25).Select(n => Envelope(device, [(byte)n]))];
        await Mailbox.PostAsync(envelopes[..10], Token);
        foreach (var envelope in envelopes[10..])
        {
            await Mailbox.PostAsync([envelope], Token);
        }

        List<MailboxEnvelope> read = [];
        for (var page = await Mailbox.ReadAsync(device, 0, 4, Token); page.Count > 0; page = await Mailbox.ReadAsync(device, page[^1].Position, 4, Token))
        {
            Assert.True(page.Count <= 4);
            read.AddRange(page);
        }

        Assert.Equal(envelopes.Select(envelope => envelope.Id), read.Select(envelope => envelope.Id));
        Assert.Empty(await Mailbox.ReadAsync(device, long.MaxValue, 4, Token));
    }

    /// <summary>What is removed is gone, up to the position and of this device only; positions never come again.</summary>
    [Fact]
    public async Task Envelopes_are_removed_up_to_a_position()
    {
        var user = Make.User();
        var (device, other) = (Make.Device(user), Make.Device(user));
        await Mailbox.PostAsync([.. Enumerable.Range(0, 5).Select(n => Envelope(device, [(byte)n])), Envelope(other, [9])], Token);
        var all = await Mailbox.ReadAsync(device, 0, 10, Token);
        await Mailbox.RemoveAsync(device, all[1].Position, Token);
        Assert.Equal(all.Skip(2).Select(envelope => envelope.Position), (await Mailbox.ReadAsync(device, 0, 10, Token)).Select(envelope => envelope.Position));
        await Mailbox.RemoveAsync(device, 0, Token);
        Assert.Equal(3, (await Mailbox.ReadAsync(device, 0, 10, Token)).Count);
        await Mailbox.RemoveAsync(device, long.MaxValue, Token);
        await Mailbox.RemoveAsync(device, long.MaxValue, Token);
        Assert.Empty(await Mailbox.ReadAsync(device, 0, 10, Token));
        Assert.Single(await Mailbox.ReadAsync(other, 0, 10, Token));
        await Mailbox.PostAsync([Envelope(device, [7])], Token);
        Assert.Equal([7], Assert.Single(await Mailbox.ReadAsync(device, all[^1].Position, 10, Token)).Body.ToArray());
    }

    /// <summary>A body of 1 MiB is kept.</summary>
    [Fact]
    public async Task A_body_of_1_MiB_is_kept()
    {
        var device = Make.Device(Make.User());
        var body = new byte[1024 * 1024];
        new Random(2).NextBytes(body);
        await Mailbox.PostAsync([Envelope(device, body)], Token);
        Assert.True(Assert.Single(await Mailbox.ReadAsync(device, 0, 1, Token)).Body.Span.SequenceEqual(body), "The body came back changed.");
    }

    /// <summary>Rule 17: tenants, users and devices share nothing; devices and envelope ids are compared ordinally.</summary>
    [Fact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        List<MailboxEnvelope> envelopes = [];
        foreach (var tenant in Texts.Tenants)
        {
            foreach (var text in Texts.Alike)
            {
                envelopes.Add(Envelope(new DeviceId(new UserId("someone", tenant), text), [1]) with { Id = new CommandId("same") });
                envelopes.Add(Envelope(new DeviceId(new UserId(text, tenant), "the phone"), [2]) with { Id = new CommandId("same") });
                envelopes.Add(Envelope(new DeviceId(new UserId("someone", tenant), "the tablet"), [3]) with { Id = new CommandId(text) });
            }
        }

        await Mailbox.PostAsync(envelopes, Token);
        foreach (var group in envelopes.GroupBy(envelope => envelope.Device))
        {
            var read = await Mailbox.ReadAsync(group.Key, 0, 1_000, Token);
            Assert.Equal(group.Select(envelope => envelope.Id), read.Select(envelope => envelope.Id));
            Assert.All(read, envelope => Assert.Equal(group.Key, envelope.Device));
        }
    }

    /// <summary>Posts that race are all there once, and a reader that follows the positions misses none.</summary>
    [Fact]
    public async Task A_reader_misses_no_late_post()
    {
        var device = Make.Device(Make.User());
        using var posted = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            List<CommandId> seen = [];
            long after = 0;
            while (true)
            {
                var done = posted.IsCancellationRequested;
                var page = await Mailbox.ReadAsync(device, after, 5, Token);
                seen.AddRange(page.Select(envelope => envelope.Id));
                after = page.Count > 0 ? page[^1].Position : after;
                if (page.Count == 0 && done)
                {
                    return seen;
                }
            }
        });
        CommandId[] ids = [.. Enumerable.Range(0, 30).Select(_ => CommandId.New())];
        try
        {
            await Racing.RunAsync(6, async n =>
            {
                // Everybody posts everything, from another beginning.
                for (var k = 0; k < ids.Length; k++)
                {
                    await Mailbox.PostAsync([Envelope(device, [1]) with { Id = ids[(k + (n * 5)) % ids.Length] }], Token);
                }

                return n;
            });
        }
        finally
        {
            await posted.CancelAsync();
        }

        var seen = await reader;
        Assert.Equal(ids.Length, seen.Count);
        Assert.Equal(ids.ToHashSet(), seen.ToHashSet());
    }

    /// <summary>Rule 14: envelopes outlive a restart; positions go on rising.</summary>
    [Fact]
    public async Task Envelopes_outlive_a_restart()
    {
        var device = Make.Device(Make.User("ann", "acme"));
        MailboxEnvelope[] envelopes = [Envelope(device, [1]), Envelope(device, [2])];
        await Mailbox.PostAsync(envelopes, Token);
        var before = await Mailbox.ReadAsync(device, 0, 10, Token);
        await Mailbox.RemoveAsync(device, before[^1].Position, Token);
        await Mailbox.PostAsync([Envelope(device, [3])], Token);
        await ReopenAsync();
        await Mailbox.PostAsync([Envelope(device, [4])], Token);
        Assert.Equal([3, 4], (await Mailbox.ReadAsync(device, before[^1].Position, 10, Token)).Select(envelope => envelope.Body.Span[0]));
    }

    private static MailboxEnvelope Envelope(DeviceId device, byte[] body) => new()
    {
        Device = device,
        Id = CommandId.New(),
        ContentType = "message/mls",
        Body = body,
    };
}
