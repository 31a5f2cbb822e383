using System.Buffers;
using System.Buffers.Text;

namespace ChatKit.Load.Scenarios;

/// <summary>Ids of messages as ChatKit's client makes them, UUIDs of version 7 in 32 digits; what is random in those names the run, the slot and the slot's message here, so nothing is
/// looked up.</summary>
internal sealed class MessageIds
{
    public const int Length = 32;
    private const int TimeDigits = 12;
    private const int TagAt = 13;
    private const int MoreTagAt = 17;
    private const int TagDigits = 3;
    private const int SlotAt = 20;
    private const int SlotDigits = 5;
    private const int GenerationDigits = 7;
    private readonly byte[] tag = new byte[2 * TagDigits];

    public MessageIds() => System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N").AsSpan(0, tag.Length), tag);

    public void Write(Span<byte> id, int slot, long generation)
    {
        Hex(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), id, TimeDigits);
        id[TimeDigits] = (byte)'7';
        tag.AsSpan(0, TagDigits).CopyTo(id[TagAt..]);
        id[TagAt + TagDigits] = (byte)'8';
        tag.AsSpan(TagDigits).CopyTo(id[MoreTagAt..]);
        Hex(slot, id[SlotAt..], SlotDigits);
        Hex(generation, id[(SlotAt + SlotDigits)..], GenerationDigits);
    }

    /// <returns>Whether it is an id of this run.</returns>
    public bool TryRead(ReadOnlySpan<byte> id, out int slot, out long generation)
    {
        slot = 0;
        generation = 0;
        return id.Length == Length && id[TagAt..].StartsWith(tag.AsSpan(0, TagDigits)) && id[MoreTagAt..].StartsWith(tag.AsSpan(TagDigits))
            && Utf8Parser.TryParse(id.Slice(SlotAt, SlotDigits), out slot, out int _, 'x')
            && Utf8Parser.TryParse(id[(SlotAt + SlotDigits)..], out generation, out int _, 'x');
    }

    private static void Hex(long value, Span<byte> to, byte digits)
    {
        if (!Utf8Formatter.TryFormat(value, to, out var written, new StandardFormat('x', digits)) || written != digits)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"More than {digits} digits.");
        }
    }
}
