using System.Diagnostics.CodeAnalysis;

namespace ChatKit;

/// <summary>The result of something that may be refused: expected refusals are values, outages and misuse are exceptions.</summary>
/// <typeparam name="T">What success gives.</typeparam>
public readonly struct ChatResult<T>
{
    private readonly T? value;

    private ChatResult(T? value, ChatError? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>Whether it succeeded.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Why it was refused; null on success.</summary>
    public ChatError? Error { get; }

    /// <summary>What success gave.</summary>
    /// <exception cref="InvalidOperationException">It was refused; the message says why.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"Refused: {Error}");

    internal static ChatResult<T> Success(T value) => new(value, null);

    /// <summary>A success.</summary>
    /// <param name="value">What it gives.</param>
    public static implicit operator ChatResult<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    /// <param name="error">Why.</param>
    public static implicit operator ChatResult<T>(ChatError error) => new(default, error);

    /// <inheritdoc/>
    public override string ToString() => Error?.ToString() ?? value?.ToString() ?? "";
}
