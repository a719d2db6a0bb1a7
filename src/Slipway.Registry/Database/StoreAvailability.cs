using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Registry.Database;

/// <summary>
/// Whether a store answered when it was last asked by those who follow it or read from it. Says in the log when that changes, once each time. Thread-safe.
/// </summary>
/// <param name="name">What the store is called in logs, metrics and descriptions: one or two words.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where changes are told.</param>
public sealed partial class StoreAvailability(string name, TimeProvider clock, ILogger<StoreAvailability> logger)
{
    private readonly Lock _gate = new();
    private volatile StoreState _state = new(true, clock.GetUtcNow(), null);

    /// <summary>What the store is called.</summary>
    public string Name { get; } = name;

    /// <summary>How it is now; a store that nobody has asked yet counts as there.</summary>
    public StoreState State => _state;

    /// <summary>Says that it has answered.</summary>
    internal void Here()
    {
        if (_state.IsAvailable)
        {
            return;
        }

        lock (_gate)
        {
            if (!_state.IsAvailable)
            {
                LogBack(logger, Name, (clock.GetUtcNow() - _state.Since).TotalSeconds);
                _state = new StoreState(true, clock.GetUtcNow(), null);
            }
        }
    }

    /// <summary>Says that it has not, and why.</summary>
    internal void Away(Exception fault)
    {
        string problem = fault is SlipwayException known ? known.Message : "it does not answer";
        lock (_gate)
        {
            if (_state.IsAvailable)
            {
                LogAway(logger, Name, problem);
            }

            _state = new StoreState(false, _state.IsAvailable ? clock.GetUtcNow() : _state.Since, problem);
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "The registry's {Store} is away: {Problem}. What is served stays as it was last known")]
    private static partial void LogAway(ILogger logger, string store, string problem);

    [LoggerMessage(6102, LogLevel.Information, "The registry's {Store} is back after {Seconds:0.#} s")]
    private static partial void LogBack(ILogger logger, string store, double seconds);
}

/// <summary>How a store is.</summary>
/// <param name="IsAvailable">Whether it answered when it was last asked.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="Problem">Why it is away; null when it is not.</param>
public sealed record StoreState(bool IsAvailable, DateTimeOffset Since, string? Problem);
