using Slipway.Core;

namespace Slipway.Inference.Caching;

/// <summary>An answer kept: copies of its outputs, which any number of responses may share. Immutable.</summary>
internal sealed class CachedAnswer
{
    // Key, node, tensors and arrays around the bytes themselves, roughly.
    private const long Overhead = 256;

    private readonly Tensor[] _outputs;

    private CachedAnswer(Tensor[] outputs, long expiry)
    {
        _outputs = outputs;
        Expiry = expiry;
        Bytes = Overhead + outputs.Sum(static output => (long)output.Data.Length);
    }

    /// <summary>Bytes that it takes.</summary>
    public long Bytes { get; }

    /// <summary>Timestamp from which it is not used any more; <see cref="long.MaxValue"/>: never.</summary>
    public long Expiry { get; }

    /// <summary>Copies an answer, which stays its owner's.</summary>
    public static CachedAnswer CopyOf(InferenceResponse response, long expiry) => new(
        [.. response.Outputs.Select(static output => new Tensor(output.Name, output.DataType, output.Shape, output.Data.ToArray()))], expiry);

    /// <summary>A response over the kept bytes; disposing it releases nothing.</summary>
    public InferenceResponse ToResponse(ServableInfo servable) => new()
    {
        Servable = servable,
        Outputs = Array.ConvertAll(_outputs, static output => new Tensor(output.Name, output.DataType, output.Shape, output.Data)),
        Timings = new InferenceTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0, CacheHit: true),
    };
}
