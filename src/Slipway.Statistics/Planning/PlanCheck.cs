namespace Slipway.Statistics.Planning;

/// <summary>Says what is wrong with a <see cref="PlanRequest"/>. Pure.</summary>
public static class PlanCheck
{
    /// <summary>Most arms, control included.</summary>
    public const int MaxArms = 100;

    /// <summary>Most looks of a group-sequential design.</summary>
    public const int MaxLooks = 50;

    /// <summary>Every fault: the name of what is wrong and what is expected. Empty: the request can be answered.</summary>
    public static IEnumerable<PlanFault> Find(PlanRequest request)
    {
        if (!double.IsFinite(request.Effect) || request.Effect == 0)
        {
            yield return new("effect", "a difference other than 0 is expected");
        }

        if (!(request.Alpha is > 0 and < 0.5))
        {
            yield return new("alpha", "a chance above 0 and below 0.5 is expected");
        }

        if (!(request.Beta is > 0 and < 1 && request.Beta < 1 - request.Alpha))
        {
            yield return new("beta", "a chance above 0 and below 1 - alpha is expected");
        }

        if (request.Shares.Count is < 2 or > MaxArms || request.Shares.Any(static share => !(share > 0 && double.IsFinite(share))))
        {
            yield return new("shares", $"2 to {MaxArms} shares above 0 are expected, the control's first");
        }

        if (request.Metrics is < 1 or > 1000)
        {
            yield return new("metrics", "1 to 1000 are expected");
        }

        if (!(request.Correlation is > -1 and < 1))
        {
            yield return new("correlation", "a number above -1 and below 1 is expected");
        }

        if (request.Design == PlannedDesign.GroupSequential && request.Looks is < 1 or > MaxLooks)
        {
            yield return new("looks", $"1 to {MaxLooks} are expected");
        }

        foreach (PlanFault fault in FindInMetric(request))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlanFault> FindInMetric(PlanRequest request)
    {
        if (!double.IsFinite(request.Baseline))
        {
            yield return new("baseline", "a number is expected");
        }
        else if (request.Metric == PlannedMetric.Proportion)
        {
            if (!(request.Baseline is > 0 and < 1))
            {
                yield return new("baseline", "a share above 0 and below 1 is expected for a proportion");
            }
            else if (!request.IsNonInferiority && !(request.Baseline + request.Effect is > 0 and < 1))
            {
                yield return new("effect", "baseline and effect together leave the range from 0 to 1");
            }
        }

        if (request.Deviation is { } deviation && !(deviation > 0 && double.IsFinite(deviation)))
        {
            yield return new("deviation", "a number above 0 is expected");
        }

        if (request.Metric == PlannedMetric.Mean && request.Deviation is null)
        {
            yield return new("deviation", "the standard deviation of one unit is needed for a mean");
        }

        if (request.Metric == PlannedMetric.Quantile)
        {
            if (!(request.Quantile is > 0 and < 1))
            {
                yield return new("quantile", "a number above 0 and below 1 is expected");
            }

            if (request.Density is { } density && !(density > 0 && double.IsFinite(density)))
            {
                yield return new("density", "a number above 0 is expected");
            }

            if (request.Density is null && request.Deviation is null)
            {
                yield return new("density", "the density of the values at the quantile, or their standard deviation, is needed for a quantile");
            }
        }
    }
}

/// <summary>A fault in a request.</summary>
/// <param name="Name">Name of what is wrong, in lower case.</param>
/// <param name="Message">What is expected.</param>
public readonly record struct PlanFault(string Name, string Message);
