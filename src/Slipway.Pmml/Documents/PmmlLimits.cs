namespace Slipway.Pmml.Documents;

/// <summary>What a document may take at most. The bounds on counts grow with the bytes, so that memory stays a small multiple of the file.</summary>
internal sealed record PmmlLimits
{
    /// <summary>The limits of documents from strangers.</summary>
    public static PmmlLimits Default { get; } = new();

    /// <summary>Bytes of a document.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Elements within elements; a decision tree takes one for each level.</summary>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>Elements of a document of <paramref name="bytes"/> bytes.</summary>
    public static long MaxElements(long bytes) => 500_000 + (bytes / 20);
}
