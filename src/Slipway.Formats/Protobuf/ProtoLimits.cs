namespace Slipway.Formats.Protobuf;

/// <summary>Bounds of what one <see cref="ProtoReader"/> reads, so that a small hostile file can't cost much memory.</summary>
public sealed record ProtoLimits
{
    /// <summary>Deepest nesting of messages. Default 100, which is what protobuf libraries allow.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Most messages, strings and list elements that are kept. Default 2,000,000.</summary>
    public int MaxItems { get; init; } = 2_000_000;

    /// <summary>Most bytes of text and byte strings that are kept, all together. Default 64 MiB.</summary>
    public long MaxTextBytes { get; init; } = 64L << 20;

    /// <summary>The defaults.</summary>
    public static ProtoLimits Default { get; } = new();
}
