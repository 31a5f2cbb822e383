namespace ChatKit.Mls.Tests;

public sealed class SecrecyTests
{
    [Fact]
    public void A_used_message_key_is_gone_from_the_stored_state()
    {
        using var group = TestGroup.Of(3);
        var message = group[0].Send("secret");
        var before = new MlsMemoryGroupStore(group[1].Store.Records);
        Assert.Equal("secret", group[1].Read(message));

        // The receiver's state from before reads it, the one from after does not.
        using (var copy = MlsGroup.Load(before.Records, group[1].Config, new MlsMemoryGroupStore()))
        {
            Assert.IsType<MlsApplicationMessage>(copy.Process(message));
        }

        group[1].Reload();
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(message));

        // Nor does the sender's own.
        var sender = TheirView(group[0], group[1]);
        Assert.Throws<MlsException>(() => sender.Process(message));

        // No stored byte string holds the key or anything that it is derived from.
        var (key, ancestors) = KeysOf(before, group[0].Group.OwnLeafIndex);
        var all = string.Concat(group[1].Snapshot().Values);
        Assert.DoesNotContain(Convert.ToHexString(key), all, StringComparison.Ordinal);
        Assert.NotEmpty(ancestors);
        Assert.All(ancestors, a => Assert.DoesNotContain(Convert.ToHexString(a), all, StringComparison.Ordinal));
    }

    [Fact]
    public void Skipped_keys_are_used_once_and_bounded()
    {
        using var group = TestGroup.Of(2, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, maxSkipped: 5, maxForward: 20));
        var messages = Enumerable.Range(0, 40).Select(i => group[0].Send("m" + i)).ToArray();
        Assert.Equal("m9", group[1].Read(messages[9]));
        group[1].Reload();
        Assert.Equal("m7", group[1].Read(messages[7]));
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(messages[7]));
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(messages[9]));
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(messages[3]));
        Assert.Equal("m4", group[1].Read(messages[4]));
        Refused.With(MlsErrorCode.GenerationTooFar, group[1], g => g.Process(messages[31]));
        Assert.Equal("m30", group[1].Read(messages[30]));
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(messages[8]));
        Assert.Equal("m39", group[1].Read(messages[39]));
    }

    [Fact]
    public void A_removed_member_cannot_read_the_next_epoch()
    {
        using var group = TestGroup.Of(4);
        var removed = group[3];
        var beforeRemoval = new MlsMemoryGroupStore(removed.Store.Records);
        group.Commit(0, [MlsProposal.Remove(3)]);
        var message = group[1].Send("without you");
        Assert.Throws<MlsException>(() => removed.Group.Process(message));
        Assert.Equal(MlsErrorCode.GroupInactive, Assert.Throws<MlsException>(() => removed.Send("x")).Code);
        removed.Reload();
        Assert.Equal(MlsGroupStatus.Removed, removed.Group.Status);
        Assert.DoesNotContain(removed.Snapshot().Keys, k => k.StartsWith(StateKeys.KeyPrefix, StringComparison.Ordinal));

        // Not even with everything it knew: its keys open nothing of the commit's path, and the secrets differ.
        using var attacker = MlsGroup.Load(beforeRemoval.Records, removed.Config, beforeRemoval);
        Assert.Equal(MlsErrorCode.WrongEpoch, Assert.Throws<MlsException>(() => attacker.Process(message)).Code);
        Assert.False(CanOpen(beforeRemoval, message, group[0].Suite));
    }

    [Fact]
    public void An_attacker_with_the_last_epochs_full_state_is_locked_out_by_the_victims_update()
    {
        using var group = TestGroup.Of(4);
        var stolen = new MlsMemoryGroupStore(group[2].Store.Records);
        using (var attacker = MlsGroup.Load(stolen.Records, group[2].Config, new MlsMemoryGroupStore()))
        {
            // The theft is worth something: the attacker reads the epoch, and follows a commit that is not the victim's.
            Assert.IsType<MlsApplicationMessage>(attacker.Process(group[0].Send("readable")));
        }

        var pending = group[2].Group.PrepareCommit();
        using (var attacker = MlsGroup.Load(stolen.Records, group[2].Config, new MlsMemoryGroupStore()))
        {
            Assert.Throws<MlsException>(() => attacker.Process(pending.Message.Span));
        }

        group.Deliver(pending.Message.ToArray(), group[2]);
        group[2].Group.MergePendingCommit();
        var message = group[0].Send("healed");
        Assert.False(CanOpen(stolen, message, group[0].Suite));
        Assert.Equal("healed", group[2].Read(message));

        // And an update by proposal heals, too.
        var stolenAgain = new MlsMemoryGroupStore(group[1].Store.Records);
        group.Deliver(group[1].Group.ProposeUpdate(), group[1]);
        var commit = group[0].Group.PrepareCommit();
        using (var attacker = MlsGroup.Load(stolenAgain.Records, group[1].Config, new MlsMemoryGroupStore()))
        {
            var error = Assert.Throws<MlsException>(() => attacker.Process(commit.Message.Span));
            Assert.Equal(MlsErrorCode.UnknownProposal, error.Code);
        }

        group.Deliver(commit.Message.ToArray(), group[0]);
        group[0].Group.MergePendingCommit();
        Assert.False(CanOpen(stolenAgain, group[0].Send("healed"), group[0].Suite));
    }

    [Fact]
    public void Past_epochs_are_kept_only_as_long_as_configured()
    {
        using var group = TestGroup.Of(2, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, pastEpochs: 2));
        var messages = new List<byte[]>();
        for (var i = 0; i < 4; i++)
        {
            messages.Add(group[0].Send("epoch " + i));
            group.Commit(i % 2);
        }

        group[1].Reload();
        Refused.With(MlsErrorCode.EpochTooOld, group[1], g => g.Process(messages[0]));
        Refused.With(MlsErrorCode.EpochTooOld, group[1], g => g.Process(messages[1]));
        Assert.Equal("epoch 2", group[1].Read(messages[2]));
        Assert.Equal("epoch 3", group[1].Read(messages[3]));
        var epochs = group[1].Snapshot().Keys.Where(k => k.StartsWith(StateKeys.SecretPrefix, StringComparison.Ordinal) || k.StartsWith(StateKeys.RatchetPrefix, StringComparison.Ordinal))
            .Select(k => k.Split('/')[1]).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["3", "4", "5"], epochs);
    }

    [Fact]
    public void With_no_past_epochs_nothing_of_them_is_stored()
    {
        using var group = TestGroup.Of(2, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, pastEpochs: 0));
        group.AssertTalk();
        group.Commit(0);
        group.Commit(1);
        foreach (var client in group.Clients)
        {
            Assert.DoesNotContain(client.Snapshot().Keys, k => k.StartsWith(StateKeys.PastPrefix, StringComparison.Ordinal));
            Assert.All(
                client.Snapshot().Keys.Where(k => k.StartsWith(StateKeys.SecretPrefix, StringComparison.Ordinal) || k.StartsWith(StateKeys.RatchetPrefix, StringComparison.Ordinal)),
                k => Assert.Equal("3", k.Split('/')[1]));
        }
    }

    [Fact]
    public void A_message_writes_a_small_delta_and_the_deltas_add_up_to_the_state()
    {
        using var group = TestGroup.Of(128);
        var mirror = new MlsMemoryGroupStore(group[5].Store.Records);
        var full = group[5].Store.Records.Sum(r => r.Value!.Value.Length);
        group[5].Store.TakeChanges();
        for (var i = 0; i < 3; i++)
        {
            group[5].Read(group[7].Send("hello"));
            var delta = group[5].Store.TakeChanges();
            mirror.Write(delta);
            var size = delta.Sum(r => r.Key.Length + (r.Value?.Length ?? 0));
            Assert.True(size < (i == 0 ? 1200 : 200), $"delta {i} is {size} bytes");
        }

        group[5].Send("hello");
        mirror.Write(group[5].Store.TakeChanges());
        group.Commit(3);
        var commit = group[5].Store.TakeChanges();
        Assert.True(commit.Where(c => c.Key.StartsWith(StateKeys.TreePrefix, StringComparison.Ordinal)).Sum(c => c.Value?.Length ?? 0) < full / 8);
        mirror.Write(commit);
        Assert.Equal(group[5].Snapshot(), mirror.Records.ToDictionary(r => r.Key, r => Convert.ToHexString(r.Value!.Value.Span)));
        using var restored = MlsGroup.Load(mirror.Records, group[5].Config, mirror);
        Assert.Equal(group[0].Group.EpochAuthenticator.ToArray(), restored.EpochAuthenticator.ToArray());
    }

    [Fact]
    public void Disposal_zeroes_the_secrets_in_memory()
    {
        using var suiteSigner = Ed25519Signer.Generate();
        var suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;
        var leafKey = suite.GenerateKeyPair();
        var leaf = LeafNode.Create(suiteSigner, leafKey.PublicKey, MlsCredential.Basic("a"u8), new MlsCapabilities(), LeafNodeSource.KeyPackage, new MlsLifetime(0, ulong.MaxValue), [], [], [], 0);
        var state = EpochFactory.First(suite, [1], leaf, leafKey.PrivateKey, []);
        var secrets = new[] { state.Secrets.InitSecret, state.Secrets.ExporterSecret, state.Secrets.SenderDataSecret, leafKey.PrivateKey, state.SecretTree.Nodes.Values.Single() };
        Assert.All(secrets, s => Assert.Contains(s, b => b != 0));
        state.ZeroKeysExcept(null);
        state.SecretTree.Dispose();
        Assert.All(secrets, s => Assert.DoesNotContain(s, b => b != 0));
        using var bundle = MlsKeyPackageBundle.Create(suite, suiteSigner, MlsCredential.Basic("a"u8));
        bundle.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bundle.Serialize());
    }

    private static MlsGroup TheirView(TestClient sender, TestClient reader)
    {
        // The sender's stored state, read as if the reader owned it: only the own-message check differs.
        var records = sender.Store.Records.Where(r => r.Key != StateKeys.Epoch).ToList();
        var epoch = sender.Store.Records.Single(r => r.Key == StateKeys.Epoch).Value!.Value.ToArray();
        var contextReader = new MlsReader(epoch);
        GroupContext.Read(ref contextReader);
        epoch[contextReader.Position + 7] = (byte)reader.Group.OwnLeafIndex;
        records.Add(new MlsStateRecord(StateKeys.Epoch, epoch));
        return MlsGroup.Load(records, reader.Config, new MlsMemoryGroupStore());
    }

    private static (byte[] Key, List<byte[]> Ancestors) KeysOf(MlsMemoryGroupStore store, int leaf)
    {
        var suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;
        var records = store.Records.ToDictionary(r => r.Key, r => r.Value!.Value.ToArray());
        var secrets = records.Where(r => r.Key.StartsWith(StateKeys.SecretPrefix, StringComparison.Ordinal)).ToDictionary(r => StateKeys.Node(r.Key.Split('/')[2]), r => r.Value);
        using var tree = new SecretTree(suite, 4, secrets.ToDictionary(s => s.Key, s => s.Value.ToArray()), []);
        var step = tree.Take((uint)leaf, RatchetKind.Application, 0, 0, 0);
        return (step.Key.Key, [.. secrets.Values]);
    }

    private static bool CanOpen(MlsMemoryGroupStore stolen, byte[] message, MlsCipherSuite suite)
    {
        var received = MlsMessage.Decode(message).PrivateMessage!;
        var reader = new MlsReader(stolen.Records.Single(r => r.Key == StateKeys.Epoch).Value!.Value.Span);
        GroupContext.Read(ref reader);
        reader.ReadUInt32();
        reader.ReadUInt32();
        reader.ReadOpaque();
        reader.ReadOpaque();
        using var secrets = EpochSecrets.Read(ref reader);
        try
        {
            SenderData.Decrypt(suite, secrets.SenderDataSecret, received);
            return true;
        }
        catch (MlsException e) when (e.Code == MlsErrorCode.DecryptionFailed)
        {
            return false;
        }
    }
}
