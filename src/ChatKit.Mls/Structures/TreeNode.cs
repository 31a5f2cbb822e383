namespace ChatKit.Mls;

/// <summary>Node (RFC 9420, section 12.4.3.3): a leaf or a parent. Immutable.</summary>
internal abstract class TreeNode(byte[] encryptionKey)
{
    public byte[] EncryptionKey { get; } = encryptionKey;
}
