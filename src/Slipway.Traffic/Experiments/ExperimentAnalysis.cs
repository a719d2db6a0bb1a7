using Slipway.Statistics;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Experiments;

/// <summary>
/// Weighs an experiment. Pure: the same units, state and time give the same findings.
/// </summary>
/// <remarks>
/// The primary metric: α is divided over the arms for intervals; always-valid p-values are believed by Holm's procedure, which gives no less. Guardrails: α divided over guardrails and arms,
/// so that harm is seen falsely no more often than α. Secondary metrics and segments: e-BH at α. All but the planned looks of group-sequential and fixed experiments hold at every look.
/// </remarks>
internal sealed class ExperimentAnalysis
{
    /// <summary>Units of an arm before anything is said of means and rates: their intervals lean on the central limit theorem.</summary>
    public const int BurnIn = 100;

    private readonly ExperimentDefinition _definition;
    private readonly ExperimentState _state;
    private readonly ExperimentSample _sample;
    private readonly DateTimeOffset _now;
    private readonly int _arms;
    private readonly Dictionary<string, double> _smallestP;

    public ExperimentAnalysis(ExperimentState state, ExperimentSample sample, DateTimeOffset now)
    {
        (_definition, _state, _sample, _now, _arms) = (state.Definition, state, sample, now, state.Arms.Count);
        _smallestP = new Dictionary<string, double>(state.SmallestP, StringComparer.Ordinal);
    }

    /// <summary>Smallest p-values, this look included.</summary>
    public IReadOnlyDictionary<string, double> SmallestP => _smallestP;

    /// <summary>All findings.</summary>
    /// <param name="plannedBoundary">Boundary of |z| of a planned look; null in an always-valid experiment.</param>
    /// <param name="mayDecide">Whether the primary metric may be judged now.</param>
    public ExperimentFindings Look(double? plannedBoundary, bool mayDecide)
    {
        long[] units = _sample.CountUnits(_arms);
        return new ExperimentFindings(
            _now,
            [.. units.Select((count, arm) => new ArmUnits(_state.Arms[arm], count, _state.Shares[arm]))],
            Math.Min(_state.SharesPValue, ShareGuard.PValue(units, [.. _state.Shares])),
            JudgePrimary(plannedBoundary, mayDecide),
            [.. _definition.Guardrails.SelectMany(JudgeGuardrail)],
            JudgeSecondary(),
            CompareSegments());
    }

    /// <summary>Units of the smallest arm that count for the primary metric.</summary>
    public long SmallestCount() => _sample.Summarise(_arms, MetricOf(_definition.Primary), _now).Min(static arm => arm.Metric.Count);

    private Comparison[] JudgePrimary(double? boundary, bool mayDecide)
    {
        MetricDefinition metric = MetricOf(_definition.Primary).Definition;
        Comparison[] comparisons = Compare(_definition.Primary, _definition.Alpha / (_arms - 1), boundary);
        bool[] believed = boundary is null
            ? MultipleTests.Holm([.. comparisons.Select(static one => one.PValue ?? 1)], _definition.Alpha)
            : [.. comparisons.Select(static one => one.Low > 0 || one.High < 0)];
        for (int i = 0; i < comparisons.Length && mayDecide; i++)
        {
            Comparison one = comparisons[i];
            bool isUp = metric.LowerIsBetter ? one.Difference < 0 : one.Difference > 0;
            double? best = metric.LowerIsBetter ? -one.Low : one.High;
            comparisons[i] = one with
            {
                Verdict = believed[i] ? (isUp ? Verdict.Better : Verdict.Worse) : best < _definition.MinimalEffect ? Verdict.NoEffect : Verdict.Open,
            };
        }

        return comparisons;
    }

    private IEnumerable<Comparison> JudgeGuardrail(GuardrailDefinition guardrail)
    {
        bool lowerIsBetter = MetricOf(guardrail.Metric).Definition.LowerIsBetter;
        double alpha = _definition.Alpha / (_definition.Guardrails.Count * (_arms - 1));
        foreach (Comparison one in MetricOf(guardrail.Metric).Definition.Kind == MetricKind.Rate ? CompareRates(guardrail.Metric, alpha) : Compare(guardrail.Metric, alpha, null))
        {
            // How much worse it may be at least and at most.
            double? least = lowerIsBetter ? one.Low : -one.High;
            double? most = lowerIsBetter ? one.High : -one.Low;
            yield return one with { Margin = guardrail.Margin, Verdict = least > guardrail.Margin ? Verdict.Worse : most <= guardrail.Margin ? Verdict.Safe : Verdict.Open };
        }
    }

