using System.Security.Cryptography;
using System.Text;
using ChatKit.Client;

namespace ChatKit.Docs.Tests.Snippets;

internal static class ClientStoreSnippets
{
    public static async Task<FileClientStore> OpenAsync(string folder, CancellationToken ct)
    {
        #region open
        try
        {
            return await FileClientStore.OpenAsync(folder, ct);
        }
        catch (ClientStoreException e) when (e.Fault == ClientStoreFault.Damaged)
        {
            Directory.Move(folder, $"{folder}.damaged");             // perhaps somebody wants to look at it
            return await FileClientStore.OpenAsync(folder, ct);      // conversations are loaded anew; what was not sent yet is lost
        }
        #endregion
    }

    public static async Task ShowAsync(ChatClient chat, ConversationId conversation, Action<ChatMessage> show, CancellationToken ct)
    {
        #region show
        var events = chat.Events(ct);                                // before anything can happen
        await chat.LoadAsync(ct);                                    // from the store, without a connection
        foreach (var message in chat.Conversation(conversation).CachedMessages)
        {
            show(message);                                           // Status says pending, accepted or refused
        }

        await chat.StartAsync(ct);
        await foreach (var e in events)
        {
            switch (e)
            {
                case MessagePending { Message: var m }: show(m); break;
                case MessageAccepted { Message: var m }: show(m); break;     // the same Command as the pending one
                case MessageRefused { Message: var m }: show(m); break;
                case MessageReceived { Message: var m }: show(m); break;
                case ResyncRequired:                                         // load conversations and pages anew
                    await chat.Conversation(conversation).GetMessagesAsync(cancellationToken: ct);
                    break;
            }
        }
        #endregion
    }

    public static async Task RetryAsync(ChatClient chat, ConversationId conversation, CancellationToken ct)
    {
        #region refused
        foreach (var message in chat.Conversation(conversation).CachedMessages.Where(m => m.Status == MessageStatus.Refused))
        {
            if (message.Refusal == ChatErrorCode.RateLimited)
            {
                await chat.Conversation(conversation).SendAsync(message.Text!, ct);  // a new message, at the end
            }

            await chat.WithdrawAsync(message.Command!.Value, ct);                    // or it is shown for ever
        }
        #endregion
    }

    #region plug
    /// <summary>Encrypts what another store keeps.</summary>
    internal sealed class EncryptedStore(IClientStore inner, byte[] key) : IClientStore
    {
        private const int Nonce = 12, Tag = 16;

        public async ValueTask<IReadOnlyList<ClientRecord>> LoadAsync(CancellationToken cancellationToken) =>
            [.. (await inner.LoadAsync(cancellationToken)).Select(r => r with { Value = Decrypt(r.Key, r.Value!.Value.Span) })];

        public ValueTask WriteAsync(IReadOnlyList<ClientRecord> changes, CancellationToken cancellationToken) =>
            inner.WriteAsync([.. changes.Select(c => c with { Value = c.Value is { } value ? Encrypt(c.Key, value.Span) : (ReadOnlyMemory<byte>?)null })], cancellationToken);

        private byte[] Encrypt(string name, ReadOnlySpan<byte> plain)
        {
            var sealedBytes = new byte[Nonce + Tag + plain.Length];
            RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
            using var aes = new AesGcm(key, Tag);
            aes.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(name));
            return sealedBytes;
        }

        private byte[] Decrypt(string name, ReadOnlySpan<byte> sealedBytes)
        {
            try
            {
                var plain = new byte[sealedBytes.Length - Nonce - Tag];
                using var aes = new AesGcm(key, Tag);
                aes.Decrypt(sealedBytes[..Nonce], sealedBytes[(Nonce + Tag)..], sealedBytes.Slice(Nonce, Tag), plain, Encoding.UTF8.GetBytes(name));
                return plain;
            }
            catch (Exception e) when (e is CryptographicException or OverflowException or ArgumentException)
            {
                throw new ClientStoreException(ClientStoreFault.Damaged, "The store was encrypted with another key, or is damaged.", e);
            }
        }
    }
    #endregion
}
