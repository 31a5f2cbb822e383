using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>HKDF (RFC 5869) and the labelled forms of RFC 9180, section 4.</summary>
internal static class HpkeKdf
{
    public static void Extract(HashAlgorithmName hash, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyMaterial, Span<byte> prk) =>
        CryptographicOperations.HmacData(hash, salt, inputKeyMaterial, prk);

    public static void Expand(HashAlgorithmName hash, int hashLength, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> info, Span<byte> output)
    {
        if (output.Length > hashLength)
        {
            HKDF.Expand(hash, prk, output, info);
            return;
        }

        // One block: HMAC(prk, info || 0x01).
        using var input = new ScratchBuffer(stackalloc byte[512]);
        Span<byte> block = stackalloc byte[64];
        input.Append(info);
        input.AppendUInt8(1);
        CryptographicOperations.HmacData(hash, prk, input.Written, block);
        block[..output.Length].CopyTo(output);
        CryptographicOperations.ZeroMemory(block);
    }

    public static void LabeledExtract(
        HashAlgorithmName hash, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> inputKeyMaterial, Span<byte> prk)
    {
        using var input = new ScratchBuffer(stackalloc byte[512]);
        input.Append("HPKE-v1"u8);
        input.Append(suiteId);
        input.Append(label);
        input.Append(inputKeyMaterial);
        Extract(hash, salt, input.Written, prk);
    }

    public static void LabeledExpand(
        HashAlgorithmName hash, ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        using var input = new ScratchBuffer(stackalloc byte[512]);
        input.AppendUInt16(checked((ushort)output.Length));
        input.Append("HPKE-v1"u8);
        input.Append(suiteId);
        input.Append(label);
        input.Append(info);
        Expand(hash, MlsCipherSuite.LengthOf(hash), prk, input.Written, output);
    }
}
