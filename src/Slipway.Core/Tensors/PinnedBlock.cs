namespace Slipway.Core;

/// <summary>A pinned array and where its aligned part of <paramref name="Capacity"/> bytes begins.</summary>
internal sealed record PinnedBlock(byte[] Array, int Offset, int Capacity);
