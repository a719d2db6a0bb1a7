using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// What requests must have in common to run together: the same optional inputs present, and for each input the same shape but for the first dimension.
/// </summary>
internal readonly struct BatchKey : IEquatable<BatchKey>
{
    private const long Absent = -1;

    private readonly long[]? _parts;

    private BatchKey(long[] parts)
    {
        _parts = parts;
    }

    /// <summary>The key of requests to models where all requests are alike.</summary>
    public static BatchKey Uniform => default;

    /// <summary>Whether requests to this model may differ in more than their first dimension.</summary>
    public static bool CanDiffer(ServableContract contract) => Array.Exists(contract.Inputs, static input =>
        input.IsOptional || input.IsRankUnknown || input.Shape.Dimensions[1..].ContainsAnyInRange(long.MinValue, -1));

    /// <summary>The key of a request with these inputs.</summary>
    public static BatchKey Of(ReadOnlySpan<Tensor?> inputs)
    {
        int length = 0;
        foreach (Tensor? input in inputs)
        {
            length += Math.Max(1, input?.Shape.Rank ?? 1);
        }

        long[] parts = new long[length];
        int position = 0;
        foreach (Tensor? input in inputs)
        {
            // The rank stands in the place of the first dimension, so that [2,3],[4] and [2,3,4] differ.
            parts[position++] = input?.Shape.Rank ?? Absent;
            for (int i = 1; i < input?.Shape.Rank; i++)
            {
                parts[position++] = input.Shape[i];
            }
        }

        return new BatchKey(parts);
    }

    public bool Equals(BatchKey other) => _parts.AsSpan().SequenceEqual(other._parts);

    public override bool Equals(object? obj) => obj is BatchKey other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long part in _parts.AsSpan())
        {
            hash.Add(part);
        }

        return hash.ToHashCode();
    }
}