    private Comparison[] JudgeSecondary()
    {
        Comparison[] all = [.. _definition.Secondary.SelectMany(name => Compare(name, _definition.Alpha / (_definition.Secondary.Count * (_arms - 1)), null))];

        // A p-value p becomes the e-value 1/(2·√p) (Vovk and Wang 2021), whatever the test behind it.
        bool[] believed = MultipleTests.EBenjaminiHochberg([.. all.Select(static one => 0.5 / Math.Sqrt(Math.Max(one.PValue ?? 1, 1e-300)))], _definition.Alpha);
        return [.. all.Select((one, i) => !believed[i] ? one : one with
        {
            Verdict = MetricOf(one.Metric).Definition.LowerIsBetter == one.Difference < 0 ? Verdict.Better : Verdict.Worse,
        })];
    }

    private SegmentComparison[] CompareSegments()
    {
        (int Index, MetricDefinition Definition) metric = MetricOf(_definition.Primary);
        if (metric.Definition.Kind == MetricKind.Quantile)
        {
            return [];
        }

        List<SegmentComparison> found = [];
        for (int dimension = 0; dimension < _sample.SegmentNames.Count; dimension++)
        {
            Cuped[][] parts = [.. _sample.SegmentNames[dimension].Select((_, value) => _sample.Summarise(_arms, metric, _now, (dimension, value)))];
            for (int value = 0; value < parts.Length; value++)
            {
                for (int arm = 1; arm < _arms; arm++)
                {
                    Moments[] rest = [.. new[] { 0, arm }.Select(side => parts.Where((_, i) => i != value).Aggregate(default(Moments), (sum, part) => sum.Plus(part[side].Metric)))];
                    found.Add(Compare(metric.Definition, dimension, value, arm, parts[value], Contrast.Cautious(rest[0], rest[1])));
                }
            }
        }

        bool[] believed = MultipleTests.EBenjaminiHochberg([.. found.Select(static one => Math.Max(one.Evidence, 1e-300))], _definition.Alpha);
        return [.. found.Select((one, i) => one with { Deviates = believed[i] })];
    }

    private SegmentComparison Compare(MetricDefinition metric, int dimension, int value, int arm, Cuped[] part, Contrast rest)
    {
        Contrast within = Contrast.Cautious(part[0].Metric, part[arm].Metric);
        Interval interval = within.Count < BurnIn ? new(double.NegativeInfinity, double.PositiveInfinity) : MeanSequence.Asymptotic(within, _definition.Alpha, _definition.ExpectedUnits);
        double evidence = Math.Min(within.Count, rest.Count) < BurnIn ? 1 : Math.Exp(MeanSequence.LogEvidence(within.Minus(rest), _definition.Alpha, _definition.ExpectedUnits));
        Comparison comparison = Describe(metric.Name, arm, part[0].Metric, part[arm].Metric, within.Value, interval);
        KeySource source = _definition.Segments[dimension];
        return new SegmentComparison(source.Name.Length > 0 ? source.Name : "caller", _sample.SegmentNames[dimension][value], comparison, false, evidence);
    }

    private Comparison[] Compare(string name, double alpha, double? boundary)
    {
        (int Index, MetricDefinition Definition) metric = MetricOf(name);
        return metric.Definition.Kind == MetricKind.Quantile ? CompareQuantiles(metric, alpha) : CompareMeans(metric, alpha, boundary);
    }

    private Comparison[] CompareMeans((int Index, MetricDefinition Definition) metric, double alpha, double? boundary)
    {
        Cuped[] arms = _sample.Summarise(_arms, metric, _now);
        double spread = arms.Sum(static arm => arm.Before.SquaredDeviations);
        double theta = _definition.Covariate is not null && spread > 0 ? arms.Sum(static arm => arm.Products) / spread : 0;
        double middle = arms.Aggregate(default(Moments), static (sum, arm) => sum.Plus(arm.Before)).Mean;
        Moments[] adjusted = [.. arms.Select(arm => arm.Adjusted(theta, middle))];
        double raw = arms.Sum(static arm => arm.Metric.SquaredDeviations);
        return [.. Enumerable.Range(1, _arms - 1).Select(arm =>
        {
            Contrast contrast = Contrast.Cautious(adjusted[0], adjusted[arm]);
            bool isEarly = contrast.Count < BurnIn || !(contrast.Variance > 0);
            double radius = (boundary ?? 0) * Math.Sqrt(contrast.Variance);
            Interval interval = isEarly ? new(double.NegativeInfinity, double.PositiveInfinity)
                : boundary is null ? MeanSequence.Asymptotic(contrast, alpha, _definition.ExpectedUnits)
                : new(contrast.Value - radius, contrast.Value + radius);
            double log = isEarly ? 0 : MeanSequence.LogEvidence(contrast, alpha, _definition.ExpectedUnits);
            (double better, double loss) = Believe(metric.Definition, arms[0].Metric, arms[arm].Metric, contrast, theta != 0);
            return Describe(metric.Definition.Name, arm, arms[0].Metric, arms[arm].Metric, contrast.Value, interval) with
            {
                PValue = boundary is null ? Smallest(metric.Definition.Name, arm, Math.Exp(-log)) : null,
                ProbabilityBetter = contrast.Count == 0 ? null : better,
                ExpectedLoss = contrast.Count == 0 ? null : loss,
                VarianceLeft = _definition.Covariate is not null && raw > 0 ? adjusted.Sum(static one => one.SquaredDeviations) / raw : null,
            };
        })];
    }

