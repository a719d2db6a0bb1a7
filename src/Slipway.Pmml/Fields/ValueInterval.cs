using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Fields;

/// <summary>A range of numbers, each end with or without the end itself.</summary>
internal readonly record struct ValueInterval(double Left, double Right, bool IncludesLeft, bool IncludesRight)
{
    /// <summary>Reads an <c>Interval</c>; a margin that is absent is infinite.</summary>
    public static ValueInterval Read(PmmlElement element)
    {
        string closure = element.Required("closure");
        double left = element.Number("leftMargin") ?? double.NegativeInfinity;
        double right = element.Number("rightMargin") ?? double.PositiveInfinity;
        return closure switch
        {
            "openOpen" => new(left, right, false, false),
            "openClosed" => new(left, right, false, true),
            "closedOpen" => new(left, right, true, false),
            "closedClosed" => new(left, right, true, true),
            _ => throw PmmlError.Invalid(element, $"has closure=\"{closure}\": expected openOpen, openClosed, closedOpen or closedClosed"),
        };
    }

    /// <summary>Whether a number lies within.</summary>
    public bool Contains(double value) =>
        (IncludesLeft ? value >= Left : value > Left) && (IncludesRight ? value <= Right : value < Right);
}
