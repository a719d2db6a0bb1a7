using System.Diagnostics.CodeAnalysis;

namespace Slipway.Traffic.Bandits;

/// <summary>Decisions by the id of their request, as long as their window is open and no more than a bound. Not thread-safe.</summary>
internal sealed class OpenDecisions
{
    private readonly Dictionary<ulong, OpenDecision> _byId = [];
    private readonly Queue<OpenDecision> _order = new();

    /// <summary>How many there are, rewarded ones among them.</summary>
    public int Count => _order.Count;

    /// <summary>Decisions that had to go before their window was over.</summary>
    public long PushedOut { get; private set; }

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyCollection<OpenDecision> All => _order;

    /// <summary>Adds a decision; of several with one id the latest is meant.</summary>
    public void Add(OpenDecision decision, int most)
    {
        _order.Enqueue(decision);
        _byId[decision.Id] = decision;
        while (_order.Count > most)
        {
            OpenDecision gone = Take();
            PushedOut += gone.IsRewarded ? 0 : 1;
        }
    }

    /// <summary>The decision of a request.</summary>
    public bool TryFind(ulong id, [NotNullWhen(true)] out OpenDecision? decision) => _byId.TryGetValue(id, out decision);

    /// <summary>Takes the oldest decision whose window is over; null when there is none.</summary>
    /// <param name="since">Decisions at or before this time are over, in ticks of UTC.</param>
    public OpenDecision? TakeOver(long since) => _order.TryPeek(out OpenDecision? oldest) && oldest.At <= since ? Take() : null;

    private OpenDecision Take()
    {
        OpenDecision oldest = _order.Dequeue();
        if (_byId.TryGetValue(oldest.Id, out OpenDecision? known) && ReferenceEquals(known, oldest))
        {
            _byId.Remove(oldest.Id);
        }

        return oldest;
    }
}
