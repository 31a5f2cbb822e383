namespace ChatKit.Mls;

/// <summary>An HPKE key pair; whoever holds it last zeroes the private key.</summary>
internal sealed record HpkeKeyPair(byte[] PrivateKey, byte[] PublicKey);
