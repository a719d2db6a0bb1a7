using Slipway.Pmml.Functions;

namespace Slipway.Pmml.Models.Regression;

/// <summary>Inverses of link functions: from a linear predictor to a mean or a cumulative probability.</summary>
internal static class LinkFunction
{
    /// <summary>The inverse of the link of a name; null when there is none of that name.</summary>
    public static Func<double, double>? Inverse(string name) => name switch
    {
        "none" or "identity" => static y => y,
        "exp" or "log" => Math.Exp,
        "logit" or "softmax" => Logistic,
        "probit" => SpecialFunctions.NormalCdf,
        "cloglog" => static y => 1 - Math.Exp(-Math.Exp(y)),
        "loglog" => static y => Math.Exp(-Math.Exp(-y)),
        "cauchit" => static y => 0.5 + (Math.Atan(y) / Math.PI),
        "logc" => static y => 1 - Math.Exp(y),
        _ => null,
    };

    /// <summary>1 / (1 + e^-y).</summary>
    public static double Logistic(double y) => 1 / (1 + Math.Exp(-y));

    /// <summary>Turns scores into probabilities in place: e^y over their sum, computed so that it does not overflow.</summary>
    public static void Softmax(Span<double> scores)
    {
        double largest = double.NegativeInfinity;
        foreach (double score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        foreach (ref double score in scores)
        {
            score = Math.Exp(score - largest);
            sum += score;
        }

        foreach (ref double score in scores)
        {
            score /= sum;
        }
    }
}
