namespace ChatKit.Mls;

/// <summary>Validation of leaf nodes (RFC 9420, section 7.3) and of the members together (sections 12.2 and 13).</summary>
internal static class LeafValidation
{
    /// <summary>One leaf by itself: source, signature, keys, capabilities.</summary>
    public static void Validate(
        MlsCipherSuite suite, LeafNode leaf, LeafNodeSource source, ReadOnlySpan<byte> groupId, uint leafIndex, IReadOnlyList<MlsExtension> groupExtensions)
    {
        if (leaf.Source != source)
        {
            throw new MlsException(MlsErrorCode.InvalidLeafNode, "A leaf node has a source that does not fit its place.");
        }

        ValidateInTree(suite, leaf, groupId, leafIndex, groupExtensions);
    }

    /// <summary>One leaf of a received tree, whatever its source.</summary>
    public static void ValidateInTree(
        MlsCipherSuite suite, LeafNode leaf, ReadOnlySpan<byte> groupId, uint leafIndex, IReadOnlyList<MlsExtension> groupExtensions)
    {
        if (leaf.EncryptionKey.Length != suite.Kem.PublicKeyLength || !suite.Signature.IsValidPublicKey(leaf.SignatureKey))
        {
            throw new MlsException(MlsErrorCode.InvalidKey, "A leaf node has a key of a wrong length.");
        }

        MlsExtension.EnsureUnique(leaf.Extensions);
        var capabilities = leaf.Capabilities;
        foreach (var extension in leaf.Extensions)
        {
            if (!capabilities.SupportsExtension(extension.Type))
            {
                throw new MlsException(MlsErrorCode.InvalidLeafNode, "A leaf node has an extension that its capabilities do not list.");
            }
        }

        if (!capabilities.SupportsVersion(ProtocolVersion.Mls10) || !capabilities.SupportsCipherSuite(suite.Id) || !capabilities.SupportsCredential(leaf.Credential.Type))
        {
            throw new MlsException(MlsErrorCode.UnsupportedCapability, "A leaf node's capabilities lack its own version, cipher suite or credential.");
        }

        EnsureSupports(capabilities, groupExtensions);
        if (!leaf.VerifySignature(suite, groupId, leafIndex))
        {
            throw new MlsException(MlsErrorCode.InvalidSignature, "The signature of a leaf node does not verify.");
        }
    }

    public static void EnsureLifetime(LeafNode leaf, DateTimeOffset now)
    {
        if (leaf.Source == LeafNodeSource.KeyPackage && !leaf.Lifetime.Contains(now))
        {
            throw new MlsException(MlsErrorCode.LifetimeInvalid, "A key package is not valid at this time.");
        }
    }

    /// <summary>Checks a group's extension list by itself (section 13.4).</summary>
    public static void ValidateGroupExtensions(IReadOnlyList<MlsExtension> extensions)
    {
        MlsExtension.EnsureUnique(extensions);
        foreach (var extension in extensions)
        {
            switch (extension.Type)
            {
                case MlsExtensionType.RequiredCapabilities:
                    MlsCodec.Decode<MlsRequiredCapabilities>(extension.Data.Span);
                    break;
                case MlsExtensionType.ExternalSenders:
                    MlsCodec.DecodeList<MlsExternalSender>(extension.Data.Span);
                    break;
                case MlsExtensionType.ApplicationId or MlsExtensionType.RatchetTree or MlsExtensionType.ExternalPub or MlsExtensionType.LastResort:
                    throw new MlsException(MlsErrorCode.InvalidExtension, "An extension may not stand in a group context.");
            }
        }
    }

    /// <summary>
    /// All members together: distinct keys, credentials that everyone supports, and, if the group's extensions changed, capabilities for
    /// them.
    /// </summary>
    public static void ValidateMembers(MlsCipherSuite suite, RatchetTree tree, IReadOnlyList<MlsExtension>? changedExtensions)
    {
        var encryptionKeys = new HashSet<byte[]>(tree.NodeCount, ByteArrayComparer.Instance);
        var signatureKeys = new HashSet<byte[]>(tree.LeafCount, ByteArrayComparer.Instance);
        var credentialTypes = new HashSet<int>();
        for (var i = 0; i < tree.NodeCount; i++)
        {
            if (tree[i] is not { } node)
            {
                continue;
            }

            if (!encryptionKeys.Add(node.EncryptionKey) || (node is LeafNode leaf && !signatureKeys.Add(leaf.SignatureKey)))
            {
                throw new MlsException(MlsErrorCode.DuplicateKey, "Two nodes of the tree have the same key.");
            }

            if (node is LeafNode member)
            {
                credentialTypes.Add(member.Credential.Type);
            }
        }

        foreach (var (_, leaf) in tree.Leaves())
        {
            foreach (var type in credentialTypes)
            {
                if (!leaf.Capabilities.SupportsCredential(type))
                {
                    throw new MlsException(MlsErrorCode.UnsupportedCapability, "A member does not support the credential of another one.");
                }
            }

            if (changedExtensions is not null)
            {
                EnsureSupports(leaf.Capabilities, changedExtensions);
            }
        }
    }

    private static void EnsureSupports(MlsCapabilities capabilities, IReadOnlyList<MlsExtension> groupExtensions)
    {
        for (var i = 0; i < groupExtensions.Count; i++)
        {
            var extension = groupExtensions[i];
            if (!capabilities.SupportsExtension(extension.Type)
                || (extension.Type == MlsExtensionType.RequiredCapabilities && !MlsCodec.Decode<MlsRequiredCapabilities>(extension.Data.Span).SatisfiedBy(capabilities)))
            {
                throw new MlsException(MlsErrorCode.UnsupportedCapability, "A member does not support what the group requires.");
            }
        }
    }
}
