using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>
/// Dimensions of a tensor, outermost first. In a signature -1 means <em>any size</em>; in a tensor every dimension is 0 or more.
/// The empty shape is a scalar (one element). Immutable: the array handed in must not be changed afterwards.
/// </summary>
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly long[]? _dimensions;

    /// <summary>Makes a shape over <paramref name="dimensions"/>, which it keeps without copying.</summary>
    public TensorShape(params long[] dimensions)
    {
        _dimensions = dimensions;
    }

    /// <summary>The shape of one element: no dimensions.</summary>
    public static TensorShape Scalar => default;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions?.Length ?? 0;

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<long> Dimensions => _dimensions;

    /// <summary>The dimension at <paramref name="index"/>.</summary>
    public long this[int index] => _dimensions![index];

    /// <summary>Whether some dimension is -1.</summary>
    public bool IsDynamic => Dimensions.ContainsAnyInRange(long.MinValue, -1);

    /// <summary>Whether two shapes have the same dimensions.</summary>
    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);

    /// <summary>
    /// Number of elements, 1 for a scalar. False when a dimension is negative or the product does not fit 63 bits
    /// (zero-size dimensions count last, so that [0, huge, huge] is judged by its product of the others).
    /// </summary>
    public bool TryGetElementCount(out long count)
    {
        count = 1;
        bool zero = false;
        foreach (long dimension in Dimensions)
        {
            if (dimension < 0)
            {
                count = 0;
                return false;
            }

            if (dimension == 0)
            {
                zero = true;
                continue;
            }

            long high = Math.BigMul(count, dimension, out long low);
            if (high != 0 || low < 0)
            {
                count = 0;
                return false;
            }

            count = low;
        }

        if (zero)
        {
            count = 0;
        }

        return true;
    }

    /// <summary>Whether a tensor of this shape fits <paramref name="expected"/>, where -1 fits anything.</summary>
    public bool Fits(TensorShape expected)
    {
        ReadOnlySpan<long> mine = Dimensions;
        ReadOnlySpan<long> theirs = expected.Dimensions;
        if (mine.Length != theirs.Length)
        {
            return false;
        }

        for (int i = 0; i < mine.Length; i++)
        {
            if (theirs[i] >= 0 && mine[i] != theirs[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same shape with another first dimension.</summary>
    public TensorShape WithFirst(long size)
    {
        long[] copy = Dimensions.ToArray();
        copy[0] = size;
        return new TensorShape(copy);
    }

    /// <inheritdoc/>
    public bool Equals(TensorShape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TensorShape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long dimension in Dimensions)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <summary>As <c>[2,-1,3]</c>.</summary>
    public override string ToString() => $"[{string.Join(',', _dimensions ?? [])}]";
}
