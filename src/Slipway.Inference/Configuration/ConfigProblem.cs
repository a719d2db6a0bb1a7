namespace Slipway.Inference.Configuration;

/// <summary>Something wrong in a configuration file.</summary>
/// <param name="Key">Full key, e.g. <c>batching.maxQueueDelay</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Line">Line in the file from 1; 0 when unknown.</param>
/// <param name="Column">Column from 1; 0 when unknown.</param>
public sealed record ConfigProblem(string Key, string Message, int Line, int Column)
{
    /// <summary>As <c>line 3:5: batching.maxQueueDelay: …</c>.</summary>
    public override string ToString() =>
        (Line > 0 ? $"line {Line}:{Column}: " : "") + (Key.Length > 0 ? $"{Key}: " : "") + Message;
}
