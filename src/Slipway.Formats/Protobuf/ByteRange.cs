namespace Slipway.Formats.Protobuf;

/// <summary>Where bytes lie in a file, instead of the bytes.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct ByteRange(long Offset, long Length);
