namespace Slipway.Client.Management;

/// <summary>A version and where it is on its way into and out of service.</summary>
/// <param name="Version">Number of the version.</param>
/// <param name="State"><c>unknown</c>, <c>loading</c>, <c>warming</c>, <c>ready</c>, <c>draining</c>, <c>unloaded</c> or <c>failed</c>.</param>
/// <param name="Since">When it entered this state.</param>
public sealed record VersionDescription(long Version, string State, DateTimeOffset Since)
{
    /// <summary>Why it is in this state; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Kind of the failure, as the server's error codes name it; null unless it failed.</summary>
    public string? Error { get; init; }

    /// <summary>SHA-256 of the version's files, lower-case hex; null unless ready.</summary>
    public string? Digest { get; init; }

    /// <summary>Platform name, such as <c>onnxruntime_onnx</c>; null unless ready.</summary>
    public string? Platform { get; init; }

    /// <summary>Most rows in one request or batch, 0 when the first dimension is not a batch; null unless ready.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>Bytes of memory that loading it took; null when not loaded or not measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Inputs; null unless ready.</summary>
    public IReadOnlyList<TensorDescription>? Inputs { get; init; }

    /// <summary>Outputs; null unless ready.</summary>
    public IReadOnlyList<TensorDescription>? Outputs { get; init; }
}
