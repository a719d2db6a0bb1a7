namespace Slipway.OnnxRuntime.Native;

/// <summary>Kinds of values that the engine takes and gives.</summary>
internal enum OnnxValueKind
{
    Unknown = 0,
    Tensor = 1,
    Sequence = 2,
    Map = 3,
    Opaque = 4,
    SparseTensor = 5,
    Optional = 6,
}
