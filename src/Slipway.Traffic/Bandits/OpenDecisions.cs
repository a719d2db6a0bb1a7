namespace Slipway.Traffic.Bandits;

/// <summary>
/// Decisions by the id of their request, as long as their window is open and no more than a bound: a ring that grows, so that a decision costs no object of its own. Not thread-safe.
/// </summary>
internal sealed class OpenDecisions
{
    private const int LeastCapacity = 16;

    // Positions count all decisions there ever were; where one lies in the ring is its position modulo the ring's length, a power of two.
    private readonly Dictionary<ulong, long> _byId = [];
    private OpenDecision[] _ring = new OpenDecision[LeastCapacity];
    private long _first;
    private long _next;

    /// <summary>How many there are, rewarded ones among them.</summary>
    public int Count => (int)(_next - _first);

    /// <summary>Decisions that had to go before their window was over.</summary>
    public long PushedOut { get; private set; }

    /// <summary>Adds a decision; of several with one id the latest is meant.</summary>
    public void Add(in OpenDecision decision, int most)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        At(_next) = decision;
        _byId[decision.Id] = _next++;
        while (Count > most)
        {
            PushedOut += Take().IsRewarded ? 0 : 1;
        }
    }

    /// <summary>The decision of a request; null when there is none.</summary>
    public OpenDecision? Find(ulong id) => _byId.TryGetValue(id, out long position) ? At(position) : null;

    /// <summary>Notes that a decision, which is there, has its reward.</summary>
    public void SetRewarded(ulong id)
    {
        ref OpenDecision decision = ref At(_byId[id]);
        decision = decision with { IsRewarded = true };
    }

    /// <summary>Takes the oldest decision whose window is over; null when there is none.</summary>
    /// <param name="since">Decisions at or before this time are over, in ticks of UTC.</param>
    public OpenDecision? TakeOver(long since) => Count > 0 && At(_first).At <= since ? Take() : null;

    /// <summary>All of them, oldest first.</summary>
    public OpenDecision[] ToArray()
    {
        OpenDecision[] all = new OpenDecision[Count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = At(_first + i);
        }

        return all;
    }

    private ref OpenDecision At(long position) => ref _ring[position & (_ring.Length - 1)];

    private OpenDecision Take()
    {
        ref OpenDecision slot = ref At(_first);
        OpenDecision oldest = slot;
        slot = default;
        if (_byId.TryGetValue(oldest.Id, out long position) && position == _first)
        {
            _byId.Remove(oldest.Id);
        }

        _first++;
        return oldest;
    }

    private void Grow()
    {
        OpenDecision[] larger = new OpenDecision[_ring.Length * 2];
        for (long position = _first; position < _next; position++)
        {
            larger[position & (larger.Length - 1)] = At(position);
        }

        _ring = larger;
    }
}
