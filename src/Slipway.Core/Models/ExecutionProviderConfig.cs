namespace Slipway.Core;

/// <summary>An execution provider and its options, as the engine names them.</summary>
/// <param name="Name">Short name, any case: <c>cpu</c>, <c>cuda</c>, <c>tensorrt</c>, <c>openvino</c>, <c>coreml</c>, <c>directml</c>, <c>xnnpack</c> …</param>
/// <param name="Options">Provider options, passed through.</param>
public sealed record ExecutionProviderConfig(string Name, IReadOnlyDictionary<string, string> Options);
