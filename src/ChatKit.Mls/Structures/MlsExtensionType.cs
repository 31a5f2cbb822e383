namespace ChatKit.Mls;

/// <summary>The extension types that this package understands (RFC 9420, section 17.3).</summary>
public static class MlsExtensionType
{
    /// <summary>application_id: an identifier in a leaf node (section 5.3.3).</summary>
    public const int ApplicationId = 1;

    /// <summary>ratchet_tree: the tree in a GroupInfo (section 12.4.3.3).</summary>
    public const int RatchetTree = 2;

    /// <summary>required_capabilities: what every member must support (section 11.1).</summary>
    public const int RequiredCapabilities = 3;

    /// <summary>external_pub: the key for external joins in a GroupInfo (section 12.4.3.2).</summary>
    public const int ExternalPub = 4;

    /// <summary>external_senders: who may propose from outside (section 12.1.8.1).</summary>
    public const int ExternalSenders = 5;

    /// <summary>last_resort: marks a key package that may be used more than once (draft-ietf-mls-extensions; registered as 0x000A).</summary>
    public const int LastResort = 10;

    internal static bool IsDefault(int type) => type is >= ApplicationId and <= ExternalSenders;
}
