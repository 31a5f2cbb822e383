namespace ChatKit.Mls.Tests;

/// <summary>Believes every credential, for tests that are about something else.</summary>
internal sealed class AcceptAll : MlsCredentialValidator
{
    public override bool IsValid(in MlsCredentialContext context) => true;
}
