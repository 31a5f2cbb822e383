namespace ChatKit.Storage.Postgres.Tests;

public sealed class TextsTests
{
    /// <summary>Every text is kept, and no two become one.</summary>
    [Fact]
    public void Texts_come_back_and_stay_different()
    {
        string[] texts =
        [
            "", "text/plain", "a\0b", "\0", "\u0001", "\u00010000", "\u0001\0", "0000", "\ud800", "\udc00", "\udc00\ud800", "a\ud800", "\ud83d\ude00", "\ud83d\ude00\ud83d", "é\u0001d800",
        ];
        string[] encoded = [.. texts.Select(Texts.Encode)];
        Assert.Equal(texts, encoded.Select(Texts.Decode));
        Assert.Equal(texts.Length, encoded.Distinct(StringComparer.Ordinal).Count());
        Assert.All(encoded, text => Assert.DoesNotContain('\0', text));
        Assert.All(encoded, text => Assert.Equal(text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Ordinary_texts_are_not_copied() => Assert.Same("text/html", Texts.Encode("text/html"));
}
