namespace ChatKit.Mls;

/// <summary>The stable codes of <see cref="MlsException"/>. Numbers never change meaning and are never reused.</summary>
public enum MlsErrorCode
{
    /// <summary>No error; never thrown.</summary>
    None = 0,

    /// <summary>The bytes are not a valid TLS-presentation encoding (RFC 9420, section 2.1), or bytes follow the structure.</summary>
    Malformed = 1,

    /// <summary>An input is larger than the configured limit.</summary>
    LimitExceeded = 2,

    /// <summary>The protocol version is not <c>mls10</c> (RFC 9420, section 6).</summary>
    UnsupportedVersion = 3,

    /// <summary>The cipher suite is not known to this client (RFC 9420, section 5.1).</summary>
    UnsupportedCipherSuite = 4,

    /// <summary>This operating system lacks an algorithm that the cipher suite needs.</summary>
    UnsupportedPlatform = 5,

    /// <summary>The message has another wire format than the operation accepts (RFC 9420, section 6).</summary>
    WrongWireFormat = 6,

    /// <summary>A signature does not verify (RFC 9420, section 5.1.2).</summary>
    InvalidSignature = 10,

    /// <summary>The membership tag of a PublicMessage does not verify (RFC 9420, section 6.2).</summary>
    InvalidMembershipTag = 11,

    /// <summary>The confirmation tag does not verify (RFC 9420, section 6.1).</summary>
    InvalidConfirmationTag = 12,

    /// <summary>A ciphertext does not decrypt under the expected key (RFC 9420, sections 6.3 and 12.4.3.1).</summary>
    DecryptionFailed = 13,

    /// <summary>A public or private key is not valid for its algorithm.</summary>
    InvalidKey = 14,

    /// <summary>The tree hash differs from the one in the group context (RFC 9420, section 7.8).</summary>
    InvalidTreeHash = 20,

    /// <summary>A parent hash does not verify (RFC 9420, section 7.9).</summary>
    InvalidParentHash = 21,

    /// <summary>A list of unmerged leaves is not valid (RFC 9420, section 12.4.3.1).</summary>
    InvalidUnmergedLeaves = 22,

    /// <summary>Two nodes carry the same encryption key or two leaves the same signature key (RFC 9420, section 7.3).</summary>
    DuplicateKey = 23,

    /// <summary>The ratchet tree has an impossible shape (RFC 9420, section 7.4.1 and 12.4.3.3).</summary>
    InvalidTree = 24,

    /// <summary>The current time is outside a key package's lifetime (RFC 9420, section 7.2).</summary>
    LifetimeInvalid = 30,

    /// <summary>A member or the group lacks a capability that is needed (RFC 9420, sections 7.2 and 11.1).</summary>
    UnsupportedCapability = 31,

    /// <summary>A leaf node is not valid where it stands (RFC 9420, section 7.3).</summary>
    InvalidLeafNode = 32,

    /// <summary>The application's credential validator refused a credential (RFC 9420, section 5.3.1).</summary>
    CredentialRejected = 33,

    /// <summary>A key package is not valid (RFC 9420, section 10.1).</summary>
    InvalidKeyPackage = 34,

    /// <summary>An extension is not valid where it stands (RFC 9420, section 13).</summary>
    InvalidExtension = 35,

    /// <summary>The message belongs to another group.</summary>
    WrongGroup = 40,

    /// <summary>The message belongs to an epoch that this state has not reached or has left (RFC 9420, section 6).</summary>
    WrongEpoch = 41,

    /// <summary>The message belongs to a past epoch whose secrets are no longer kept.</summary>
    EpochTooOld = 42,

    /// <summary>The sender is not a member or a listed external sender (RFC 9420, section 6.1).</summary>
    UnknownSender = 43,

    /// <summary>This type of sender may not send this content (RFC 9420, sections 6.1 and 12.1.8).</summary>
    WrongSenderType = 44,

    /// <summary>The key of this generation was used already or was dropped (RFC 9420, section 9.2).</summary>
    GenerationReused = 45,

    /// <summary>The generation is further ahead than the configured window (RFC 9420, section 9.1).</summary>
    GenerationTooFar = 46,

    /// <summary>The message was sent by this member itself and cannot be decrypted (RFC 9420, section 6.3.1).</summary>
    OwnMessage = 47,

    /// <summary>A proposal is not valid (RFC 9420, section 12.1).</summary>
    InvalidProposal = 50,

    /// <summary>A list of proposals or a commit is not valid (RFC 9420, sections 12.2 and 12.4).</summary>
    InvalidCommit = 51,

    /// <summary>A commit refers to a proposal that this member has not received (RFC 9420, section 12.4.2).</summary>
    UnknownProposal = 52,

    /// <summary>A commit lacks the path that its proposals need (RFC 9420, section 12.4).</summary>
    MissingPath = 53,

    /// <summary>A pre-shared key is not at hand (RFC 9420, section 8.4).</summary>
    PskNotFound = 54,

    /// <summary>The application's policy refused a proposal (RFC 9420, section 12.2, last item).</summary>
    ProposalRefused = 55,

    /// <summary>A Welcome is not for the given key package (RFC 9420, section 12.4.3.1).</summary>
    WelcomeNotForKeyPackage = 60,

    /// <summary>No ratchet tree came with a Welcome or a GroupInfo (RFC 9420, section 12.4.3.3).</summary>
    MissingRatchetTree = 61,

    /// <summary>A GroupInfo is not valid or lacks what the operation needs (RFC 9420, section 12.4.3).</summary>
    InvalidGroupInfo = 62,

    /// <summary>A re-initialised or branched group does not match the group it comes from (RFC 9420, sections 11.2 and 11.3).</summary>
    ResumptionMismatch = 63,

    /// <summary>The group was left, or was suspended by a re-init (RFC 9420, section 11.2).</summary>
    GroupInactive = 70,

    /// <summary>A commit is pending: merge or drop it first.</summary>
    PendingCommitExists = 71,

    /// <summary>There is no pending commit.</summary>
    NoPendingCommit = 72,

    /// <summary>Proposals wait to be committed, so that application messages may not be sent (RFC 9420, section 12.4).</summary>
    ProposalsPending = 73,

    /// <summary>Stored state is incomplete or damaged.</summary>
    CorruptState = 80,
}
