using Slipway.Core;

namespace Slipway.Traffic.Bandits;

/// <summary>
/// Evaluates another division on the log of a bandit. Regressions are fitted crosswise: what is expected of a decision never comes from its own half of the log, and neither does the arm that a
/// division by context would choose. Pure.
/// </summary>
internal static class OffPolicyEvaluation
{
    private const int Halves = 2;

    /// <summary>Evaluates.</summary>
    /// <param name="log">Decisions with rewards.</param>
    /// <param name="arms">Names of the arms and their keys in the log; decisions of others are left out.</param>
    /// <param name="target">The other division.</param>
    /// <param name="scale">Where rewards of 0 and 1 lie in the unit of the rewards.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: the division makes no sense. <see cref="ErrorCode.FailedPrecondition"/>: the log tells nothing of it.</exception>
    public static OffPolicyFindings Evaluate(IReadOnlyList<LoggedDecision> log, IReadOnlyList<(string Name, string Key)> arms, OffPolicyTarget target, (double From, double To) scale)
    {
        double[]? shares = target.Shares is { } named ? Read(named, arms) : null;
        Dictionary<string, int> positions = arms.Select(static (arm, i) => (arm.Key, i)).ToDictionary(static pair => pair.Key, static pair => pair.i, StringComparer.Ordinal);
        LoggedDecision[] known = [.. log.Where(one => positions.ContainsKey(one.Arm) && (shares is not null || one.Context is not null))];
        Require(known, arms, positions, shares);
        LinearModel[][] models = [.. Enumerable.Range(0, Halves).Select(half => Fit(known, half, positions))];
        LoggedChoice[] choices = new LoggedChoice[known.Length];
        double[] division = new double[arms.Count];
        double[] estimates = new double[arms.Count];
        for (int i = 0; i < known.Length; i++)
        {
            LinearModel[] others = models[i % Halves];
            double[] context = known[i].Context ?? [1];
            for (int arm = 0; arm < estimates.Length; arm++)
            {
                estimates[arm] = others[arm].Estimate(context);
            }

            Divide(shares, estimates, division);
            int chosen = positions[known[i].Arm];
            double expected = division.Zip(estimates).Sum(static pair => pair.First * pair.Second);
            choices[i] = new LoggedChoice(known[i].Propensity, division[chosen], known[i].Reward, estimates[chosen], expected);
        }

        return new OffPolicyFindings(
            choices.Length,
            OffPolicy.EffectiveDecisions(choices),
            choices.Max(static one => one.Weight),
            Scale(OffPolicy.Logged(choices), scale),
            Scale(OffPolicy.Ips(choices), scale),
            Scale(OffPolicy.Snips(choices), scale),
            Scale(OffPolicy.DoublyRobust(choices), scale));
    }

    private static double[] Read(IReadOnlyDictionary<string, double> named, IReadOnlyList<(string Name, string Key)> arms)
    {
        foreach ((string name, double share) in named)
        {
            if (arms.All(arm => arm.Name != name))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"shares.{name}: there is no such arm; arms are {string.Join(", ", arms.Select(static arm => arm.Name))}");
            }

            if (share is not (>= 0 and <= 100))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"shares.{name}: a percentage from 0 to 100 is expected");
            }
        }

        double total = named.Values.Sum();
        return Math.Abs(total - 100) <= 0.005
            ? [.. arms.Select(arm => named.GetValueOrDefault(arm.Name) / total)]
            : throw new SlipwayException(ErrorCode.InvalidRequest, FormattableString.Invariant($"shares: percentages must sum to 100, not {total:0.####}"));
    }

    private static void Require(LoggedDecision[] known, IReadOnlyList<(string Name, string Key)> arms, Dictionary<string, int> positions, double[]? shares)
    {
        if (known.Length < Halves)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, shares is null
                ? "there are no decisions with a context and a reward: 'context' in the endpoint's bandit says what is recorded"
                : "there are no decisions with a reward yet");
        }

        HashSet<int> seen = [.. known.Select(one => positions[one.Arm])];
        for (int arm = 0; arm < arms.Count; arm++)
        {
            if ((shares is null || shares[arm] > 0) && !seen.Contains(arm))
            {
                throw new SlipwayException(ErrorCode.FailedPrecondition, $"no decision for arm '{arms[arm].Name}' has a reward yet: nothing can be said of a division that uses it");
            }
        }
    }

    private static LinearModel[] Fit(LoggedDecision[] known, int half, Dictionary<string, int> positions)
    {
        int features = known.Max(static one => one.Context?.Length ?? 1);
        LinearSums[] sums = [.. Enumerable.Range(0, positions.Count).Select(_ => new LinearSums(features))];
        for (int i = 0; i < known.Length; i++)
        {
            if (i % Halves != half)
            {
                sums[positions[known[i].Arm]].Add(known[i].Context ?? [1], known[i].Reward);
            }
        }

        return [.. sums.Select(static one => new LinearModel(one))];
    }

    private static void Divide(double[]? shares, double[] estimates, double[] division)
    {
        if (shares is not null)
        {
            shares.CopyTo(division, 0);
        }
        else
        {
            UnknownArms.GiveToLargest(estimates, division);
        }
    }

    private static OffPolicyEstimate Scale(OffPolicyEstimate estimate, (double From, double To) scale)
    {
        double width = scale.To - scale.From;
        return new OffPolicyEstimate(scale.From + (estimate.Value * width), scale.From + (estimate.Low * width), scale.From + (estimate.High * width));
    }
}
