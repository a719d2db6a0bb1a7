using System.Globalization;
using Slipway.Core;

namespace Slipway.TensorFlow.Graphs;

/// <summary>A shape of which some sizes (-1), or even the rank, are known at run time only. Immutable.</summary>
internal readonly struct PartialShape : IEquatable<PartialShape>
{
    private readonly long[]? _dimensions;

    /// <summary>A shape of known rank over <paramref name="dimensions"/>, which it keeps.</summary>
    public PartialShape(params long[] dimensions)
    {
        _dimensions = dimensions;
    }

    /// <summary>Not even the rank is known.</summary>
    public static PartialShape Unknown => default;

    /// <summary>One element, no dimensions.</summary>
    public static PartialShape Scalar { get; } = new([]);

    /// <summary>Whether the number of dimensions is known.</summary>
    public bool HasRank => _dimensions is not null;

    /// <summary>Number of dimensions; ask <see cref="HasRank"/> first.</summary>
    public int Rank => _dimensions!.Length;

    /// <summary>The dimensions; empty when the rank is unknown.</summary>
    public ReadOnlySpan<long> Dimensions => _dimensions;

    /// <summary>Whether every size is known.</summary>
    public bool IsStatic => _dimensions is not null && Array.TrueForAll(_dimensions, static size => size >= 0);

    /// <summary>Size of a dimension, -1 when unknown.</summary>
    public long this[int index] => _dimensions![index];

    public static bool operator ==(PartialShape left, PartialShape right) => left.Equals(right);

    public static bool operator !=(PartialShape left, PartialShape right) => !left.Equals(right);

    /// <summary>A shape of which only the rank is known.</summary>
    public static PartialShape OfRank(int rank)
    {
        long[] dimensions = new long[rank];
        Array.Fill(dimensions, -1);
        return new PartialShape(dimensions);
    }

    /// <summary>A copy of the dimensions that the caller may change.</summary>
    public long[] ToArray() => [.. Dimensions];

    /// <summary>Number of elements, or -1 when a size is unknown or the product does not fit 63 bits.</summary>
    public long ElementCount() => IsStatic && new TensorShape(_dimensions!).TryGetElementCount(out long count) ? count : -1;

    /// <summary>What holds for values of either shape.</summary>
    public PartialShape Join(PartialShape other)
    {
        if (!HasRank || !other.HasRank || Rank != other.Rank)
        {
            return Unknown;
        }

        long[] joined = ToArray();
        for (int i = 0; i < joined.Length; i++)
        {
            joined[i] = joined[i] == other[i] ? joined[i] : -1;
        }

        return new PartialShape(joined);
    }

    /// <summary>What is known when both shapes hold; this one wins where they contradict.</summary>
    public PartialShape Refine(PartialShape other)
    {
        if (!HasRank)
        {
            return other;
        }

        if (!other.HasRank || other.Rank != Rank)
        {
            return this;
        }

        long[] refined = ToArray();
        for (int i = 0; i < refined.Length; i++)
        {
            refined[i] = refined[i] >= 0 ? refined[i] : other[i];
        }

        return new PartialShape(refined);
    }

    public bool Equals(PartialShape other) => HasRank == other.HasRank && Dimensions.SequenceEqual(other.Dimensions);

    public override bool Equals(object? obj) => obj is PartialShape other && Equals(other);

    public override int GetHashCode() => new TensorShape(_dimensions ?? []).GetHashCode();

    /// <summary>As <c>[?,2]</c>; <c>[…]</c> when the rank is unknown.</summary>
    public override string ToString() => HasRank
        ? $"[{string.Join(',', _dimensions!.Select(static size => size < 0 ? "?" : size.ToString(CultureInfo.InvariantCulture)))}]"
        : "[…]";
}
