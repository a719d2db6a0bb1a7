using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>bandit</c>: the name of a policy, or a mapping.</summary>
internal static class BanditSettings
{
    private static readonly Dictionary<string, BanditKind> Kinds = new(StringComparer.Ordinal)
    {
        ["thompson"] = BanditKind.Thompson,
        ["ucb1"] = BanditKind.Ucb1,
        ["epsilon-greedy"] = BanditKind.EpsilonGreedy,
        ["linucb"] = BanditKind.LinUcb,
    };

    /// <summary>A policy as configuration names it.</summary>
    public static string WordOf(BanditKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    /// <summary>Reads a bandit.</summary>
    public static BanditDefinition? Read(ConfigValue value)
    {
        if (value.IsScalar)
        {
            return value.AsOneOf(Kinds) is { } bare ? new BanditDefinition(bare) : null;
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        BanditDefinition otherwise = new(mapping.Get("policy", static one => one.AsOneOf(Kinds), BanditKind.Thompson));
        BanditDefinition bandit = otherwise with
        {
            Window = mapping.Get("window", static one => one.AsDuration(), otherwise.Window),
            Floor = mapping.Get("floor", static one => one.AsDouble(0, 50), otherwise.Floor),
            HalfLife = mapping.TryGet("halfLife", out ConfigValue halfLife) ? halfLife.AsDuration() : null,
            Context = mapping.GetObject("context", ReadContext, null) ?? [],
            MaxOpen = mapping.Get("maxOpen", static one => one.AsInt32(1, 1_000_000), otherwise.MaxOpen),
            Log = mapping.Get("log", static one => one.AsInt32(0, 1_000_000), otherwise.Log),
        };
        bandit = mapping.TryGet("reward", out ConfigValue reward) ? ReadReward(reward, bandit) : bandit;
        bandit = ReadOf(mapping, "epsilon", bandit.Kind, BanditKind.EpsilonGreedy) is { } epsilon ? bandit with { Epsilon = epsilon.AsDouble(0, 1) ?? otherwise.Epsilon } : bandit;
        bandit = ReadOf(mapping, "exploration", bandit.Kind, BanditKind.Ucb1, BanditKind.LinUcb) is { } exploration ? bandit with { Exploration = exploration.AsDouble(0, 1000) ?? otherwise.Exploration } : bandit;
        bandit = ReadOf(mapping, "prior", bandit.Kind, BanditKind.Thompson) is { } prior ? bandit with { Prior = ReadPrior(prior) ?? otherwise.Prior } : bandit;
        bandit = ReadOf(mapping, "priors", bandit.Kind, BanditKind.Thompson) is { } priors ? bandit with { Priors = ReadPriors(priors) } : bandit;
        mapping.Finish();
        return bandit;
    }

    private static BanditDefinition ReadReward(ConfigValue value, BanditDefinition bandit)
    {
        if (value.IsScalar)
        {
            return bandit with { Metric = value.AsText()! };
        }

        if (value.AsMapping() is not { } mapping)
        {
            return bandit;
        }

        bandit = bandit with
        {
            Metric = mapping.GetObject("metric", static one => one.AsText(), bandit.Metric)!,
            RewardFrom = mapping.Get("from", static one => one.AsDouble(), bandit.RewardFrom),
            RewardTo = mapping.Get("to", static one => one.AsDouble(), bandit.RewardTo),
            RewardIfNone = mapping.TryGet("none", out ConfigValue none) ? none.AsDouble() : null,
        };
        mapping.Finish();
        return bandit;
    }

    private static IReadOnlyList<ContextField>? ReadContext(ConfigValue value) => value.AsList() is { } list ? [.. list.Select(ReadField).OfType<ContextField>()] : null;

    private static ContextField? ReadField(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<KeySource> found = [];
        foreach ((string key, KeySourceKind kind) in KeySourceSettings.Named)
        {
            if (mapping.TryGet(key, out ConfigValue name) && name.AsText() is { Length: > 0 } text)
            {
                found.Add(new KeySource(kind, text));
            }
        }

        ContextField? field = found.Count == 1 ? new ContextField(found[0])
        {
            Length = mapping.Get("length", static one => one.AsInt32(1, 32), 1),
            Offset = mapping.Get("offset", static one => one.AsDouble(), 0),
            Scale = mapping.Get("scale", static one => one.AsDouble(), 1),
        }
        : null;
        if (field is null)
        {
            value.Refuse($"one of {string.Join(", ", KeySourceSettings.Named.Keys)} is expected");
        }

        mapping.Finish();
        return field;
    }

    private static Dictionary<string, BanditPrior> ReadPriors(ConfigValue value)
    {
        Dictionary<string, BanditPrior> priors = new(StringComparer.Ordinal);
        foreach ((string arm, ConfigValue one) in value.AsMapping()?.All() ?? [])
        {
            if (ReadPrior(one) is { } prior)
            {
                priors[arm] = prior;
            }
        }

        return priors;
    }

    private static BanditPrior? ReadPrior(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        BanditPrior prior = new(
            mapping.Get("successes", static one => one.AsDouble(0.01, 1e9), 1),
            mapping.Get("failures", static one => one.AsDouble(0.01, 1e9), 1));
        mapping.Finish();
        return prior;
    }

    /// <summary>A value that means something with some policies only; null, reported, with others.</summary>
    private static ConfigValue? ReadOf(ConfigMapping mapping, string key, BanditKind kind, params BanditKind[] only)
    {
        if (!mapping.TryGet(key, out ConfigValue value))
        {
            return null;
        }

        if (only.Contains(kind))
        {
            return value;
        }

        value.Refuse($"means something with policy {string.Join(" or ", only.Select(WordOf))} only");
        return null;
    }
}
