using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Mining;

/// <summary>What becomes of segments that have no answer (<c>missingPredictionTreatment</c>, since 4.4; with <c>x-</c> in front in older documents of JPMML).</summary>
internal static class MissingPredictions
{
    /// <summary>They vote for none, which wins with the most votes; means and sums have no answer either. The default.</summary>
    public const string Continue = "continue";

    /// <summary>They are left out.</summary>
    public const string Skip = "skipSegment";

    /// <summary>There is no answer.</summary>
    public const string Return = "returnMissing";

    /// <summary>Reads the treatment.</summary>
    public static string TreatmentOf(PmmlElement segmentation)
    {
        string treatment = segmentation.Attribute("missingPredictionTreatment") ?? segmentation.Attribute("x-missingPredictionTreatment") ?? Continue;
        return treatment is Continue or Skip or Return
            ? treatment
            : throw PmmlError.Invalid(segmentation, $"has missingPredictionTreatment=\"{treatment}\": expected {Continue}, {Skip} or {Return}");
    }

    /// <summary>Reads how large a share of segments may be without an answer.</summary>
    public static double ThresholdOf(PmmlElement segmentation) => segmentation.Number("missingThreshold") ?? segmentation.Number("x-missingThreshold") ?? 1;

    /// <summary>The largest of some votes.</summary>
    public static double Most(ReadOnlySpan<double> votes)
    {
        double most = 0;
        foreach (double vote in votes)
        {
            most = Math.Max(most, vote);
        }

        return most;
    }
}
