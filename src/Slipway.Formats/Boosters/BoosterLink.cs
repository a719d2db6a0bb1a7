namespace Slipway.Formats.Boosters;

/// <summary>What turns the sum of the leaves into the answer.</summary>
internal enum BoosterLink
{
    /// <summary>The sum itself.</summary>
    Identity,

    /// <summary>1 / (1 + e⁻ˢ), with a factor on s.</summary>
    Sigmoid,

    /// <summary>eˢ over the sum of all classes'.</summary>
    Softmax,

    /// <summary>eˢ.</summary>
    Exp,

    /// <summary>ln(1 + eˢ).</summary>
    SoftPlus,

    /// <summary>s · |s|.</summary>
    SignedSquare,

    /// <summary>1 where s is above zero, else 0.</summary>
    Step,

    /// <summary>Of two sums a and b: a and e²ᵇ.</summary>
    MeanAndVariance,
}
