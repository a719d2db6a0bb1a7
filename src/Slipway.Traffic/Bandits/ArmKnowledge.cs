namespace Slipway.Traffic.Bandits;

/// <summary>
/// What is known of one arm, in three parts: what the store has from all replicas, what is on its way there, and what is new here. Guarded by the lock of <see cref="BanditMemory"/>.
/// </summary>
/// <param name="key">Name and version of the arm: another version is another arm.</param>
/// <param name="features">Numbers in a context; 0: there are none.</param>
internal sealed class ArmKnowledge(string key, int features)
{
    private LinearModel? _model;

    /// <summary>Name and version of the arm.</summary>
    public string Key => key;

    /// <summary>What the store has.</summary>
    public ArmSums Shared { get; private set; } = new(features);

    /// <summary>What is being written; null: nothing.</summary>
    public ArmSums? Pending { get; private set; }

    /// <summary>What is new here.</summary>
    public ArmSums Own { get; private set; } = new(features);

    /// <summary>All rewards.</summary>
    public ArmReward Reward => Shared.Reward.Plus(Own.Reward).Plus(Pending?.Reward ?? default);

    /// <summary>The regression over all rewards, solved when it is asked for.</summary>
    public LinearModel Model => _model ??= Solve();

    /// <summary>Requests that this process sent to the arm.</summary>
    public long Decisions { get; set; }

    /// <summary>Rewards that came to this process.</summary>
    public long Rewards { get; set; }

    /// <summary>Probability of the arm, averaged over the latest decisions.</summary>
    public double Share { get; set; }

    /// <summary>Takes a reward.</summary>
    public void Add(double[]? context, double reward)
    {
        Own.Add(context, reward);
        Rewards++;
        _model = null;
    }

    /// <summary>Makes everything known weigh less.</summary>
    public void Fade(double factor)
    {
        Shared.Fade(factor);
        Pending?.Fade(factor);
        Own.Fade(factor);
        _model = null;
    }

    /// <summary>Takes what the store has.</summary>
    public void Replace(ArmSums shared)
    {
        Shared = shared;
        _model = null;
    }

    /// <summary>Sets aside what is new, to be written.</summary>
    public void Begin()
    {
        if (Pending is { } left)
        {
            Own.Add(left);
        }

        (Pending, Own) = (Own, new ArmSums(features));
    }

    /// <summary>What was set aside is in the store, or is to be written again with the next.</summary>
    public void End(bool isWritten)
    {
        if (!isWritten && Pending is { } left)
        {
            Own.Add(left);
        }

        Pending = null;
        _model = null;
    }

    private LinearModel Solve()
    {
        LinearSums all = new(features);
        foreach (ArmSums? sums in (ReadOnlySpan<ArmSums?>)[Shared, Pending, Own])
        {
            if (sums?.Linear is { } linear)
            {
                all.Add(linear);
            }
        }

        return new LinearModel(all);
    }
}
