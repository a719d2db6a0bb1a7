namespace Slipway.Formats.Onnx;

/// <summary>An operator set that a model is written for.</summary>
/// <param name="Domain">Whose operators; empty for ONNX's own.</param>
/// <param name="Version">Version of the set.</param>
public readonly record struct OnnxOpset(string Domain, long Version)
{
    /// <summary>ONNX's own operators have two names for one domain: nothing and <c>ai.onnx</c>.</summary>
    public static string Normalize(string domain) => domain == "ai.onnx" ? "" : domain;
}
