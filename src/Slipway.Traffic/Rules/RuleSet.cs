using System.Buffers;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Rules;

/// <summary>The rules of one endpoint, ready to be tested: each value is read once a request, whatever the number of rules that look at it. Immutable, thread-safe.</summary>
internal sealed class RuleSet
{
    private const int PercentParts = 1_000_000;

    private readonly Rule[] _rules;
    private readonly KeySource[] _sources;

    public RuleSet(IReadOnlyList<RuleDefinition> rules)
    {
        _sources = [.. rules.SelectMany(static rule => rule.Conditions).Select(static condition => condition.Source).Distinct()];
        _rules = [.. rules.Select(MakeRule)];
        UsesTime = _rules.Any(static rule => rule.IsTimed);
    }

    /// <summary>Whether there are no rules at all.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Whether the time matters to any rule.</summary>
    public bool UsesTime { get; }

    /// <summary>Position of the first rule that matches; -1 when none does.</summary>
    /// <param name="request">The request.</param>
    /// <param name="entity">Hash of the entity's key, or of chance where there is no key.</param>
    /// <param name="now">The time; anything when <see cref="UsesTime"/> is false.</param>
    public int Match(InferenceRequest request, ulong entity, DateTimeOffset now)
    {
        if (_sources.Length == 0)
        {
            return Match(request, entity, now, []);
        }

        string?[] values = ArrayPool<string?>.Shared.Rent(_sources.Length);
        try
        {
            return Match(request, entity, now, values);
        }
        finally
        {
            ArrayPool<string?>.Shared.Return(values, clearArray: true);
        }
    }

    private int Match(InferenceRequest request, ulong entity, DateTimeOffset now, string?[] values)
    {
        ulong read = 0;
        for (int i = 0; i < _rules.Length; i++)
        {
            Rule rule = _rules[i];
            if (HoldAll(rule.Conditions, request, values, ref read) && rule.Admits(entity) && rule.IsOpen(now))
            {
                return i;
            }
        }

        return -1;
    }

    private bool HoldAll(Condition[] conditions, InferenceRequest request, string?[] values, ref ulong read)
    {
        foreach (Condition condition in conditions)
        {
            int source = condition.Source;
            if ((read & (1UL << source)) == 0)
            {
                values[source] = KeyReader.TextOf(request, _sources[source]);
                read |= 1UL << source;
            }

            if (!condition.Holds(values[source]))
            {
                return false;
            }
        }

        return true;
    }

    private Rule MakeRule(RuleDefinition definition) => new(
        [.. definition.Conditions.Select(condition => new Condition(condition, Array.IndexOf(_sources, condition.Source)))],
        KeyHash.Of(definition.Name),
        definition.Percentage is { } percentage ? (int)Math.Round(percentage / 100 * PercentParts) : null,
        definition.From,
        definition.Until);

    private sealed record Rule(Condition[] Conditions, ulong Salt, int? Parts, DateTimeOffset? From, DateTimeOffset? Until)
    {
        public bool IsTimed => From is not null || Until is not null;

        public bool Admits(ulong entity) => Parts is not { } parts || KeyHash.Part(KeyHash.Salted(entity, Salt), PercentParts) < parts;

        public bool IsOpen(DateTimeOffset now) => !IsTimed || (!(now < From) && !(now >= Until));
    }
}
