namespace Slipway.Core;

/// <summary>Operators that converted models may have and only Slipway's engine brings.</summary>
public static class OwnOperators
{
    /// <summary>Name of their domain in ONNX files.</summary>
    public const string Domain = "ai.slipway";
}
