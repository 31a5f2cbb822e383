using System.Security.Cryptography;

namespace ChatKit.Mls.Tests;

internal static class XWingSuite
{
    /// <summary>A suite from the private range.</summary>
    public static MlsCipherSuite Suite { get; } = new(
        0xF00D, "MLS_128_XWING_CHACHA20POLY1305_SHA256_Ed25519", new XWingKem(), MlsCipherSuite.ChaCha20Poly1305, HashAlgorithmName.SHA256, MlsCipherSuite.Ed25519);
}
