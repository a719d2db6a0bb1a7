namespace Slipway.TensorFlow.Evaluation;

/// <summary>Operators that are run for what they do.</summary>
internal static class Effects
{
    /// <summary>Whether an operator changes a variable.</summary>
    public static bool ChangesVariables(string operation) =>
        operation.StartsWith("Assign", StringComparison.Ordinal)
        || operation.StartsWith("ResourceScatter", StringComparison.Ordinal)
        || operation.StartsWith("ResourceApply", StringComparison.Ordinal)
        || operation.StartsWith("ResourceStridedSliceAssign", StringComparison.Ordinal)
        || operation is "ScatterUpdate" or "ScatterAdd" or "ScatterSub" or "LookupTableInsertV2";

    /// <summary>
    /// Whether an operator can be translated although an input is missing: it may need another one only. A restore takes a path that is given when it is done; which
    /// tensors it restores is known without.
    /// </summary>
    public static bool TakesAnything(string operation) => operation is "RestoreV2" or "PartitionedCall" or "StatefulPartitionedCall" or "IdentityN";
}
