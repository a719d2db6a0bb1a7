using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>A value that is made in one of several ways, depending on what uses it.</summary>
internal abstract class ChoosingValue : Value, ITermSource
{
    /// <summary>The value made in the plain way.</summary>
    public abstract Term Term { get; }
}

/// <summary>An image whose pixels were dealt out over the batch, as a dilated convolution is prepared.</summary>
internal sealed class SpaceToBatchValue(Term source, long[] block, long[] begin, long[] end, Func<Term> make) : ChoosingValue
{
    private Term? _term;

    public Term Source => source;

    public long[] Block => block;

    public long[] Begin => begin;

    public long[] End => end;

    /// <summary>Whether height and width are what was dealt out.</summary>
    public bool IsImage => block.Length == 2 && source.Shape.HasRank && source.Shape.Rank == 4;

    public override Term Term => _term ??= make();
}

/// <summary>A convolution of such an image: a dilated one, if the pixels are gathered again.</summary>
/// <param name="dilated">Makes the dilated convolution with the given padding.</param>
internal sealed class DilatedValue(long[] block, long[] begin, long[] end, Func<Padding, Term> dilated, Func<Term> make) : ChoosingValue
{
    private Term? _term;

    public long[] Block => block;

    public override Term Term => _term ??= make();

    /// <summary>The dilated convolution, of which <paramref name="before"/> and <paramref name="after"/> are cut off; null when that is more than was put on.</summary>
    public Term? Gather(long[] before, long[] after)
    {
        long[] first = [.. begin.Select((size, i) => size - before[i])];
        long[] last = [.. end.Select((size, i) => size - after[i])];
        return Array.TrueForAll([.. first, .. last], static size => size >= 0) ? dilated(new Padding(first, last)) : null;
    }
}
