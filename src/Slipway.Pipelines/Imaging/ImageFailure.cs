using Slipway.Core;

namespace Slipway.Pipelines.Imaging;

/// <summary>Faults of image files, which are the caller's.</summary>
internal static class ImageFailure
{
    /// <summary>The file is wrong.</summary>
    public static SlipwayException Broken(string message) => new(ErrorCode.InvalidRequest, $"not a readable image: {message}");

    /// <summary>The file may be right, and is of a kind that is not decoded.</summary>
    public static SlipwayException NotDecoded(string message) => new(ErrorCode.InvalidRequest, $"the image is not decoded: {message}");
}
