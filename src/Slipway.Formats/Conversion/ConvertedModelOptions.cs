namespace Slipway.Formats.Conversion;

/// <summary>Where converted models are kept between runs.</summary>
public sealed class ConvertedModelOptions
{
    /// <summary>Folder for them; it belongs to whoever runs the process. Default null: none are kept.</summary>
    public string? Folder { get; set; }

    /// <summary>Most bytes that they may take together; the ones that were not used for longest go first. Default 4 GiB, 0: none are kept.</summary>
    public long MaxBytes { get; set; } = 4L << 30;
}
