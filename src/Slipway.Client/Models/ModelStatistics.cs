using System.Text.Json.Serialization;

namespace Slipway.Client.Models;

/// <summary>What one version has done since it was loaded.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Number of the version.</param>
/// <param name="InferenceCount">Rows answered by running the model.</param>
/// <param name="ExecutionCount">Batches run.</param>
/// <param name="InferenceStats">Counts and durations by stage.</param>
public sealed record ModelStatistics(
    string Name,
    string Version,
    [property: JsonPropertyName("inference_count")] long InferenceCount,
    [property: JsonPropertyName("execution_count")] long ExecutionCount,
    [property: JsonPropertyName("inference_stats")] InferenceStages InferenceStats);

/// <summary>Counts and durations by stage.</summary>
/// <param name="Success">Requests answered, their whole duration.</param>
/// <param name="Fail">Requests failed, their whole duration.</param>
/// <param name="Queue">Waiting.</param>
/// <param name="ComputeInput">Gathering inputs.</param>
/// <param name="ComputeInfer">Inside the engine.</param>
/// <param name="ComputeOutput">Scattering outputs.</param>
public sealed record InferenceStages(
    StageDuration Success,
    StageDuration Fail,
    StageDuration Queue,
    [property: JsonPropertyName("compute_input")] StageDuration ComputeInput,
    [property: JsonPropertyName("compute_infer")] StageDuration ComputeInfer,
    [property: JsonPropertyName("compute_output")] StageDuration ComputeOutput);

/// <summary>How often a stage was passed and how long that took in all.</summary>
/// <param name="Count">Times.</param>
/// <param name="Ns">Nanoseconds.</param>
public sealed record StageDuration(long Count, long Ns);
