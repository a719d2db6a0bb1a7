using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Bandits;

/// <summary>
/// What a bandit has learned: rewards by arm, decisions that wait for theirs, and a log of those that have it. It outlives changes of the endpoint as long as rewards mean the same. Thread-safe;
/// members that say so want the lock to be held.
/// </summary>
internal sealed class BanditMemory
{
    // A reward that is faded this late differs by less than it could ever matter.
    private const double FadeGrain = 1.0 / 500;

    private readonly TimeProvider _time;
    private readonly Dictionary<string, ArmKnowledge> _arms = new(StringComparer.Ordinal);
    private readonly OpenDecisions _open = new();
    private readonly Queue<LoggedDecision> _log = new();
    private BanditDefinition _definition;
    private long _fadedAt;

    public BanditMemory(BanditDefinition definition, TimeProvider time)
    {
        (_definition, _time) = (definition, time);
        _fadedAt = time.GetUtcNow().UtcTicks;
    }

    /// <summary>Guards everything.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What rewards mean: rewards of another meaning can't be added.</summary>
    public string Meaning => MeaningOf(_definition);

    /// <summary>Grows with what is new: by the weight of each reward that comes, fades or is learned from other replicas.</summary>
    public double News { get; private set; }

    /// <summary>Grows with every change of the decisions that are kept.</summary>
    public long Decided { get; private set; }

    /// <summary>Rewards of ids that were not known, or no more.</summary>
    public long UnknownRewards { get; private set; }

    /// <summary>Decisions that wait, rewarded ones among them; with the lock held.</summary>
    public OpenDecisions Open => _open;

    /// <summary>Decisions with their rewards, oldest first; with the lock held.</summary>
    public IReadOnlyCollection<LoggedDecision> Log => _log;

    /// <summary>Everything known, by arm; with the lock held.</summary>
    public IReadOnlyCollection<ArmKnowledge> Arms => _arms.Values;

    /// <summary>Numbers in a context.</summary>
    public int Features => _definition.Features;

    /// <summary>What rewards of a bandit mean.</summary>
    public static string MeaningOf(BanditDefinition definition) => FormattableString.Invariant(
        $"{definition.Metric} from {definition.RewardFrom:R} to {definition.RewardTo:R} by {string.Join(',', definition.Context.Select(static field => FormattableString.Invariant($"{field.Source.Kind}:{field.Source.Name}*{field.Length}-{field.Offset:R}/{field.Scale:R}")))}");

    /// <summary>The definition has changed, but not what rewards mean.</summary>
    public void Configure(BanditDefinition definition)
    {
        lock (Gate)
        {
            _definition = definition;
        }
    }

    /// <summary>What is known of an arm; with the lock held.</summary>
    public ArmKnowledge Of(string key)
    {
        if (!_arms.TryGetValue(key, out ArmKnowledge? arm))
        {
            arm = _arms[key] = new ArmKnowledge(key, Features);
        }

        return arm;
    }

    /// <summary>Makes rewards fade as time goes; with the lock held.</summary>
    public void Fade()
    {
        if (_definition.HalfLife is not { } halfLife)
        {
            return;
        }

        long now = _time.GetUtcNow().UtcTicks;
        double halves = (now - _fadedAt) / (double)halfLife.Ticks;
        if (halves < FadeGrain)
        {
            return;
        }

        _fadedAt = now;
        double factor = Math.Pow(0.5, halves);
        foreach (ArmKnowledge arm in _arms.Values)
        {
            News += arm.Reward.Count * (1 - factor);
            arm.Fade(factor);
        }
    }

    /// <summary>The time that what is known is faded to; with the lock held.</summary>
    public DateTimeOffset FadedAt => new(_fadedAt, TimeSpan.Zero);

    /// <summary>How much less weighs what was known at another time; with the lock held.</summary>
    public double FactorSince(DateTimeOffset time) => _definition.HalfLife is { } halfLife ? Math.Min(1, Math.Pow(0.5, (_fadedAt - time.UtcTicks) / (double)halfLife.Ticks)) : 1;

    /// <summary>A request was answered by the arm it was decided for; its reward may come now.</summary>
    public void Answered(string id, string arm, double propensity, double[]? context)
    {
        OpenDecision decision = new(KeyHash.Of(id), arm, propensity, context, _time.GetUtcNow().UtcTicks);
        lock (Gate)
        {
            Expire();
            _open.Add(decision, _definition.MaxOpen);
            Decided++;
        }
    }

    /// <summary>The arm failed: whoever got no answer of it can't have been pleased by it.</summary>
    public void Failed(string arm, double propensity, double[]? context)
    {
        lock (Gate)
        {
            Learn(new LoggedDecision(_time.GetUtcNow().UtcTicks, arm, propensity, 0, context));
        }
    }

    /// <summary>A reward has come.</summary>
    /// <param name="id">The id of the request.</param>
    /// <param name="reward">0 to 1.</param>
    public RewardOutcome Reward(string id, double reward)
    {
        lock (Gate)
        {
            Expire();
            if (_open.Find(KeyHash.Of(id)) is not { } decision)
            {
                UnknownRewards++;
                return RewardOutcome.Unknown;
            }

            if (decision.IsRewarded)
            {
                return RewardOutcome.Repeated;
            }

            _open.SetRewarded(decision.Id);
            Learn(new LoggedDecision(decision.At, decision.Arm, decision.Propensity, reward, decision.Context));
            return RewardOutcome.Counted;
        }
    }

    /// <summary>Closes decisions whose window is over; with the lock held.</summary>
    public void Expire()
    {
        long since = (_time.GetUtcNow() - _definition.Window).UtcTicks;
        while (_open.TakeOver(since) is { } over)
        {
            Decided++;
            if (!over.IsRewarded && _definition.RewardIfNone is { } none)
            {
                Learn(new LoggedDecision(over.At, over.Arm, over.Propensity, Scaled(none), over.Context));
            }
        }
    }

    /// <summary>A reward as part of the range of rewards.</summary>
    public double Scaled(double reward) => (reward - _definition.RewardFrom) / (_definition.RewardTo - _definition.RewardFrom);

    /// <summary>Takes back what a former process kept; with the lock held.</summary>
    public void Restore(IEnumerable<OpenDecision> open, IEnumerable<LoggedDecision> log)
    {
        foreach (OpenDecision decision in open)
        {
            _open.Add(decision, _definition.MaxOpen);
        }

        foreach (LoggedDecision decision in log)
        {
            Write(decision);
        }
    }

    /// <summary>Other replicas have learned something; with the lock held.</summary>
    /// <param name="arm">Of which arm.</param>
    /// <param name="shared">What the store has of it now.</param>
    public void Replace(string arm, ArmSums shared)
    {
        ArmKnowledge known = Of(arm);
        News += Math.Abs(shared.Reward.Count - known.Shared.Reward.Count);
        known.Replace(shared);
    }

    private void Learn(LoggedDecision decision)
    {
        Fade();
        Of(decision.Arm).Add(decision.Context, decision.Reward);
        Write(decision);
        News++;
        Decided++;
    }

    private void Write(LoggedDecision decision)
    {
        _log.Enqueue(decision);
        while (_log.Count > _definition.Log)
        {
            _log.Dequeue();
        }
    }
}
