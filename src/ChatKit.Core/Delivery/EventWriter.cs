using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>Writes the two events every message causes byte for byte as <see cref="WireJson"/> would, without the objects in between.</summary>
internal static class EventWriter
{
    private const int KeptBytes = 64 * 1024;

    private static readonly JsonEncodedText T = JsonEncodedText.Encode("t");
    private static readonly JsonEncodedText EntryTag = JsonEncodedText.Encode(EventTags.Entry);
    private static readonly JsonEncodedText AcceptedTag = JsonEncodedText.Encode(EventTags.Accepted);
    private static readonly JsonEncodedText EntryName = JsonEncodedText.Encode("entry");
    private static readonly JsonEncodedText Conversation = JsonEncodedText.Encode("conversation");
    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText ContentType = JsonEncodedText.Encode("contentType");
    private static readonly JsonEncodedText Target = JsonEncodedText.Encode("target");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Counts = JsonEncodedText.Encode("counts");
    private static readonly JsonEncodedText Deleted = JsonEncodedText.Encode("deleted");
    private static readonly JsonEncodedText Duplicate = JsonEncodedText.Encode("duplicate");

    [ThreadStatic]
    private static Scratch? scratch;

    /// <summary>Whether <see cref="Entry"/> knows the entry's fields: rare ones are left to the serialiser.</summary>
    public static bool CanWrite(LogEntry entry) => entry.Header.Kind != EntryKind.Membership && entry.Header.Assets.Count == 0;

    public static byte[] Entry(LogEntry entry)
    {
        var writer = Begin(EntryTag);
        writer.WriteStartObject(EntryName);
        writer.WriteString(Conversation, entry.Conversation.Value);
        writer.WriteNumber(Seq, entry.Seq);
        writer.WriteString(At, entry.AcceptedAt);
        writer.WriteString(Kind, WireMapper.KindOf(entry.Header.Kind));
        writer.WriteString(From, entry.Sender.Value);
        writer.WriteString(Id, entry.Command.Value);
        WriteBody(writer, entry);
        if (entry.Header.ContentType != WireMapper.PlainText)
        {
            writer.WriteString(ContentType, entry.Header.ContentType);
        }

        if (entry.Header.Target is { } target)
        {
            writer.WriteNumber(Target, target);
        }

        if (entry.Version != entry.Seq)
        {
            writer.WriteNumber(Version, entry.Version);
        }

        WriteIf(writer, Counts, entry.Header.Counts);
        WriteIf(writer, Deleted, entry.Erased);
        writer.WriteEndObject();
        return End(writer);
    }

    public static void Accepted(IBufferWriter<byte> to, string? id, SentMessage sent)
    {
        var writer = Begin(AcceptedTag, to);
        if (id is not null)
        {
            writer.WriteString(Id, id);
        }

        writer.WriteString(Conversation, sent.Conversation.Value);
        writer.WriteNumber(Seq, sent.Seq);
        writer.WriteString(At, sent.AcceptedAt);
        WriteIf(writer, Duplicate, sent.Duplicate);
        writer.WriteEndObject();
        writer.Flush();
        writer.Reset(scratch!.Buffer); // The thread must not keep what is the caller's.
    }

    private static void WriteBody(Utf8JsonWriter writer, LogEntry entry)
    {
        var body = entry.Body.Span;
        if (body.IsEmpty)
        {
            return;
        }

        if (WireMapper.IsText(entry.Header.ContentType) && Utf8.IsValid(body))
        {
            writer.WriteString(Text, body);
        }
        else
        {
            // As the serialiser writes a string: base64's plus sign comes out escaped.
            writer.WriteString(Data, Convert.ToBase64String(body));
        }
    }

    private static void WriteIf(Utf8JsonWriter writer, JsonEncodedText name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static Utf8JsonWriter Begin(JsonEncodedText tag, IBufferWriter<byte>? to = null)
    {
        var used = scratch ??= new Scratch();
        used.Buffer.ResetWrittenCount();
        var writer = used.Writer;
        writer.Reset(to ?? used.Buffer);
        writer.WriteStartObject();
        writer.WriteString(T, tag);
        return writer;
    }

    private static byte[] End(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.Flush();
        var used = scratch!;
        var bytes = used.Buffer.WrittenSpan.ToArray();
        if (used.Buffer.Capacity > KeptBytes)
        {
            scratch = null; // One huge body must not stay with the thread.
        }

        return bytes;
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true });

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }
}
