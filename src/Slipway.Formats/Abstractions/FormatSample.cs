using Slipway.Core;

namespace Slipway.Formats.Abstractions;

/// <summary>What a format is recognised by.</summary>
/// <param name="FileName">Name of the main file within the version.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Head">Its first bytes, up to <see cref="HeadLength"/>.</param>
/// <param name="Files">All files of the version.</param>
public sealed record FormatSample(string FileName, long Length, ReadOnlyMemory<byte> Head, IReadOnlyList<ModelFile> Files)
{
    /// <summary>Most bytes of the main file that are looked at.</summary>
    public const int HeadLength = 4096;
}
