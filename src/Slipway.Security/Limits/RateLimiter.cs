using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Security.Limits;

/// <summary>Counts what callers ask for by rule, caller and model. Names come from callers, so the table of counts has a bound: idle ones go first. Thread-safe.</summary>
internal sealed class RateLimiter
{
    private const int MostAllowances = 65_536;
    private static readonly TimeSpan TidyPause = TimeSpan.FromSeconds(1);

    private readonly LimitRule[] _rules;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(int Rule, string Caller, string Model), Allowance> _allowances = new();
    private readonly Lock _tidying = new();
    private int _count;
    private long? _tidied;

    public RateLimiter(IEnumerable<LimitRule> rules, TimeProvider time)
    {
        (_rules, _time) = ([.. rules], time);
        CountsRows = _rules.Any(static rule => rule.Rows is not null);
    }

    /// <summary>Whether some rule counts rows.</summary>
    public bool CountsRows { get; }

    /// <summary>Takes what a request needs from every rule that concerns it, or from none.</summary>
    /// <returns>How the rule stands that leaves the caller least; null when none concerns it.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.RateLimited"/>, <see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    public LimitStatus? Take(string caller, string model, in RequestCost cost)
    {
        LimitStatus? tightest = null;
        for (int i = 0; i < _rules.Length; i++)
        {
            if (!Concerns(i, caller, model))
            {
                continue;
            }

            try
            {
                LimitStatus status = AllowanceOf(i, caller, model).Take(cost, model);
                tightest = tightest is { } other && other.Remaining / (double)other.Rate.Amount <= status.Remaining / (double)status.Rate.Amount ? other : status;
            }
            catch (SlipwayException)
            {
                GiveBack(i, caller, model, cost);
                throw;
            }
        }

        return tightest;
    }

    private bool Concerns(int rule, string caller, string model) => _rules[rule].Callers.Matches(caller) && _rules[rule].Models.Matches(model);

    private void GiveBack(int refused, string caller, string model, in RequestCost cost)
    {
        for (int i = 0; i < refused; i++)
        {
            if (Concerns(i, caller, model))
            {
                AllowanceOf(i, caller, model).Return(cost);
            }
        }
    }

    private Allowance AllowanceOf(int rule, string caller, string model)
    {
        if (_allowances.TryGetValue((rule, caller, model), out Allowance? known))
        {
            return known;
        }

        if (Volatile.Read(ref _count) >= MostAllowances)
        {
            Tidy();
        }

        // Whoever makes names up faster than counts run out shares one count among all of them.
        (int, string, string) key = (rule, caller, Volatile.Read(ref _count) < MostAllowances ? model : "");
        Allowance made = new(_rules[rule], _time);
        Allowance kept = _allowances.GetOrAdd(key, made);
        if (kept == made)
        {
            Interlocked.Increment(ref _count);
        }

        return kept;
    }

    private void Tidy()
    {
        if (!_tidying.TryEnter())
        {
            return;
        }

        try
        {
            // The whole table is looked at, so seldom.
            if (_tidied is { } tidied && _time.GetElapsedTime(tidied) < TidyPause)
            {
                return;
            }

            _tidied = _time.GetTimestamp();
            foreach (((int, string, string) key, Allowance allowance) in _allowances)
            {
                if (allowance.IsIdle && _allowances.TryRemove(key, out _))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
        finally
        {
            _tidying.Exit();
        }
    }
}
