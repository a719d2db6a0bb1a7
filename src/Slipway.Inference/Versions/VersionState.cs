using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>One version of a model on its way into and out of service. Guarded by the gate of its <see cref="ModelState"/>.</summary>
internal sealed class VersionState(long version, DateTimeOffset now)
{
    /// <summary>Number of the version.</summary>
    public long Version { get; } = version;

    public ServableState State { get; private set; }

    public string? Reason { get; private set; }

    public ErrorCode? Error { get; private set; }

    public DateTimeOffset Since { get; private set; } = now;

    /// <summary>What callers reach; not null exactly while the state is <see cref="ServableState.Ready"/>.</summary>
    public Servable? Servable { get; private set; }

    /// <summary>What <see cref="Servable"/> was built from.</summary>
    public LoadKey? Loaded { get; private set; }

    /// <summary>What the last load that failed was tried with; null after a success.</summary>
    public LoadKey? Refused { get; private set; }

    /// <summary>Loads of <see cref="Refused"/> tried so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether a refused load is to be tried again now, though nothing has changed.</summary>
    public bool RetryDue { get; set; }

    /// <summary>Takes a step that leaves it without a servable.</summary>
    public void MoveTo(ServableState state, DateTimeOffset at, string? reason = null, ErrorCode? error = null)
    {
        if (!ServableTransitions.IsAllowed(State, state))
        {
            throw new InvalidOperationException($"version {Version} can't go from {State} to {state}");
        }

        State = state;
        Reason = reason;
        Error = error;
        Since = at;
        if (state != ServableState.Ready)
        {
            Servable = null;
            Loaded = null;
        }
    }

    /// <summary>Puts a servable into service, in place of the one that was there, which is returned.</summary>
    public Servable? Publish(Servable servable, LoadKey key, DateTimeOffset at)
    {
        Servable? before = Servable;
        if (State is not (ServableState.Ready or ServableState.Loading or ServableState.Warming))
        {
            // It was evicted while its replacement was being loaded.
            MoveTo(ServableState.Loading, at);
        }

        if (State == ServableState.Loading)
        {
            MoveTo(ServableState.Warming, at);
        }

        if (State == ServableState.Warming)
        {
            MoveTo(ServableState.Ready, at);
        }

        Servable = servable;
        Loaded = key;
        Reason = null;
        Since = at;
        Forgive();
        return before;
    }

    /// <summary>A load failed. A version in service stays there and says why it is not newer.</summary>
    public void Refuse(LoadKey key, SlipwayException fault, DateTimeOffset at)
    {
        Attempts = Refused == key ? Attempts + 1 : 1;
        Refused = key;
        RetryDue = false;
        if (State is ServableState.Ready or ServableState.Draining)
        {
            Reason = $"the newer content was not loaded: {fault.Message}";
            Error = fault.Code;
            return;
        }

        MoveTo(ServableState.Failed, at, fault.Message, fault.Code);
    }

    /// <summary>Forgets failures, so that the next pass tries again.</summary>
    public void Forgive()
    {
        Refused = null;
        Attempts = 0;
        RetryDue = false;
        Error = State == ServableState.Failed ? Error : null;
    }

    /// <summary>What callers may know of the version.</summary>
    /// <param name="isWanted">Whether it ought to be in service.</param>
    /// <param name="loadsOnDemand">Whether a request would have it loaded.</param>
    /// <param name="isLeftOut">Whether the version policy leaves it out.</param>
    public VersionSnapshot ToSnapshot(bool isWanted, bool loadsOnDemand, bool isLeftOut) => new(Version, State)
    {
        IsWanted = isWanted,
        LoadsOnDemand = loadsOnDemand,
        Reason = Reason ?? (isLeftOut && State == ServableState.Unknown ? "its version policy leaves it out" : null),
        Error = Error,
        Servable = Servable?.Info,
        Since = Since,
        MemoryBytes = Servable?.MemoryBytes ?? 0,
    };
}
