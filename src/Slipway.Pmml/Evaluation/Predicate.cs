namespace Slipway.Pmml.Evaluation;

/// <summary>What a predicate says of a row.</summary>
internal enum Truth : byte
{
    /// <summary>It does not hold.</summary>
    False = 0,

    /// <summary>It holds.</summary>
    True = 1,

    /// <summary>A value that it needs is missing.</summary>
    Unknown = 2,
}

/// <summary>A condition on a row. Immutable and thread-safe.</summary>
internal abstract class Predicate
{
    /// <summary>Whether it holds for the current row of the frame.</summary>
    public abstract Truth Evaluate(Frame frame);
}
