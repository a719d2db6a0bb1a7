using Slipway.Pipelines.Imaging;
using Slipway.TestKit;

namespace Slipway.Fuzz.Targets;

/// <summary>PNG and JPEG files, decoded when their heads ask for little.</summary>
internal sealed class ImageTarget : IFuzzTarget
{
    private const int MostPixels = 1 << 16;

    public string Name => "image";

    public IReadOnlyList<byte[]> Seeds { get; } =
        [.. File.ReadLines(Path.Combine(Repository.Root, "tests", "Slipway.Pipelines.Tests", "Imaging", "images.txt")).Select(static line => Convert.FromBase64String(line.Split(' ')[5]))];

    public ValueTask ReadAsync(byte[] input)
    {
        ReadOnlyMemory<byte> file = ImageReader.Unwrap(input);
        ImageHeader header = ImageReader.Measure(file.Span);
        if (header.Count <= MostPixels)
        {
            Pixels pixels = ImageReader.Decode(file, CancellationToken.None);
            if (pixels.Samples.Length != header.Count * header.Channels)
            {
                throw new InvalidOperationException("the pixels are not as many as the head said");
            }
        }

        return ValueTask.CompletedTask;
    }
}
