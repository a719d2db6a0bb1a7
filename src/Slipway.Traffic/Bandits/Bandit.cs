using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Bandits;

/// <summary>A policy at work on the arms of one endpoint: divides requests by what its memory knows, with a floor for every arm. Thread-safe.</summary>
internal sealed class Bandit
{
    // Shares are averaged over about as many decisions.
    private const double ShareDecisions = 1000;

    private readonly IBanditPolicy? _policy;
    private readonly ContextReader? _contexts;
    private readonly double _floor;
    private readonly string[] _keys;
    private readonly ArmKnowledge[] _arms;
    private readonly double[] _shares;
    private double _dividedAt = -1;

    /// <param name="definition">What it is.</param>
    /// <param name="arms">The endpoint's arms, two at least.</param>
    /// <param name="before">What a former bandit of the endpoint has learned; taken over where rewards mean the same.</param>
    /// <param name="time">The clock.</param>
    public Bandit(BanditDefinition definition, IReadOnlyList<ArmDefinition> arms, BanditMemory? before, TimeProvider time)
    {
        Definition = definition;
        Memory = before is not null && before.Meaning == BanditMemory.MeaningOf(definition) ? before : new BanditMemory(definition, time);
        Memory.Configure(definition);
        _keys = [.. arms.Select(KeyOf)];
        _shares = new double[arms.Count];
        _floor = definition.Floor / 100;
        _contexts = definition.Context.Count > 0 ? new ContextReader(definition.Context) : null;
        _policy = definition.Kind switch
        {
            BanditKind.Thompson => new ThompsonPolicy([.. arms.Select(arm => PriorOf(definition.Priors.GetValueOrDefault(arm.Name) ?? definition.Prior))]),
            BanditKind.Ucb1 => new Ucb1Policy(definition.Exploration),
            BanditKind.EpsilonGreedy => new EpsilonGreedyPolicy(definition.Epsilon),
            _ => null,
        };
        lock (Memory.Gate)
        {
            _arms = [.. _keys.Select(Memory.Of)];
        }
    }

    /// <summary>What it is.</summary>
    public BanditDefinition Definition { get; }

    /// <summary>What it has learned.</summary>
    public BanditMemory Memory { get; }

    /// <summary>Keys of the arms, in their order.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Name and version of an arm: rewards of another version are another arm's.</summary>
    public static string KeyOf(ArmDefinition arm) => $"{arm.Name}={arm.Model}{arm.Version}";

    /// <summary>The arm for a request.</summary>
    public BanditDecision Choose(InferenceRequest request, SeededRandom random) => Choose(_contexts?.Read(request), random);

    /// <summary>The arm for a request of which the context is known.</summary>
    public BanditDecision Choose(double[]? context, SeededRandom random)
    {
        double draw = random.NextDouble();
        Span<double> shares = stackalloc double[_arms.Length];
        lock (Memory.Gate)
        {
            Memory.Fade();
            Divide(context, shares);
            int chosen = Pick(shares, draw);
            Count(shares, chosen);
            return new BanditDecision(Memory, chosen, _keys[chosen], shares[chosen], context);
        }
    }

    /// <summary>What the arms have done and earned, in their order.</summary>
    public IReadOnlyList<BanditArmStatus> Describe()
    {
        double width = Definition.RewardTo - Definition.RewardFrom;
        lock (Memory.Gate)
        {
            return
            [
                .. _arms.Select(arm => new BanditArmStatus(
                    arm.Decisions, arm.Share, arm.Rewards, arm.Reward.Count, arm.Reward.Count > 0 ? Definition.RewardFrom + (arm.Reward.Mean * width) : null)),
            ];
        }
    }

    private static ArmReward PriorOf(BanditPrior prior) => new(prior.Successes + prior.Failures, prior.Successes);

    private static int Pick(ReadOnlySpan<double> shares, double draw)
    {
        int last = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] > 0)
            {
                last = i;
                if ((draw -= shares[i]) < 0)
                {
                    return i;
                }
            }
        }

        return last;
    }

    private void Divide(double[]? context, Span<double> shares)
    {
        if (_policy is { } policy)
        {
            Renew(policy);
            _shares.CopyTo(shares);
        }
        else
        {
            Span<double> bounds = stackalloc double[_arms.Length];
            for (int i = 0; i < _arms.Length; i++)
            {
                LinearModel model = _arms[i].Model;
                bounds[i] = model.Estimate(context) + (Definition.Exploration * model.Spread(context));
            }

            UnknownArms.GiveToLargest(bounds, shares);
        }

        foreach (ref double share in shares)
        {
            share = _floor + ((1 - (_floor * shares.Length)) * share);
        }
    }

    private void Renew(IBanditPolicy policy)
    {
        if (_dividedAt == Memory.News)
        {
            return;
        }

        Span<ArmReward> known = stackalloc ArmReward[_arms.Length];
        double count = 0;
        for (int i = 0; i < _arms.Length; i++)
        {
            known[i] = _arms[i].Reward;
            count += known[i].Count;
        }

        if (_dividedAt < 0 || Memory.News - _dividedAt >= policy.RenewAfter * count)
        {
            policy.Distribute(known, _shares);
            _dividedAt = Memory.News;
        }
    }

    private void Count(ReadOnlySpan<double> shares, int chosen)
    {
        for (int i = 0; i < shares.Length; i++)
        {
            ArmKnowledge arm = _arms[i];
            arm.Decisions += i == chosen ? 1 : 0;
        }

        long all = 0;
        foreach (ArmKnowledge arm in _arms)
        {
            all += arm.Decisions;
        }

        for (int i = 0; i < shares.Length; i++)
        {
            _arms[i].Share += (shares[i] - _arms[i].Share) / Math.Min(all, ShareDecisions);
        }
    }
}
