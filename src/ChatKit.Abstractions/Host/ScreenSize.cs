using System.Globalization;

namespace ChatKit;

/// <summary>A screen in CSS pixels, from which the number of messages of a page follows.</summary>
/// <param name="Width">The width: 1 to 32,767.</param>
/// <param name="Height">The height: 1 to 32,767.</param>
public readonly record struct ScreenSize(int Width, int Height)
{
    /// <summary>How many messages fill this screen one and a half times. A bubble is three quarters of the width, at most 540 pixels;
    /// a message has 60 characters of 8 pixels, a line 20 pixels, a bubble 24 pixels around its lines:
    /// <c>lines = ceil(480 / min(0.75 × width, 540))</c>, <c>messages = ceil(1.5 × height / (24 + 20 × lines))</c>, at least 10, at most 100.</summary>
    public int Messages
    {
        get
        {
            var bubble = Math.Min(0.75 * Math.Max(1, Width), 540);
            var lines = Math.Ceiling(480 / bubble);
            return (int)Math.Clamp(Math.Ceiling(1.5 * Height / (24 + (20 * lines))), 10, 100);
        }
    }

    /// <summary>Reads <c>WIDTHxHEIGHT</c>, for example <c>390x844</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size.</param>
    /// <returns>Whether the text is of this form and in range.</returns>
    public static bool TryParse(string? text, out ScreenSize size)
    {
        size = default;
        var x = text?.IndexOf('x', StringComparison.Ordinal) ?? -1;
        if (x <= 0 || !int.TryParse(text.AsSpan(0, x), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(text.AsSpan(x + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || width is < 1 or > 32767 || height is < 1 or > 32767)
        {
            return false;
        }

        size = new ScreenSize(width, height);
        return true;
    }
}
