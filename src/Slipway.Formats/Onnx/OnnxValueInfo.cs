namespace Slipway.Formats.Onnx;

/// <summary>A named, typed value.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Type; null when the file gives none.</param>
public sealed record OnnxValueInfo(string Name, OnnxType? Type);

/// <summary>Kind of a value.</summary>
public enum OnnxTypeKind
{
    /// <summary>Not said, or of a kind unknown here.</summary>
    Unknown,

    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A sparse tensor.</summary>
    SparseTensor,

    /// <summary>A list of values of one type.</summary>
    Sequence,

    /// <summary>A map from a key to values of one type.</summary>
    Map,

    /// <summary>A value or nothing.</summary>
    Optional,

    /// <summary>Something that only its makers know.</summary>
    Opaque,
}

/// <summary>Type of a value.</summary>
public sealed record OnnxType
{
    /// <summary>Kind.</summary>
    public OnnxTypeKind Kind { get; init; }

    /// <summary>Element type of a tensor, key type of a map.</summary>
    public OnnxDataType ElementType { get; init; }

    /// <summary>Shape of a tensor; null when not even the rank is known.</summary>
    public IReadOnlyList<OnnxDimension>? Shape { get; init; }

    /// <summary>Type of a sequence's, map's or optional's values.</summary>
    public OnnxType? Inner { get; init; }

    /// <summary>As <c>seq(map(INT64, FP32))</c>.</summary>
    public override string ToString() => Kind switch
    {
        OnnxTypeKind.Tensor => $"{ElementType.ToDisplayName()}{(Shape is null ? "" : $"[{string.Join(',', Shape)}]")}",
        OnnxTypeKind.SparseTensor => $"sparse({ElementType.ToDisplayName()}{(Shape is null ? "" : $"[{string.Join(',', Shape)}]")})",
        OnnxTypeKind.Sequence => $"seq({Inner})",
        OnnxTypeKind.Map => $"map({ElementType.ToDisplayName()}, {Inner})",
        OnnxTypeKind.Optional => $"optional({Inner})",
        OnnxTypeKind.Opaque => "opaque",
        _ => "unknown",
    };
}

/// <summary>One dimension of a shape.</summary>
/// <param name="Size">Size; null when it is free.</param>
/// <param name="Name">Name of a free size; null when it has none.</param>
public readonly record struct OnnxDimension(long? Size, string? Name)
{
    /// <summary>The size, the name, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "?";
}
