using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Key and nonce of one generation (RFC 9420, section 9.1). Zeroed on disposal.</summary>
internal sealed record MessageKey(byte[] Key, byte[] Nonce) : IDisposable
{
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Key);
        CryptographicOperations.ZeroMemory(Nonce);
    }
}
