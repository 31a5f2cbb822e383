using System.Runtime.InteropServices;
using ChatKit.Delivery;
using ChatKit.Groups;
using Microsoft.Extensions.Logging;

namespace ChatKit.Sessions;

/// <summary>Writes to one connection: answers, live entries that follow its position, and, whenever it is behind for whatever reason, what lies
/// after its position in the log (ARCHITECTURE: delivery is a pull by cursor, woken by a push). Runs only while there is something to do,
/// so an idle connection costs no task.</summary>
internal sealed partial class SessionPump
{
    private const int BatchEvents = 256;
    private const int KeptCapacity = 32;
    private const int MaxQueuedEvents = 20_000;

    /// <summary>How long a goodbye may wait for a connection that does not take it.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Dictionary<ConversationId, Track> tracks = [];
    private readonly Queue<Track> behind = new();
    private readonly Queue<(Track Track, long Seq, int Size)> unacked = new();
    private readonly PumpServices services;
    private readonly ISessionTransport transport;
    private readonly int windowEntries;
    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<ConversationId, long>? claims;
    private List<OutgoingEvent> outgoing = [];
    private List<OutgoingEvent>? spare;
    private long unackedBytes;
    private long heldBytes;
    private long progressAt;
    private long writingSince;
    private long slowWrite;
    private bool begun;
    private bool running;
    private bool isEnded;
    private bool endsWhenFlushed;
    private long endingSince;
    private bool saidGoodbye;
    private bool paused;
    private ITimer? pauseTimer;

    // window: how many entries may be unacknowledged; null: as the options say.
    public SessionPump(DeviceId device, ISessionTransport transport, PumpServices services, int? window = null)
    {
        windowEntries = window ?? services.Options.WindowEntries;
        Device = device;
        this.transport = transport;
        this.services = services;
    }

    public DeviceId Device { get; }

    /// <summary>Completes when, for the first time after <see cref="Begin"/>, there is nothing left to write or pull.</summary>
    public Task CaughtUp => caughtUp.Task;

    /// <summary>Lets events out: the client has read the answer to Hello.</summary>
    public void Begin()
    {
        lock (gate)
        {
            begun = true;
            progressAt = services.Time.GetTimestamp();
            Signal();
            if (!running)
            {
                caughtUp.TrySetResult();
            }
        }
    }

    /// <summary>Positions the device stated in conversations nobody knows as its user's yet: the directory may lag behind the log (rule 7).</summary>
    public void Claim(Dictionary<ConversationId, long> stated)
    {
        lock (gate)
        {
            claims = stated.Count == 0 ? null : stated;
        }
    }

    /// <summary>Sets where the connection starts in a conversation (before <see cref="Begin"/>), or that its log has grown. Never moves back.</summary>
    public void Track(ConversationId conversation, long position, long known)
    {
        lock (gate)
        {
            ref var track = ref CollectionsMarshal.GetValueRefOrAddDefault(tracks, conversation, out var exists);
            if (!exists)
            {
                track = new Track(conversation, position);
            }
            else if (!begun && (position > track!.Sent || track.IsNew))
            {
                // An entry was offered while the connection was being opened; where it starts is known only now. Nothing was written yet.
                track.IsNew = false;
                track.Sent = position;
                track.Acked = position;
                track.OwnThrough = Math.Max(track.OwnThrough, position);
            }

            Extend(track!, known);
            Signal();
        }
    }

    /// <summary>Offers entries of a log that has grown. They go out at once when they follow what was sent; otherwise they are pulled.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="from">The first new entry.</param>
    /// <param name="to">The last new entry.</param>
    /// <param name="view">The members.</param>
    /// <param name="membership">The user among them; null for one who is no member any more.</param>
    /// <param name="events">The entries; null when they are to be pulled.</param>
    public void Offer(ConversationId conversation, long from, long to, MembershipView view, Member? membership, IReadOnlyList<OutgoingEvent>? events)
    {
        lock (gate)
        {
            var isMember = membership is not null;
            var member = membership.GetValueOrDefault();
            ref var track = ref CollectionsMarshal.GetValueRefOrAddDefault(tracks, conversation, out var exists);
            if (!exists)
            {
                // He joined after this connection was made; a direct conversation has always been his.
                var direct = isMember && view.Membership.Kind == ConversationKind.Direct;
                track = new Track(conversation, isMember ? Math.Min(member.Joined, from) - 1 : from - 1) { IsNew = !direct, Claim = claims?.GetValueOrDefault(conversation) ?? 0 };
            }

            if (view.Version > track!.VisibleAt)
            {
                track.Visible = null;
                track.VisibleAt = view.Version;
            }

            if (to <= track!.Sent && !track.IsNew)
            {
                return;
            }

            var first = (int)(track.Sent + 1 - from);
            if (events is not null && isMember && begun && HasRoom)
            {
                if (track.Behind || track.IsNew)
                {
                    Hold(track, from, events, view, member);
                }
                else if (first >= 0 && Sees(view, member, from + first))
                {
                    WriteFrom(track, from, events, first);
                }
            }

            Extend(track, to);
            Signal();
        }
    }

