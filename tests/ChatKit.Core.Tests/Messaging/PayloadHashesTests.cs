using System.Text;
using ChatKit.Messaging;

namespace ChatKit.Core.Tests.Messaging;

/// <summary>The same payload has the same hash, and whatever is changed in it another one (rule 5).</summary>
public sealed class PayloadHashesTests
{
    private static readonly EntryHeader Header = new() { Kind = EntryKind.Message, Counts = true, ContentType = "text/plain" };

    private static (EntryHeader Header, string Body)[] Others =>
    [
        (Header, "Hello!"),
        (Header, ""),
        (Header, new string('x', 5000)),
        (Header, new string('x', 5001)),
        (Header with { Kind = EntryKind.Edit }, "Hello"),
        (Header with { Counts = false }, "Hello"),
        (Header with { Target = 1 }, "Hello"),
        (Header with { ContentType = "text/plaim" }, "Hello"),
        (Header with { ContentType = "text/plai" }, "nHello"),
        (Header with { Assets = [new AssetId("a")] }, "Hello"),
        (Header with { Assets = [new AssetId("a"), new AssetId("b")] }, "Hello"),
        (Header with { Assets = [new AssetId("ab")] }, "Hello"),
    ];

    [Fact]
    public void Another_payload_has_another_hash_and_the_same_the_same()
    {
        List<UInt128> hashes = [PayloadHashes.Of(Header, "Hello"u8)];
        foreach (var (header, body) in Others)
        {
            hashes.Add(PayloadHashes.Of(header, Encoding.UTF8.GetBytes(body)));
            Assert.Equal(hashes[^1], PayloadHashes.Of(header with { Assets = [.. header.Assets] }, Encoding.UTF8.GetBytes(body)));
        }

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }
}
