using Slipway.TestKit;

namespace Slipway.Pipelines.Tests.Imaging;

/// <summary>Small images of every kind with what the reference decoders give for them; make_images.py made them.</summary>
internal static class SampleImages
{
    private static readonly Lazy<IReadOnlyDictionary<string, SampleImage>> Read = new(static () =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "Slipway.Pipelines.Tests", "Imaging", "images.txt"))
            .Select(static line => line.Split(' '))
            .ToDictionary(static parts => parts[0], static parts => new SampleImage(int.Parse(parts[1]), int.Parse(parts[2]), int.Parse(parts[3]), parts[4], Convert.FromBase64String(parts[5]))));

    public static IReadOnlyDictionary<string, SampleImage> All => Read.Value;
}

/// <summary>An image file and what it holds.</summary>
internal sealed record SampleImage(int Width, int Height, int Channels, string Sha256, byte[] File);
