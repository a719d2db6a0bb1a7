namespace Slipway.Statistics;

/// <summary>Wald's sequential probability ratio test (1945) of one rate against another. Not thread-safe.</summary>
public sealed class ProbabilityRatioTest
{
    private readonly double _onEvent;
    private readonly double _onNone;
    private readonly double _accept;
    private readonly double _reject;

    /// <param name="rate">The hypothesis.</param>
    /// <param name="alternative">The alternative.</param>
    /// <param name="alpha">Chance of rejecting a true hypothesis.</param>
    /// <param name="beta">Chance of accepting it when the alternative is true.</param>
    public ProbabilityRatioTest(double rate, double alternative, double alpha, double beta)
    {
        (_onEvent, _onNone) = (Math.Log(alternative / rate), Math.Log((1 - alternative) / (1 - rate)));
        (Upper, Lower) = ((1 - beta) / alpha, beta / (1 - alpha));
        (_reject, _accept) = (Math.Log(Upper), Math.Log(Lower));
    }

    /// <summary>Ratio at which the hypothesis is rejected: (1 − β)/α.</summary>
    public double Upper { get; }

    /// <summary>Ratio at which it is accepted: β/(1 − α).</summary>
    public double Lower { get; }

    /// <summary>Natural logarithm of the ratio so far.</summary>
    public double LogRatio { get; private set; }

    /// <summary>True: rejected. False: accepted. Null: go on.</summary>
    public bool? Rejected { get; private set; }

    /// <summary>Takes one trial; does nothing once it is decided.</summary>
    public void Add(bool happened)
    {
        if (Rejected is null)
        {
            LogRatio += happened ? _onEvent : _onNone;
            Rejected = LogRatio >= _reject ? true : LogRatio <= _accept ? false : null;
        }
    }
}
