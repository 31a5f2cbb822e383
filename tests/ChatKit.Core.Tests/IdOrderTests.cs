using System.Text;

namespace ChatKit.Core.Tests;

public sealed class IdOrderTests
{
    /// <summary>The order is that of the UTF-8 bytes, whatever is compared with whatever.</summary>
    [Fact]
    public void Ids_are_ordered_by_their_utf8_bytes()
    {
        var random = new Random(17);
        string[] parts = ["", "a", "b", "\u00e9", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff"];
        string[] ids = [.. Enumerable.Range(0, 200).Select(_ => string.Concat(Enumerable.Range(0, 4).Select(_ => parts[random.Next(parts.Length)])))];
        foreach (var one in ids)
        {
            foreach (var other in ids)
            {
                var expected = Math.Sign(Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)));
                Assert.Equal(expected, Math.Sign(IdOrder.Comparer.Compare(one, other)));
            }
        }
    }

    [Fact]
    public void Null_comes_first() =>
        Assert.Equal((0, -1, 1), (IdOrder.Comparer.Compare(null, null), IdOrder.Comparer.Compare(null, ""), IdOrder.Comparer.Compare("", null)));
}