    /// <summary>The device has persisted everything up to a position; what it claims beyond what was sent is ignored.</summary>
    /// <returns>The position now acknowledged, or null when it did not move.</returns>
    public long? Ack(ConversationId conversation, long seq)
    {
        lock (gate)
        {
            if (!tracks.TryGetValue(conversation, out var track))
            {
                return null;
            }

            seq = Math.Min(seq, track.Sent);
            if (seq <= track.Acked)
            {
                return null;
            }

            track.Acked = seq;
            var owed = unacked.Count;
            while (unacked.TryPeek(out var oldest) && oldest.Seq <= oldest.Track.Acked)
            {
                unacked.Dequeue();
                unackedBytes -= oldest.Size;
            }

            if (unacked.Count < owed)
            {
                progressAt = services.Time.GetTimestamp();
            }

            Signal();
            return seq;
        }
    }

    /// <summary>How far the connection knows a conversation's log; null for a conversation that is not the user's.</summary>
    public long? KnownOf(ConversationId conversation)
    {
        lock (gate)
        {
            return tracks.TryGetValue(conversation, out var track) ? Math.Max(track.Known, track.Sent) : null;
        }
    }

    /// <summary>Cuts a connection that owes acknowledgements, or does not take what is written, for too long (rule 9).</summary>
    public void CutIfStuck(TimeSpan timeout)
    {
        lock (gate)
        {
            // A write that two looks in a row find slow: a clock that jumped is not the client's fault.
            var slow = writingSince != 0 && services.Time.GetElapsedTime(writingSince) > timeout ? writingSince : 0;
            var stuck = (unacked.Count > 0 && services.Time.GetElapsedTime(progressAt) > timeout) || (slow != 0 && slow == slowWrite);
            slowWrite = slow;
            if (stuck && !isEnded && begun)
            {
                Cut(ChatErrorCode.SlowConsumer);
            }
            else if (endsWhenFlushed && !isEnded && services.Time.GetElapsedTime(endingSince) > Farewell)
            {
                isEnded = true;
                outgoing.Clear();
                ended.Cancel();
                transport.Abort();
            }
        }
    }

    /// <summary>Says goodbye and ends the connection once everything queued is written.</summary>
    public void EndWith(ChatError reason)
    {
        lock (gate)
        {
            if (isEnded || endsWhenFlushed)
            {
                return;
            }

            outgoing.Add(WireEvents.Goodbye(reason));
            endsWhenFlushed = true;
            endingSince = services.Time.GetTimestamp();
            begun = true;
            Signal();
        }
    }

    /// <summary>Ends the connection at once.</summary>
    public void Abort()
    {
        End();
        transport.Abort();
    }

    /// <summary>The connection is gone.</summary>
    public void End()
    {
        lock (gate)
        {
            if (isEnded)
            {
                return;
            }

            isEnded = true;
            outgoing.Clear();
            behind.Clear();
            pauseTimer?.Dispose();
            caughtUp.TrySetResult();
        }

        ended.Cancel();
    }

    private bool HasRoom => unacked.Count < windowEntries && (unackedBytes < services.Options.WindowBytes || unacked.Count == 0);

    private void Extend(Track track, long known)
    {
        track.Known = Math.Max(track.Known, known);
        if (!track.Behind && (track.Sent < track.Known || track.IsNew))
        {
            track.Behind = true;
            behind.Enqueue(track);
        }
    }

    private void Write(Track track, long through, OutgoingEvent message)
    {
        if (unacked.Count == 0)
        {
            progressAt = services.Time.GetTimestamp();
        }

        track.Sent = through;
        unacked.Enqueue((track, through, message.Size));
        unackedBytes += message.Size;
        outgoing.Add(message);
    }

    private void Cut(ChatErrorCode code)
    {
        isEnded = true;
        outgoing.Clear();
        DeliveryLog.SessionCut(services.Logger, Device, code.ToWire());
        services.Metrics.SessionCut(code);
        ended.Cancel();
        transport.Abort();
    }

    /// <summary>Runs it on another thread; for <see cref="PumpCork"/>.</summary>
    internal void Start() => services.Queue.Add(this);

    /// <summary>Runs it here as far as its first wait; for <see cref="PumpCork"/>.</summary>
    internal void Run() => _ = RunAsync();

    private void Signal()
    {
        if (!running && begun && !isEnded && (outgoing.Count > late || endsWhenFlushed || (behind.Count > 0 && HasRoom && !paused)))
        {
            running = true;
            if (!PumpCork.TryAdd(this))
            {
                Start();
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (Next(out var batch, out var pulls))
            {
                if (batch is not null)
                {
                    await transport.SendAsync(batch, ended.Token).ConfigureAwait(false);
                    services.Metrics.EntriesSent(EntriesIn(batch));
                    Reuse(batch);
                }
                else
                {
                    // The store may read on this thread, and this thread may be a writer's.
                    await Task.Yield();
                    await PullAsync(pulls!).ConfigureAwait(false);
                }
            }

            if (saidGoodbye)
            {
                await transport.CloseAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The connection is gone or being ended; the host's close of the session follows.
            DeliveryLog.ConnectionGone(services.Logger, Device, exception);
            End();
            transport.Abort();
        }
    }

    private static int EntriesIn(List<OutgoingEvent> batch)
    {
        var count = 0;
        foreach (var message in batch)
        {
            count += message.IsEntry ? 1 : 0;
        }

        return count;
    }

    /// <summary>The list that was written takes the next events, unless it is large: an idle connection keeps no room it once needed.</summary>
    private void Reuse(List<OutgoingEvent> batch)
    {
        batch.Clear();
        lock (gate)
        {
            spare = batch.Capacity <= KeptCapacity ? batch : null;
        }
    }
}