    // What must not happen happens rarely: rates of guardrails have sequences that lean on no theorem of large numbers, each side with half of the error.
    private IEnumerable<Comparison> CompareRates(string name, double alpha)
    {
        Cuped[] arms = _sample.Summarise(_arms, MetricOf(name), _now);
        Interval[] rates = [.. arms.Select(arm => BernoulliMixture.Bounds((long)Math.Round(arm.Metric.Mean * arm.Metric.Count), arm.Metric.Count, alpha / 2))];
        return Enumerable.Range(1, _arms - 1).Select(arm => Describe(
            name, arm, arms[0].Metric, arms[arm].Metric, arms[arm].Metric.Mean - arms[0].Metric.Mean, new Interval(rates[arm].Low - rates[0].High, rates[arm].High - rates[0].Low)));
    }

    private static (double Better, double Loss) Believe(MetricDefinition metric, Moments control, Moments arm, Contrast contrast, bool isAdjusted)
    {
        if (metric.Kind == MetricKind.Rate && !isAdjusted)
        {
            (long events0, long events1) = ((long)Math.Round(control.Mean * control.Count), (long)Math.Round(arm.Mean * arm.Count));
            return metric.LowerIsBetter
                ? (BetaBinomial.ProbabilityBetter(events1, arm.Count, events0, control.Count), BetaBinomial.ExpectedLoss(control.Count - events0, control.Count, arm.Count - events1, arm.Count))
                : (BetaBinomial.ProbabilityBetter(events0, control.Count, events1, arm.Count), BetaBinomial.ExpectedLoss(events0, control.Count, events1, arm.Count));
        }

        Contrast gain = metric.LowerIsBetter ? contrast with { Value = -contrast.Value } : contrast;
        return (NormalPosterior.ProbabilityPositive(gain), NormalPosterior.ExpectedLoss(gain));
    }

    private Comparison[] CompareQuantiles((int Index, MetricDefinition Definition) metric, double alpha)
    {
        double[][] sorted = _sample.Sort(_arms, metric, _now);
        double quantile = metric.Definition.Quantile;
        return [.. Enumerable.Range(1, _arms - 1).Select(arm =>
        {
            Interval interval = Difference(alpha);
            double? control = Value(sorted[0]);
            double? value = Value(sorted[arm]);
            return new Comparison(metric.Definition.Name, _state.Arms[arm], sorted[0].Length, sorted[arm].Length, control, value)
            {
                Difference = value - control,
                Low = Finite(interval.Low),
                High = Finite(interval.High),
                PValue = Smallest(metric.Definition.Name, arm, PValue()),
            };

            // Each side with half of the error; what is left of both is left of the difference.
            Interval Difference(double error)
            {
                Interval first = QuantileSequence.Bounds(sorted[0], quantile, error / 2);
                Interval second = QuantileSequence.Bounds(sorted[arm], quantile, error / 2);
                return new Interval(second.Low - first.High, second.High - first.Low);
            }

            // The smallest error at which the interval leaves 0.
            double PValue()
            {
                (double low, double high) = (-30.0, 0.0);
                for (int i = 0; i < 25; i++)
                {
                    double middle = (low + high) / 2;
                    (low, high) = Difference(Math.Exp(middle)).Contains(0) ? (middle, high) : (low, middle);
                }

                return Math.Exp(high);
            }
        })];

        double? Value(double[] values) => values.Length == 0 ? null : values[Math.Min(values.Length - 1, (int)Math.Floor(quantile * values.Length))];
    }

    private Comparison Describe(string metric, int arm, Moments control, Moments treatment, double difference, Interval interval) => new(
        metric,
        _state.Arms[arm],
        control.Count,
        treatment.Count,
        control.Count > 0 ? control.Mean : null,
        treatment.Count > 0 ? treatment.Mean : null)
    {
        Difference = control.Count > 0 && treatment.Count > 0 ? difference : null,
        Low = Finite(interval.Low),
        High = Finite(interval.High),
    };

    private double Smallest(string metric, int arm, double now)
    {
        string key = $"{metric}/{_state.Arms[arm]}";
        double smallest = Math.Min(1, Math.Min(now, _smallestP.GetValueOrDefault(key, 1)));
        _smallestP[key] = smallest;
        return smallest;
    }

    private (int Index, MetricDefinition Definition) MetricOf(string name)
    {
        int index = _definition.IndexOf(name);
        return (index, _definition.Metrics[index]);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
