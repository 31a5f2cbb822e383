namespace ChatKit.Mls;

/// <summary>The credential types of RFC 9420, section 5.3.</summary>
public static class MlsCredentialType
{
    /// <summary>basic: a bare identity.</summary>
    public const int Basic = 1;

    /// <summary>x509: a chain of certificates.</summary>
    public const int X509 = 2;
}
