using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Arms;

/// <summary>
/// Leaves an arm alone that keeps failing. Closed: failures are counted in a window of ten parts. Open: everything is refused for a while. Half open: one request
/// tries, and its outcome closes or opens. Thread-safe.
/// </summary>
internal sealed class CircuitBreaker(BreakerDefinition definition, TimeProvider time)
{
    private const int Parts = 10;

    private readonly Lock _gate = new();
    private readonly (long Period, int Requests, int Failures)[] _parts = new (long, int, int)[Parts];
    private readonly long _partTicks = Math.Max(1, definition.Window.Ticks / Parts);
    private long _openUntil;
    private bool _isOpen;
    private bool _isTrying;

    /// <summary>The circuit now.</summary>
    public CircuitState State
    {
        get
        {
            lock (_gate)
            {
                return !_isOpen ? CircuitState.Closed : _isTrying || Now() >= _openUntil ? CircuitState.HalfOpen : CircuitState.Open;
            }
        }
    }

    /// <summary>Whether a request may go to the arm. A request that may has to be reported with <see cref="Report"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                return true;
            }

            if (_isTrying || Now() < _openUntil)
            {
                return false;
            }

            _isTrying = true;
            return true;
        }
    }

    /// <summary>How a request went.</summary>
    /// <param name="failed">Whether the arm failed; null when the outcome says nothing about it.</param>
    public void Report(bool? failed)
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                FinishTry(failed);
                return;
            }

            if (failed is { } counted)
            {
                Count(counted);
            }
        }
    }

    private void FinishTry(bool? failed)
    {
        // Requests that began before the circuit opened end here too: only the one that tries decides.
        if (!_isTrying)
        {
            return;
        }

        _isTrying = false;
        if (failed == false)
        {
            _isOpen = false;
            Array.Clear(_parts);
        }
        else if (failed == true)
        {
            _openUntil = Now() + definition.OpenFor.Ticks;
        }
    }

    private void Count(bool failed)
    {
        long period = Now() / _partTicks;
        ref (long Period, int Requests, int Failures) part = ref _parts[period % Parts];
        if (part.Period != period)
        {
            part = (period, 0, 0);
        }

        part.Requests++;
        part.Failures += failed ? 1 : 0;
        if (!failed)
        {
            return;
        }

        (int requests, int failures) = (0, 0);
        foreach ((long Period, int Requests, int Failures) one in _parts)
        {
            if (one.Period > period - Parts)
            {
                requests += one.Requests;
                failures += one.Failures;
            }
        }

        if (requests >= definition.MinRequests && failures >= definition.FailureRatio * requests)
        {
            _isOpen = true;
            _openUntil = Now() + definition.OpenFor.Ticks;
        }
    }

    private long Now() => time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
}
